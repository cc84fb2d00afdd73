"""The names of storylines: one registry of slugs, former slugs and ids, in which each name is given once."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.articles.slugging import first_free
from app.articles.storylines import store
from app.articles.storylines.titling import Title
from app.core.ids import parse_id
from app.core.slugs import composed, numbered, slug_of
from app.db.dialect import claim


def name_of(ref: str) -> str:
    """The name in the registry that a request means by an id or slug."""
    id = parse_id(ref)
    return composed(ref) if id is None else str(id)


def name(session: Session, id: UUID, title: Title) -> str:
    """The slug that the storyline has with this title, in the registry from now on; its id without one."""
    if not title.text:
        return str(id)
    wanted = slug_of(title.text, fallback="storyline")

    def is_free(n: int) -> bool:
        candidate = numbered(wanted, n)
        claim(session, "storyline_name", [candidate])
        return store.resolve(session, [candidate]).get(candidate, id) == id

    slug = wanted if is_free(1) else numbered(wanted, first_free(is_free))
    store.put_name(session, slug, id, made_from=title.by)
    return slug
