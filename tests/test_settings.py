"""What a deployment decides: defaults, where values come from, and how a wrong one is told."""

import re
from pathlib import Path

import pytest

from app.settings import PREFIX, Settings, SettingsError, unknown_variables

EXAMPLE = Path(__file__).parent.parent / ".env.example"
URL_RULE = "must be an absolute http or https address without query or fragment"
WRONG = [
    ("SITE_URL", "ftp://example.org", URL_RULE),
    ("SITE_URL", "https://example.org/?a=1", URL_RULE),
    ("SITE_URL", "https://example.org/#top", URL_RULE),
    ("API_URL", "api.example.org", URL_RULE),
    ("API_URL", "https://user:secret@example.org", URL_RULE),
    ("SITE_NAME", "", "should have at least 1 character"),
    ("SITE_NAME", "n" * 201, "should have at most 200 characters"),
    ("TIMEZONE", "Mars/Olympus", "'Mars/Olympus' is not an IANA time zone"),
    ("TIMEZONE", "../../etc/passwd", "'../../etc/passwd' is not an IANA time zone"),
    ("LOG_FORMAT", "xml", "should be 'auto', 'json' or 'console'"),
    ("LOG_LEVEL", "INFO!", "should be 'debug', 'info', 'warning' or 'error'"),
    ("SHUTDOWN_SECONDS", "soon", "should be a valid integer, unable to parse string as an integer"),
    ("SHUTDOWN_SECONDS", "-1", "should be greater than or equal to 0"),
    ("SHUTDOWN_SECONDS", "301", "should be less than or equal to 300"),
    ("WORKER_INSIDE", "maybe", "should be a valid boolean, unable to interpret input"),
]


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but those of the test."""
    monkeypatch.chdir(tmp_path)
    for name in (*map(PREFIX.__add__, map(str.upper, Settings.model_fields)), "DATELINE_SITEURL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(("name", "value", "reason"), WRONG)
def test_wrong_setting_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError, match=f"^{re.escape(f'{PREFIX}{name} {reason}')}$"):
        Settings.load()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (
            {"service": "fastly", "token": "t"},
            "DATELINE_CDN_SERVICE fastly needs DATELINE_CDN_TOKEN and DATELINE_CDN_ZONE",
        ),
        ({"service": "cloudflare", "zone": "z"}, "DATELINE_CDN_SERVICE cloudflare needs"),
        ({"service": "webhook"}, "DATELINE_CDN_SERVICE webhook needs DATELINE_CDN_URL"),
        (
            {"service": "webhook", "url": "https://a.example", "token": "plain"},
            "DATELINE_CDN_TOKEN must be a secret of",
        ),
        ({"service": "akamai"}, "DATELINE_CDN_SERVICE should be '', 'fastly', 'cloudflare' or 'webhook'"),
        ({"token": "t"}, "DATELINE_CDN_SERVICE must be fastly, cloudflare or webhook where any other"),
        ({"service": "webhook", "url": "http://a.example/purge"}, "DATELINE_CDN_URL must be an https address"),
        ({"service": "webhook", "url": "ftp://a.example"}, "DATELINE_CDN_URL must be an absolute https address"),
        ({"service": "fastly", "token": "t\u00e9", "zone": "z"}, "DATELINE_CDN_TOKEN must be of visible ASCII"),
    ],
)
def test_cdn_that_cannot_be_told_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], reason: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"DATELINE_CDN_{name.upper()}", value)
    with pytest.raises(SettingsError, match=f"^{re.escape(reason)}[^\n]*$"):
        Settings.load()


@pytest.mark.parametrize(
    "given",
    [
        {"service": "webhook", "url": "http://127.0.0.1:9000/purge"},
        {"service": "webhook", "url": "https://a.example/purge?site=1/", "token": "whsec_" + "A" * 32},
        {"service": "fastly", "token": "token-of-them", "zone": "z"},
        {"service": "cloudflare", "token": "token-of-them", "zone": "z", "url": "https://proxy.example/client/v4/"},
    ],
)
def test_cdn_that_can_be_told_is_taken(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"DATELINE_CDN_{name.upper()}", value)
    settings = Settings.load()
    assert settings.cdn_service == given["service"]
    assert given.get("token", "nothing") not in repr(settings)


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_LOG_LEVEL", "loud")
    monkeypatch.setenv("DATELINE_TIMEZONE", "Mars")
    with pytest.raises(SettingsError, match=r"DATELINE_TIMEZONE .*; DATELINE_LOG_LEVEL "):
        Settings.load()


def test_trailing_slashes_of_addresses_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_SITE_URL", "https://www.newsroom.example/en/")
    assert Settings.load().site_url == "https://www.newsroom.example/en"


def test_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("DATELINE_SITE_NAME=From the file\nDATELINE_LOG_LEVEL=error\n")
    monkeypatch.setenv("DATELINE_SITE_NAME", "From the environment")
    settings = Settings.load()
    assert (settings.site_name, settings.log_level) == ("From the environment", "error")


def test_unreadable_file_is_told_in_one_line() -> None:
    Path(".env").write_bytes(b"DATELINE_SITE_NAME=\xff\n")
    with pytest.raises(SettingsError, match=r"^the file \.env cannot be read: .*[^\n]$"):
        Settings.load()


def test_misspelt_variables_are_found_in_the_environment_and_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_SITEURL", "https://www.newsroom.example")
    monkeypatch.setenv("DATELINE_SITE_NAME", "Ours")
    Path(".env").write_text("DATELINE_LOGLEVEL=debug\nDATELINE_LOG_LEVEL=debug\nOTHER=1\n")
    assert unknown_variables() == ["DATELINE_LOGLEVEL", "DATELINE_SITEURL"]


def test_settings_of_a_process_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings.load().site_name = "Another"  # type: ignore[misc]


def test_example_file_lists_every_setting_with_its_default() -> None:
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    listed = dict(line.split("=", 1) for line in lines)
    assert listed.keys() == {PREFIX + name.upper() for name in Settings.model_fields}
    Path(".env").write_text("\n".join(lines))
    assert Settings.load() == Settings(_env_file=None)
