"""What a deployment decides, read once from the environment.

Names are `DATELINE_` and the field in capitals; `.env.example` lists them all. Nothing else reads the environment.
"""

import os
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.core.clock import zone
from app.core.urls import is_web_url

PREFIX = "DATELINE_"


class SettingsError(Exception):
    """A setting that the service cannot start with; its text is one line for the person who starts it."""


def _web_root(url: str) -> str:
    trimmed = url.rstrip("/")
    if not is_web_url(trimmed) or urlsplit(trimmed).query or urlsplit(trimmed).fragment:
        raise ValueError("must be an absolute http or https address without query or fragment")
    return trimmed


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
    timezone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    log_format: Literal["auto", "json", "console"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    shutdown_seconds: int = Field(5, ge=0, le=300)
    worker_inside: bool = True

    @classmethod
    def load(cls) -> Self:
        """The settings of this process. Raises SettingsError with one line that names every wrong variable."""
        try:
            settings = cls()
        except ValidationError as error:
            faults = (f"{PREFIX}{str(e['loc'][0]).upper()} {_reason(e['msg'])}" for e in error.errors())
            raise SettingsError("; ".join(faults)) from None
        return settings


def _reason(message: str) -> str:
    return message.removeprefix("Value error, ")


def unknown_variables() -> list[str]:
    """Variables of the environment that carry our prefix and name no setting: most often a spelling mistake."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
