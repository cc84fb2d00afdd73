"""Asking for one article by its id or slug, with the answer to every way in which it may not be there."""

from urllib.parse import quote

from fastapi import Request

from app.articles.errors import ArticleNotFound, Withdrawn
from app.articles.reading import NO_SEQ, Gone, Moved, Never, Stored, View, absence, find
from app.changes import surrogates
from app.db import Database
from app.web.moved import MovedTo

PREFIX = "/v1/articles/"


async def article(
    request: Request, database: Database, ref: str, *, view: View = "document", known_seq: int = NO_SEQ
) -> Stored:
    """The public article of this id or slug, as `find` reads it. Raises MovedTo, Withdrawn or ArticleNotFound."""
    while (found := await database.read(find, ref, view=view, known_seq=known_seq)) is None:
        match await database.snapshot(absence, ref):
            case Moved() as moved:
                rest = request.scope["path"][len(PREFIX) + len(ref) :]
                raise MovedTo(f"{PREFIX}{quote(moved.slug)}{rest}", seq=moved.seq, keys=(surrogates.article(moved.id),))
            case Gone() | Never() as absent:
                raise _missing(absent, ref)
    return found


async def by_any_name(database: Database, ref: str, *, view: View = "document") -> Stored:
    """The public article that has or had this name. Raises Withdrawn or ArticleNotFound."""
    name = ref
    while (found := await database.read(find, name, view=view)) is None:
        match await database.snapshot(absence, name):
            case Moved() as moved:
                name = str(moved.id)
            case Gone() | Never() as absent:
                raise _missing(absent, ref)
    return found


def _missing(absent: Gone | Never, ref: str) -> Withdrawn | ArticleNotFound:
    match absent:
        case Gone():
            return Withdrawn(reason=absent.reason, withdrawn_at=absent.withdrawn_at, text=absent.text, seq=absent.seq)
        case Never():
            detail = f"No public article has the id or slug {ref[:100]!r}."
            return ArticleNotFound(detail, headers={"Dateline-Seq": str(absent.seq)})
