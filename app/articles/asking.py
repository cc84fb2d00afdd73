"""Asking for one article by its id or slug, with the answer to every way in which it may not be there."""

from urllib.parse import quote

from fastapi import Request

from app.articles.errors import ArticleNotFound, Withdrawn
from app.articles.reading import Gone, Moved, Never, Stored, View, absence, find
from app.db import Database
from app.web.moved import MovedTo

PREFIX = "/v1/articles/"


def key(id: object) -> str:
    """The surrogate key of everything that shows this one article whole."""
    return f"article-{id}"


async def article(request: Request, database: Database, ref: str, *, view: View = "document") -> Stored:
    """The public article of this id or slug. Raises MovedTo, Withdrawn or ArticleNotFound."""
    while (found := await database.read(find, ref, view=view)) is None:
        match await database.snapshot(absence, ref):
            case Moved() as moved:
                rest = request.scope["path"][len(PREFIX) + len(ref) :]
                raise MovedTo(f"{PREFIX}{quote(moved.slug)}{rest}", seq=moved.seq, keys=(key(moved.id),))
            case Gone() as gone:
                raise Withdrawn(reason=gone.reason, withdrawn_at=gone.withdrawn_at, text=gone.text, seq=gone.seq)
            case Never() as never:
                detail = f"No public article has the id or slug {ref[:100]!r}."
                raise ArticleNotFound(detail, headers={"Dateline-Seq": str(never.seq)})
    return found
