"""Which addresses are read without the framework: what the functions of their routes are given then.

Anything but `cursor`, `limit` and the filters whose values are texts makes a request one for the framework.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from app.articles.asking import PREFIX
from app.articles.queries import asked
from app.articles.routes import list_articles
from app.core.clock import zone
from app.page import get_article
from app.related.routes import list_related
from app.settings import Settings
from app.timeline.routes import get_timeline
from app.web.parameters import WHOLE_NUMBER
from app.web.plain import NotPlain, Pairs, Read

LONGEST_REF: Final = 200

_FILTERS: Final = frozenset(("section", "storyline", "language"))
_REPEATED: Final = frozenset(("tag", "contributor"))


def find(path: str) -> Read | None:
    """What answers a plain GET of this path; None where that is for the framework alone."""
    if (read := _LISTS.get(path)) is not None:
        return read
    ref, _, of = path.removeprefix(PREFIX).partition("/")
    # A suffix after a dot asks for a format.
    if not path.startswith(PREFIX) or not 0 < len(ref) <= LONGEST_REF or "." in ref:
        return None
    return partial(_OF_ONE[of], ref) if of in _OF_ONE and not path.endswith("/") else None


async def _article(ref: str, request: Request, pairs: Pairs) -> Response:
    if pairs:
        raise NotPlain
    settings: Settings = request.app.state.settings
    return await get_article(request, request.app.state.database, settings, zone(settings.timezone), ref)


async def _related(ref: str, request: Request, pairs: Pairs) -> Response:
    given = _once(pairs)
    shown = _limit(given, default=5, most=50)
    if given:
        raise NotPlain
    return await list_related(request, request.app.state.database, request.app.state.settings, ref, shown)


async def _timeline(request: Request, pairs: Pairs) -> Response:
    return await get_timeline(request, request.app.state.database, **await _list(request, pairs))


async def _articles(request: Request, pairs: Pairs) -> Response:
    return await list_articles(request, request.app.state.database, **await _list(request, pairs))


async def _list(request: Request, pairs: Pairs) -> dict[str, Any]:
    """What every list of articles is given."""
    settings: Settings = request.app.state.settings
    given = _once([pair for pair in pairs if pair[0] not in _REPEATED])
    limit, cursor = _limit(given, default=20, most=100), given.pop("cursor", None)
    if not given.keys() <= _FILTERS:
        raise NotPlain
    filters = await asked(
        zone(settings.timezone),
        section=given.get("section"),
        storyline=given.get("storyline"),
        language=given.get("language"),
        tag=[value for name, value in pairs if name == "tag"],
        contributor=[value for name, value in pairs if name == "contributor"],
    )
    return {"settings": settings, "asked": filters, "cursor": cursor, "limit": limit}


def _once(pairs: Pairs) -> dict[str, str]:
    given = dict(pairs)
    if len(given) < len(pairs):
        raise NotPlain
    return given


def _limit(given: dict[str, str], *, default: int, most: int) -> int:
    told = given.pop("limit", None)
    if told is None:
        return default
    if not WHOLE_NUMBER.fullmatch(told) or not 1 <= int(told) <= most:
        raise NotPlain
    return int(told)


_LISTS: Final[Mapping[str, Read]] = {"/v1/timeline": _timeline, "/v1/articles": _articles}
_OF_ONE: Final = {"": _article, "related": _related}
