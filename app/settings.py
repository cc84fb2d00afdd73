"""What a deployment decides, read once from the environment.

Names are `DATELINE_` and the field in capitals; `.env.example` lists them all. Nothing else reads the environment.
"""

import os
import re
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

from app.core.clock import zone
from app.core.urls import is_web_url

PREFIX = "DATELINE_"

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

    @classmethod
    def load(cls) -> Self:
        """The settings of this process. Raises SettingsError with one line that names every wrong variable."""
        try:
            return cls()
        except ValidationError as error:
            faults = (f"{_variable(e['loc'][0])} {_LIBRARY_WORDS.sub('', e['msg'])}" for e in error.errors())
            raise SettingsError("; ".join(faults)) from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"the file .env cannot be read: {error}") from None


def unknown_variables() -> list[str]:
    """Variables of ours, in the environment or .env, that name no setting: most often a spelling mistake."""
    known = {_variable(name) for name in Settings.model_fields}
    given = {name.upper() for name in (*os.environ, *DotEnvSettingsSource(Settings).env_vars)}
    return sorted(name for name in given if name.startswith(PREFIX) and name not in known)


def _variable(field: int | str) -> str:
    return f"{PREFIX}{field}".upper()
