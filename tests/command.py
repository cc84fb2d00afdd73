"""The `dateline` command as people and scripts use it: quickly in this process, or as a process of its own.

What stays up until it is told to stop is started in `processes`.
"""

import io
import os
import subprocess
import sys
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from app import cli
from app.settings import PREFIX

PROGRAM = Path(sys.executable).with_name("dateline")
LIMIT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str


def dateline(*arguments: str, folder: Path, **settings: str) -> Finished:
    """The command in this process, in `folder`, with these settings (`database_url=...`) and no others."""
    return fed(b"", *arguments, folder=folder, **settings)


def fed(stdin: bytes, *arguments: str, folder: Path, **settings: str) -> Finished:
    """The same, with something to read."""
    out, err = _stream(), _stream()
    with (
        chdir(folder),
        patch.dict(os.environ, environment(settings), clear=True),
        patch.multiple(sys, argv=["dateline", *arguments], stdin=_stream(stdin), stdout=out, stderr=err),
    ):
        try:
            cli.main()
            status = 0
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return Finished(status, _text(out), _text(err))


def run(script: str, *, folder: Path, **settings: str) -> Finished:
    """A line of shell, in which the installed `dateline` is `$DATELINE`."""
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", script],
        cwd=folder,
        env=environment(settings) | {"DATELINE": str(PROGRAM)},
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def environment(settings: dict[str, str]) -> dict[str, str]:
    """This process's environment with these settings for all of ours."""
    rest = {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}
    return rest | {PREFIX + name.upper(): value for name, value in settings.items()}


def _stream(content: bytes = b"") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
