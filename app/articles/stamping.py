"""The facts of a publication, made while the log is in hand: its clocks, its lines in the log, its corrections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.articles.facets import Facets
from app.articles.publication import Publication
from app.articles.rendering import Facts
from app.articles.schemas import CorrectionRef, StorylineRef, TranslationRef
from app.articles.store import Standing
from app.articles.storylines.regrouping import Regrouping
from app.changes.log import Kind, Turn
from app.taxonomy.naming import Names


@dataclass(frozen=True, slots=True)
class Found:
    """What publishing found and chose for one article before its turn: how it stands, its slug, what hangs from it."""

    before: Standing | None
    slug: str
    corrections: Sequence[CorrectionRef]
    translations: Sequence[TranslationRef]
    storyline: StorylineRef | None
    regrouping: Regrouping

    @property
    def headline(self) -> str | None:
        """What readers see as its headline until now."""
        return self.before.headline if self.before else None


def kind(publication: Publication, before: Standing | None) -> Kind:
    """What this publication is in the log."""
    if before is None:
        return Kind.PUBLISHED
    return Kind.CORRECTED if publication.correction else Kind.UPDATED


def stamp(turn: Turn, publication: Publication, found: Found, names: Names) -> Facts:
    """Stamp the clocks and append to the log."""
    published_at, updated_at = _clocks(turn, publication, found.before)
    after = Facets.of(publication.content, names, published_at=published_at, storyline=found.storyline).dump()
    return Facts(
        id=publication.id,
        external_id=publication.external_id,
        slug=found.slug,
        version=publication.number,
        seq=_append(turn, publication, found, after=after),
        first_published_at=publication.first_published_at or published_at,
        published_at=published_at,
        updated_at=updated_at,
        modified_at=turn.at,
        corrections=[*found.corrections, *_correction(publication, found, at=turn.at)],
        translations=found.translations,
        storyline=found.storyline,
    )


def _clocks(turn: Turn, publication: Publication, before: Standing | None) -> tuple[datetime, datetime]:
    """`published_at` and `updated_at`."""
    if before is None:
        published_at = publication.back_dated or turn.stamp()
        return published_at, _clamped(publication.updated_at or published_at, published_at, turn.at)
    if publication.is_minor:
        return before.published_at, before.updated_at
    return before.published_at, _clamped(_given(publication, before) or turn.at, before.published_at, turn.at)


def _append(turn: Turn, publication: Publication, found: Found, *, after: str) -> int:
    before, version = found.before, publication.number
    facets = None if before is None else Facets.shown(before.card).dump()
    found.regrouping.announce(turn, publication.id, before=facets, after=after)
    if before is not None and before.slug != found.slug:
        turn.append(Kind.MOVED, publication.id, version=version, previous_slug=before.slug, before=facets, after=after)
    return turn.append(kind(publication, before), publication.id, version=version, before=facets, after=after)


def _correction(publication: Publication, found: Found, *, at: datetime) -> list[CorrectionRef]:
    note = publication.correction
    if note is None:
        return []
    changed = found.headline if found.headline != publication.content.headline else None
    return [
        CorrectionRef(
            version=publication.number, at=at, severity=note.severity, text=note.text, previous_headline=changed
        )
    ]


def _given(publication: Publication, before: Standing) -> datetime | None:
    """The `updated_at` that was given for this version."""
    at = publication.updated_at
    return None if publication.is_edit and at is not None and at <= before.updated_at else at


def _clamped(at: datetime, earliest: datetime, latest: datetime) -> datetime:
    """Wires send updates dated before the publication, or in the future: readers see neither."""
    return max(earliest, min(at, latest))
