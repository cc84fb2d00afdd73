"""What publishing and withdrawing ask of storylines. What becomes of it, `regrouping` decides."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.articles.publication import Publication
from app.articles.store import Standing
from app.articles.storylines import store
from app.articles.storylines.regrouping import Move, Wish
from app.articles.storylines.titling import headline_for_title


def of_publications(
    session: Session, publications: Sequence[Publication], standing: Mapping[UUID, Standing], *, now: datetime
) -> Wish:
    """Articles stay in their storylines, which they may title; new and returning ones go where editors put them."""
    pins = store.pins(session, [p.id for p in publications if p.id not in standing])
    return Wish(
        moves=[Move(p.id, p.back_dated or now, None, to) for p in publications if (to := pins.get(p.id)) is not None],
        headlines={p.id: headline_for_title(p.content) for p in publications},
        present={one.storyline_id for one in standing.values() if one.storyline_id is not None},
    )


def of_removals(standing: Mapping[UUID, Standing]) -> Wish:
    """Articles leave their storylines, and take along what was made of their words."""
    return Wish(
        moves=[
            Move(id, one.published_at, one.storyline_id, None)
            for id, one in standing.items()
            if one.storyline_id is not None
        ],
        taken_back=standing.keys(),
    )
