"""Which slug an article gets when it is published. One that was ever public stays with its article for ever."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.articles import store
from app.articles.errors import SlugTaken
from app.core.slugs import numbered, slug_of
from app.db.dialect import claim


@dataclass(frozen=True, slots=True)
class Request:
    """A wish for a slug: the one somebody wrote, or none; `strict` refuses a clash that would else be numbered."""

    article_id: UUID
    headline: str
    wanted: str | None
    current: str | None
    strict: bool

    @property
    def first_choice(self) -> str:
        """What the article is called when nobody else is."""
        return self.wanted or self.current or slug_of(self.headline, fallback="article")


def choose(session: Session, requests: Sequence[Request]) -> dict[UUID, str]:
    """A slug for each article, by its id. Raises SlugTaken where a strict wish clashes."""
    chosen = {request.article_id: request.first_choice for request in requests}
    moving = [request for request in requests if chosen[request.article_id] != request.current]
    wishes = {chosen[request.article_id] for request in moving}
    claim(session, "slug", wishes)
    owners = dict(store.slug_owners(session, wishes))
    for request in moving:
        slug = _settle(session, request, chosen[request.article_id], owners)
        owners[slug] = request.article_id
        chosen[request.article_id] = slug
    return chosen


def _settle(session: Session, request: Request, slug: str, owners: Mapping[str, UUID]) -> str:
    if owners.get(slug, request.article_id) == request.article_id:
        return slug
    if request.strict and request.wanted is not None:
        raise SlugTaken(slug)

    def is_free(n: int) -> bool:
        candidate = numbered(slug, n)
        claim(session, "slug", [candidate])
        taken = {**store.slug_owners(session, [candidate]), **owners}
        return taken.get(candidate, request.article_id) == request.article_id

    return numbered(slug, first_free(is_free))


def first_free(is_free: Callable[[int], bool]) -> int:
    """A number from 2 on that is free, in few questions: a thousand articles may share one headline."""
    taken, free = 1, 2
    while not is_free(free):
        taken, free = free, free * 2
    while free - taken > 1:
        middle = (taken + free) // 2
        taken, free = (taken, middle) if is_free(middle) else (middle, free)
    return free
