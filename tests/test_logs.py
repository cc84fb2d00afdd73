"""Log lines: one JSON object an event on stderr, or coloured words for a person; never a secret."""

import errno
import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from app import logs
from app.settings import Settings


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Leaves logging as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)


def configured(**settings: str) -> None:
    logs.configure(Settings.model_validate(settings))


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.splitlines()


def test_event_is_one_json_object_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    configured()
    structlog.get_logger("dateline.tests").info("published\nnow", headline="Le port rouvre à l’aube", articles=3)
    (line,) = lines(capsys)
    event = json.loads(line)
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "published\nnow",
        "headline": "Le port rouvre à l’aube",
        "articles": 3,
        "level": "info",
        "logger": "dateline.tests",
    }
    assert "à l’aube" in line


def test_lines_of_libraries_have_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    configured()
    logging.getLogger("some.library").warning("Cancel %s running task(s)", 3)
    (line,) = lines(capsys)
    event = json.loads(line)
    assert (event["event"], event["level"], event["logger"]) == ("Cancel 3 running task(s)", "warning", "some.library")


def test_context_of_a_request_is_on_all_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configured()
    token = logs.request_id.set("abc")
    structlog.get_logger("dateline.tests").info("one")
    logging.getLogger("library").info("two")
    logs.request_id.reset(token)
    structlog.get_logger("dateline.tests").info("three")
    assert [json.loads(line).get("request_id") for line in lines(capsys)] == ["abc", "abc", None]


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_failure_is_told_with_its_place_and_without_local_variables(
    capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    configured(log_format=log_format)
    secret = "dl_" + "k" * 20
    try:
        raise ValueError("no such thing")
    except ValueError:
        structlog.get_logger("dateline.tests").exception("loop failed", loop="release")
    told = lines(capsys)
    assert len(told) == 1 or log_format == "console"
    text = "\n".join(told)
    assert "no such thing" in text
    assert "test_logs.py" in text
    assert secret not in text


@pytest.mark.parametrize(
    ("level", "heard"),
    [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)],
)
def test_level_says_what_is_heard(capsys: pytest.CaptureFixture[str], level: str, heard: int) -> None:
    configured(log_level=level)
    log = structlog.get_logger("dateline.tests")
    for method in (log.debug, log.info, log.warning, log.error):
        method("event")
    assert len(lines(capsys)) == heard


def test_console_shows_words_to_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    configured(log_format="console")
    structlog.get_logger("dateline.tests").info("released", articles=3)
    (line,) = lines(capsys)
    assert "released" in line
    assert not line.startswith("{")


def test_configuring_again_doubles_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    configured()
    configured()
    structlog.get_logger("dateline.tests").info("once")
    assert len(lines(capsys)) == 1


def test_lines_can_be_captured_after_configuring() -> None:
    configured()
    log = structlog.get_logger("dateline.tests")
    log.info("before")
    with structlog.testing.capture_logs() as captured:
        log.info("inside")
    assert [line["event"] for line in captured] == ["inside"]


class Full(io.StringIO):
    """A stream to a disk without room."""

    def write(self, _: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_line_that_cannot_be_written_is_lost_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    configured()
    with monkeypatch.context() as patch:
        patch.setattr("sys.stderr", Full())
        structlog.get_logger("dateline.tests").info("published")
