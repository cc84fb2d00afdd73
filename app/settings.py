"""What a deployment decides, read once from the environment.

Names are `DATELINE_` and the field in capitals; `.env.example` lists them all. Nothing else reads the environment.
"""

import os
import re
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

from app.core.clock import zone
from app.core.urls import is_web_url

PREFIX = "DATELINE_"

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# RFC 4648, with its padding: 24 to 64 bytes.
_WEBHOOK_SECRET = re.compile(r"whsec_(?=.{32,88}$)(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_LIBRARY_WORDS = re.compile(r"^(?:Value error, |Input |String )")


class SettingsError(Exception):
    """A setting that the service cannot start with; its text is one line for the person who starts it."""


def _web_root(url: str) -> str:
    trimmed = url.rstrip("/")
    if not is_web_url(trimmed) or urlsplit(trimmed).query or urlsplit(trimmed).fragment:
        raise ValueError("must be an absolute http or https address without query or fragment")
    return trimmed


def _web_url_or_empty(url: str) -> str:
    if url and not is_web_url(url):
        raise ValueError("must be an absolute http or https address, or empty")
    return url


def _outbound_or_empty(url: str) -> str:
    trimmed = url.rstrip("/") if not urlsplit(url).query else url
    parts = urlsplit(trimmed)
    if trimmed and not (is_web_url(trimmed) and not parts.fragment):
        raise ValueError("must be an absolute https address, or empty")
    if parts.scheme.lower() == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError("must be an https address: http is for this machine alone")
    return trimmed


def _visible_ascii(text: str) -> str:
    if any(not "!" <= character <= "~" for character in text):
        raise ValueError("must be of visible ASCII characters, without a space")
    return text


def _cdn_fault(given: "Settings") -> str | None:
    """What keeps the CDN from being told what to forget; None where nothing does."""
    match given.cdn_service:
        case "fastly" | "cloudflare" if not (given.cdn_token and given.cdn_zone):
            return f"{PREFIX}CDN_SERVICE {given.cdn_service} needs {PREFIX}CDN_TOKEN and {PREFIX}CDN_ZONE"
        case "webhook" if not given.cdn_url:
            return f"{PREFIX}CDN_SERVICE webhook needs {PREFIX}CDN_URL"
        case "webhook" if given.cdn_token and not _WEBHOOK_SECRET.fullmatch(given.cdn_token):
            return f"{PREFIX}CDN_TOKEN must be a secret of Standard Webhooks for a webhook: whsec_ and base64, or empty"
        case "" if given.cdn_url or given.cdn_token or given.cdn_zone:
            return f"{PREFIX}CDN_SERVICE must be fastly, cloudflare or webhook where any other {PREFIX}CDN_ is set"
    return None


def _known_zone(name: str) -> str:
    zone(name)
    return name


WebRoot = Annotated[str, AfterValidator(_web_root)]


class Settings(BaseSettings):
    """One deployment's settings; frozen, so that a running process has one truth."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    database_url: str = "sqlite:///dateline.db"
    site_url: WebRoot = "http://localhost:3000"
    api_url: WebRoot = "http://127.0.0.1:8000"
    site_name: str = Field("Dateline", min_length=1, max_length=200)
    hub_url: Annotated[str, AfterValidator(_web_url_or_empty)] = ""
    ai_train: bool = False
    ai_ground: bool = True
    ai_summarise: bool = True
    timezone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    log_format: Literal["auto", "json", "console"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    shutdown_seconds: int = Field(5, ge=0, le=300)
    worker_inside: bool = True
    streams_per_client: int = Field(20, ge=1, le=10_000)
    streams_overall: int = Field(1000, ge=1, le=100_000)
    edge_mebibytes: int = Field(32, ge=0, le=65_536)
    cdn_service: Literal["", "fastly", "cloudflare", "webhook"] = ""
    cdn_url: Annotated[str, AfterValidator(_outbound_or_empty)] = ""
    cdn_token: Annotated[str, AfterValidator(_visible_ascii)] = Field("", repr=False)
    cdn_zone: Annotated[str, AfterValidator(_visible_ascii)] = ""

    @model_validator(mode="after")
    def _cdn_can_work(self) -> Self:
        if fault := _cdn_fault(self):
            raise ValueError(fault)
        return self

    @classmethod
    def load(cls) -> Self:
        """The settings of this process. Raises SettingsError with one line that names every wrong variable."""
        try:
            return cls()
        except ValidationError as error:
            raise SettingsError("; ".join(map(_fault, error.errors()))) from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"the file .env cannot be read: {error}") from None


def unknown_variables() -> list[str]:
    """Variables of ours, in the environment or .env, that name no setting: most often a spelling mistake."""
    known = {_variable(name) for name in Settings.model_fields}
    given = {name.upper() for name in (*os.environ, *DotEnvSettingsSource(Settings).env_vars)}
    return sorted(name for name in given if name.startswith(PREFIX) and name not in known)


def _fault(error: ErrorDetails) -> str:
    reason = _LIBRARY_WORDS.sub("", error["msg"])
    # Without a place, it is about several, and names them itself.
    return f"{_variable(error['loc'][0])} {reason}" if error["loc"] else reason


def _variable(field: int | str) -> str:
    return f"{PREFIX}{field}".upper()
