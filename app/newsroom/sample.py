"""The sample newsroom: what a newcomer finds on the first start. Its times are relative to when it is loaded."""

import json
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.newsroom.copy import Copy, prepare
from app.newsroom.inputs import read_article
from app.newsroom.receiving import receive
from app.newsroom.tables import Draft

_TIMES = {"minutes_ago": "published_at", "updated_minutes_ago": "updated_at"}


def load(session: Session, *, now: datetime, site_url: str) -> int:
    """Publish the sample newsroom into an empty database; how many articles. Any other database is left alone."""
    if session.execute(select(Draft.id).limit(1)).first() is not None:
        return 0
    return len(receive(session, copies(now=now, site_url=site_url), publish=True, now=now, site_url=site_url))


def copies(*, now: datetime, site_url: str) -> list[Copy]:
    """The sample's articles as if the last few days had ended `now`."""
    lines = files("app.newsroom").joinpath("sample.jsonl").read_text(encoding="utf-8").splitlines()
    return [prepare(read_article(_dated(json.loads(line), now)), site_url=site_url) for line in lines]


def _dated(article: dict[str, Any], now: datetime) -> dict[str, Any]:
    minute = now.replace(second=0, microsecond=0)
    return {
        _TIMES.get(name, name): (minute - timedelta(minutes=value)).isoformat() if name in _TIMES else value
        for name, value in article.items()
    }
