"""How log lines look and where they go: one line an event on stderr, JSON unless a person is watching."""

import json
import logging
import sys
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

import structlog
from pydantic_core import to_json

from app.settings import Settings

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Of the request that is being answered: every line that is written meanwhile has it."""


def _of_request(_logger: object, _method: str, event: Any) -> Any:
    if id := request_id.get():
        event.setdefault("request_id", id)
    return event


_SHARED: list[Any] = [
    _of_request,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def configure(settings: Settings) -> None:
    """Send structlog's and everybody else's lines (uvicorn's too) to stderr in one form."""
    is_console = settings.log_format == "console" or (settings.log_format == "auto" and sys.stderr.isatty())
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    structlog.configure(
        processors=[*_SHARED, *_renderers(is_console=is_console)],
        logger_factory=_Lines,
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(is_console=is_console)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)


class _Lines:
    """Writes lines that are rendered already: by way of `logging`, each would cost four times as much."""

    def __init__(self, name: str = "dateline") -> None:
        self.name = name

    def info(self, line: str) -> None:
        """Write it at once, whole. A line that cannot be written is lost: nobody's request fails for it."""
        with suppress(OSError, ValueError):
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()

    debug = warning = error = critical = info


def _renderers(*, is_console: bool) -> list[Any]:
    if is_console:
        # The default prints local variables too, and with them keys and drafts.
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.format_exc_info, _as_json]


def _as_json(_logger: object, _method: str, event: Any) -> str:
    try:
        return to_json(event, fallback=repr).decode()
    except ValueError:  # of a text that is not Unicode: a line about it is worth more than its form
        return json.dumps(event, default=repr)
