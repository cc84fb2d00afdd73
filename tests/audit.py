"""What must hold in the tables whatever happened to the service: the log, the articles and the drafts agree.

How they came to be is for the tests that ask.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from app.articles.rendering import parse, storyline_of
from app.articles.schemas import StorylineRef
from app.articles.tables import (
    Article,
    ArticleContributor,
    ArticleTag,
    Correction,
    Storyline,
    StorylineName,
    Tombstone,
    Version,
)
from app.changes.log import Kind
from app.changes.tables import Change, LogHead
from app.db.dialect import is_sqlite
from app.newsroom.tables import Draft
from app.search.filling import is_settled
from app.search.tables import SearchDocument, SearchLanguage, SearchProfile, SearchTerm
from app.taxonomy.tables import Contributor, Section, Tag

PUBLICATIONS = {Kind.PUBLISHED, Kind.UPDATED, Kind.CORRECTED}


def faults(session: Session) -> list[str]:
    """Where the tables contradict themselves or each other, in words; empty when all is well."""
    checks = (_log, _articles, _tombstones, _versions, _drafts, _corrections, _counts, _storylines, _names, _search)
    return [f"{check.__name__[1:]}: {fault}" for check in checks for fault in check(session)]


def _search(session: Session) -> Iterator[str]:
    if not is_settled(session):
        return  # after an upgrade, until the worker has filled it
    public = dict(session.execute(select(Article.id, Article.published_at)).all())
    documents = select(SearchDocument.article_id, SearchDocument.published_at)
    if dict(session.execute(documents).all()) != public:
        yield "what it holds is not what is public"
    numbers = set(session.scalars(select(SearchDocument.number)))
    if set(session.scalars(select(SearchProfile.number))) != numbers:
        yield "an article has no weights, or weights no article"
    index = text(f"SELECT {'rowid' if is_sqlite(session) else 'number'} FROM search_index")
    if set(session.scalars(index)) != numbers:
        yield "the index holds something else"
    openings = Counter(
        tuple(line.split("\t")) for each in session.scalars(select(SearchProfile.opening)) for line in each.splitlines()
    )
    terms = session.execute(select(SearchTerm.token, SearchTerm.shown, SearchTerm.articles)).all()
    if openings != {(token, shown): count for token, shown, count in terms}:
        yield "the dictionary miscounts the openings"
    languages = Counter(session.scalars(select(SearchDocument.language)))
    if languages != dict(session.execute(select(SearchLanguage.language, SearchLanguage.articles)).all()):
        yield "languages are miscounted"


def _lines(session: Session) -> list[Change]:
    return list(session.scalars(select(Change).order_by(Change.seq)))


def _newest(session: Session) -> dict[object, Change]:
    return {line.article_id: line for line in _lines(session)}


def _log(session: Session) -> Iterator[str]:
    lines, head = _lines(session), session.scalars(select(LogHead)).one()
    if [line.seq for line in lines] != list(range(1, head.seq + 1)):
        yield f"the numbers are not 1 to {head.seq}: {[line.seq for line in lines]}"
    times = [*(line.at for line in lines), head.at]
    if times != sorted(times):
        yield "its clock runs backwards"


def _articles(session: Session) -> Iterator[str]:
    newest = _newest(session)
    for article in session.scalars(select(Article)):
        line, document = newest.get(article.id), parse(article.document)
        if line is None or (line.seq, line.version) != (article.seq, article.version):
            yield f"{article.slug} of {article.seq} is not what the log says last: {line and line.seq}"
        if (document.seq, document.version, document.headline) != (article.seq, article.version, article.headline):
            yield f"{article.slug} has a document of another version"
        if f'"seq":{article.seq},' not in article.card:
            yield f"{article.slug} has a card of another version"


def _tombstones(session: Session) -> Iterator[str]:
    newest = _newest(session)
    for stone in session.scalars(select(Tombstone)):
        line = newest.get(stone.article_id)
        if line is None or (line.seq, line.kind, line.reason) != (stone.seq, Kind.WITHDRAWN, stone.reason):
            yield f"that of {stone.slug} is not what the log says last"
    withdrawn = {id for id, line in newest.items() if line.kind == Kind.WITHDRAWN}
    if withdrawn != set(session.scalars(select(Tombstone.article_id))):
        yield "they are not those of the articles that the log says are withdrawn"
    if withdrawn & set(session.scalars(select(Article.id))):
        yield "an article stands beside its tombstone"


def _versions(session: Session) -> Iterator[str]:
    told = {line.seq: line for line in _lines(session) if line.kind in PUBLICATIONS}
    public = set(session.scalars(select(Article.id)))
    numbers: Counter[object] = Counter()
    ends: dict[object, datetime | None] = {}
    for version in session.scalars(select(Version).order_by(Version.article_id, Version.number)):
        line, id = told.pop(version.seq, None), version.article_id
        numbers[id] += 1
        begin, end = ends.get(id, version.at), version.until
        ends[id] = end
        if begin is None or not begin <= version.at <= (end or version.at):
            yield f"version {version.number} of {version.slug} is seen beside another, or ends before it begins"
        if version.number != numbers[id]:
            yield f"{version.slug} has no version {numbers[id]}"
        if line is None or (line.article_id, line.version, line.kind) != (id, version.number, version.kind):
            yield f"version {version.number} of {version.slug} is not in the log"
    if told:
        yield f"the log tells of some that are not there: {sorted(told)}"
    open_ones = list(session.scalars(select(Version.article_id).where(Version.until.is_(None))))
    if sorted(open_ones) != sorted(public):
        yield "those that readers see now are not one for each public article"


def _drafts(session: Session) -> Iterator[str]:
    numbers = Counter(session.scalars(select(Version.article_id)))
    public = set(session.scalars(select(Article.id)))
    buried = set(session.scalars(select(Tombstone.article_id)))
    drafts = list(session.scalars(select(Draft)))
    for draft in drafts:
        if draft.version != numbers[draft.id]:
            yield f"{draft.external_id} counts {draft.version} versions, and there are {numbers[draft.id]}"
        status = "published" if draft.id in public else "withdrawn" if draft.id in buried else "draft"
        if draft.status != status:
            yield f"{draft.external_id} says that it is {draft.status}, and it is {status}"
    if orphans := public - {draft.id for draft in drafts}:
        yield f"public articles without one: {orphans}"


def _corrections(session: Session) -> Iterator[str]:
    noted = set(map(tuple, session.execute(select(Correction.article_id, Correction.version))))
    corrected = select(Version.article_id, Version.number).where(Version.kind == Kind.CORRECTED)
    if noted != set(map(tuple, session.execute(corrected))):
        yield "they are not one for each version that corrects"


def _counts(session: Session) -> Iterator[str]:
    carried: tuple[tuple[Any, Select[Any]], ...] = (
        (Section, select(Article.section_id).where(Article.section_id.is_not(None))),
        (Tag, select(ArticleTag.tag_id)),
        (Contributor, select(ArticleContributor.contributor_id)),
    )
    for table, uses in carried:
        counted = Counter(session.scalars(uses))
        for row in session.scalars(select(table)):
            if row.article_count != counted[row.id]:
                yield f"{row.slug} says {row.article_count} articles, and {counted[row.id]} carry it"


def _storylines(session: Session) -> Iterator[str]:
    articles = list(session.scalars(select(Article)))
    shown: dict[object, str] = {None: "null"}
    for line in session.scalars(select(Storyline)):
        shown[line.id] = StorylineRef(id=line.id, slug=line.slug, title=line.title).model_dump_json()
        dates = sorted(article.published_at for article in articles if article.storyline_id == line.id)
        if (line.article_count, [line.first_published_at, line.last_published_at]) != (
            len(dates),
            [dates[0], dates[-1]] if dates else [None, None],
        ):
            yield f"{line.slug} has other articles than it says"
        if (line.title == "") != (line.slug == str(line.id)) or (not dates and line.titled_by is not None):
            yield f"{line.slug} has no title, or one of an article that is not there"
    for article in articles:
        texts = article.card, article.document
        if [storyline_of(text) for text in texts] != [shown[article.storyline_id]] * 2:
            yield f"{article.slug} shows another than its own"
    for version in session.scalars(select(Version)):
        if storyline_of(version.card) != "null":
            yield f"version {version.number} of {version.slug} shows one"


def _names(session: Session) -> Iterator[str]:
    names = {name.name: name for name in session.scalars(select(StorylineName))}
    for line in session.scalars(select(Storyline)):
        slug, id = names.get(line.slug), names.get(str(line.id))
        if slug is None or slug.storyline_id != line.id or id is None or id.storyline_id != line.id:
            yield f"{line.slug} is not called so"
        elif slug.made_from != line.titled_by:
            yield f"{line.slug} is made from the words of {slug.made_from} and titled by {line.titled_by}"
    if withdrawn := set(session.scalars(select(Tombstone.article_id))) & {name.made_from for name in names.values()}:
        yield f"there are some of what was withdrawn: {withdrawn}"
