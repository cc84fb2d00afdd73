"""Keeping the index: an article goes in, changes and leaves with the transaction that does the same to its row.

Whoever writes here holds the log's turn, so that nobody else does. Where the index is written to is in `store`.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from sqlalchemy.orm import Session

from app.articles.content import Content
from app.articles.hooks import Appearance
from app.db.unawaited import unawaited
from app.search import store
from app.search.analysis import Analysis, analyse
from app.search.numbers import WINDOW, candidates, floor
from app.search.store import Entry, Kept
from app.search.tokens import breaking_token, contributor_token, language_token, section_token, tag_token


def prepare(contents: Sequence[Content], /) -> Callable[[Session, Sequence[Appearance]], None]:
    """What puts articles that say this into the index, given their appearances in this order."""
    analyses = [analyse(content) for content in contents]

    def keep(session: Session, appearances: Sequence[Appearance]) -> None:
        put(session, appearances, analyses)

    return keep


def put(session: Session, appearances: Sequence[Appearance], analyses: Sequence[Analysis]) -> None:
    """Have the index hold these articles as they are now, whatever it held of them."""
    known = [one.id for one in appearances if not one.is_first]
    before = store.kept(session, known) if known else {}
    store.delete(session, [kept.number for kept in before.values()])
    numbers = _numbers(session, {one.id: one.published_at for one in appearances}, before)
    entries = [_entry(numbers[one.id], one, read) for one, read in zip(appearances, analyses, strict=True)]
    with unawaited(session):
        store.insert(session, entries)
        store.count_terms(session, _moved((kept.opening for kept in before.values()), (one.opening for one in entries)))
        store.count_languages(
            session, _moved(((kept.language,) for kept in before.values()), ((one.language,) for one in entries))
        )


def withdraw(session: Session, ids: Collection[UUID], /) -> None:
    """Have the index forget these articles."""
    before = store.kept(session, ids).values()
    store.delete(session, [kept.number for kept in before])
    store.count_terms(session, _moved((kept.opening for kept in before), ()))
    store.count_languages(session, _moved(((kept.language,) for kept in before), ()))


def _entry(number: int, one: Appearance, read: Analysis) -> Entry:
    language = one.content.language
    # What nobody asks for in one phrase with them stands between the fields: no phrase reaches from one into the next.
    filed = [
        language_token(language),
        breaking_token(one.content.breaking),
        *([] if one.section_id is None else [section_token(one.section_id)]),
        *map(tag_token, sorted(one.tag_ids)),
        *map(contributor_token, sorted(one.contributor_ids)),
    ]
    return Entry(
        number=number,
        article_id=one.id,
        published_at=one.published_at,
        section_id=one.section_id,
        language=language,
        tag_ids=tuple(sorted(one.tag_ids)),
        tokens=[*read.headline, *filed, *read.summary, *read.marked, *read.plain, *read.body],
        weights=read.weights,
        opening=tuple(read.opening.items()),
    )


def _numbers(session: Session, dates: Mapping[UUID, datetime], before: Mapping[UUID, Kept]) -> dict[UUID, int]:
    """A number for each article, its own where it still has the right date."""
    found = {
        id: kept.number
        for id, kept in before.items()
        if floor(dates[id]) <= kept.number < floor(dates[id]) + WINDOW and kept.published_at == dates[id]
    }
    tried = {id: candidates(id, at) for id, at in dates.items() if id not in found}
    while tried:
        wanted = {id: next(each) for id, each in tried.items()}
        taken = store.taken(session, wanted.values()) | set(found.values())
        for id, number in wanted.items():
            if number not in taken:
                found[id] = number
                taken.add(number)
                del tried[id]
    return found


def _moved(
    left: Iterable[Iterable[store.Counted]], joined: Iterable[Iterable[store.Counted]]
) -> dict[store.Counted, int]:
    """By how much each count changes, where it does. What each group counts for, it has once."""
    counts: Counter[store.Counted] = Counter()
    counts.update(chain.from_iterable(joined))
    counts.subtract(chain.from_iterable(left))
    return dict(_changed(counts))


def _changed(counts: Counter[store.Counted]) -> Iterator[tuple[store.Counted, int]]:
    return ((what, count) for what, count in sorted(counts.items()) if count)
