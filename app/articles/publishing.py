"""Making articles public and taking them back: one transaction that writes rows, links, versions, aliases and the log.

What may be published is decided in `newsroom`; this carries it out, for one article or a batch, and the caller commits.
Order of locks: the queues of translations and of storylines, articles, names, slugs, legacy URLs, groups of
translations, storylines and what shows them, and last the log.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.articles import filing, hooks, legacy, months, rights, slugging, store, translations
from app.articles.facets import Facets
from app.articles.publication import Publication, Published, Removal
from app.articles.rendering import FORMAT, Facts, Rendered, parse, render, stored, with_storyline
from app.articles.stamping import Found, kind, stamp
from app.articles.store import Member, Row, Standing
from app.articles.storylines import regrouping, wishes
from app.articles.storylines.store import queue
from app.changes import log
from app.changes.log import Kind, Turn
from app.core.languages import primary_language
from app.db.unawaited import unawaited
from app.taxonomy import naming
from app.taxonomy.naming import Names


def publish(session: Session, publications: Sequence[Publication], *, now: datetime, site_url: str) -> list[Published]:
    """Make these articles (each once) public as they now are, in this order in the log.

    Raises SlugTaken, LegacyUrlTaken.
    """
    keep = hooks.prepare([p.content for p in publications])
    _queue(session, publications)
    returning = [p.id for p in publications if not p.is_first]
    standing = store.lock_standing(session, returning)
    names = filing.file(session, [p.content for p in publications])
    buried = store.tombstone_slugs(session, [id for id in returning if id not in standing])
    slugs = _slugs(session, publications, standing, buried)
    legacy_urls = legacy.settle(session, publications)
    groups = _groups(session, publications, standing, slugs)
    corrections = store.corrections(session, standing.keys() | buried.keys())
    wish = wishes.of_publications(session, publications, standing, now=now)
    regrouped = regrouping.prepare(session, wish)
    storylines = {move.id: move.after for move in wish.moves} | {id: one.storyline_id for id, one in standing.items()}
    turn = log.take(session, now=now)

    made, articles, versions, corrected = [], [], [], []
    for publication in publications:
        id, before = publication.id, standing.get(publication.id)
        found = Found(
            before,
            slugs[id],
            corrections.get(id, []),
            groups.of(id, site_url=site_url),
            regrouped.ref(storylines.get(id)),
            regrouped,
        )
        facts = stamp(turn, publication, found, names)
        rendered = render(publication.content, facts, names, site_url=site_url)
        articles.append(_article_row(publication, facts, names, groups, rendered, site_url))
        versions.append(_version_row(publication, facts, rendered, kind(publication, before)))
        if publication.correction is not None:
            corrected.append({"article_id": id} | facts.corrections[-1].model_dump())
        made.append(Published(id, facts.slug, facts.seq, facts.first_published_at))

    filed = _filed(publications, articles, names)
    with unawaited(session):
        store.insert_articles(session, [row for row in articles if row["id"] not in standing])
        store.update_articles(session, [row for row in articles if row["id"] in standing])
        # Each where its next begins: those of one turn need not begin together.
        store.end_versions(session, {row["article_id"]: row["at"] for row in versions if row["article_id"] in standing})
        store.insert_versions(session, versions)
        store.insert_corrections(session, corrected)
        store.delete_tombstones(session, buried)
        rights.replace(session, _rights_rows(publications, articles), standing=standing.keys())
        _move(session, standing, buried, slugs, at=turn.at)
        legacy.replace(session, legacy_urls, known=standing.keys() | buried.keys())
        filing.refile(session, standing, filed)
        months.count(session, before=standing, after=filed, turn=turn)
        naming.respell(session, names)
    keep(session, [_appearance(publication, filed[publication.id]) for publication in publications])
    _refresh(session, groups, turn, exclude=slugs.keys(), site_url=site_url)
    regrouping.carry_out(session, regrouped, turn)
    log.close(session, turn)
    return made


def withdraw(session: Session, removals: Sequence[Removal], *, now: datetime, site_url: str) -> datetime:
    """Take these public articles (each once) back, leaving tombstones; the time that these bear."""
    ids = [removal.id for removal in removals]
    translations.queue(session, ids, [str(id) for id in ids])
    queue(session, ids)
    standing = store.lock_standing(session, ids)
    groups = translations.lock(session, [standing[id].original for id in ids])
    regrouped = regrouping.prepare(session, wishes.of_removals(standing))
    turn = log.take(session, now=now)
    tombstones = []
    for removal in removals:
        stood = standing[removal.id]
        facets = Facets.shown(stood.card).dump()
        regrouped.announce(turn, removal.id, before=facets, after=None)
        seq = turn.append(Kind.WITHDRAWN, removal.id, reason=removal.reason, before=facets, after=None)
        tombstones.append(_tombstone_row(removal, stood, turn.at, seq))
        groups.remove(removal.id)
    store.delete_articles(session, ids)
    store.insert_tombstones(session, tombstones)
    store.end_versions(session, dict.fromkeys(ids, turn.at))
    store.withdraw_versions(session, tombstones)
    log.forget_slugs(session, ids)
    hooks.withdraw(session, ids)
    filing.count(session, before=standing, after={})
    months.count(session, before=standing, after={}, turn=turn)
    _refresh(session, groups, turn, exclude=(), site_url=site_url)
    regrouping.carry_out(session, regrouped, turn)
    log.close(session, turn)
    return turn.at


def _queue(session: Session, publications: Sequence[Publication]) -> None:
    names = {name for p in publications for name in _own_names(p)}
    is_joining = any(p.translation_of is not None for p in publications)
    translations.queue(session, [p.id for p in publications if not p.is_first], names, is_joining=is_joining)
    queue(session, [p.id for p in publications])


def _slugs(
    session: Session,
    publications: Sequence[Publication],
    standing: dict[UUID, Standing],
    buried: dict[UUID, str],
) -> dict[UUID, str]:
    current = buried | {id: article.slug for id, article in standing.items()}
    return slugging.choose(
        session,
        [
            slugging.Request(p.id, p.content.headline, p.wanted_slug, current.get(p.id), p.is_strict)
            for p in publications
        ],
    )


def _groups(
    session: Session, publications: Sequence[Publication], standing: dict[UUID, Standing], slugs: dict[UUID, str]
) -> translations.Groups:
    """The groups as they are once these are public."""
    own = {p.id: _own_names(p) for p in publications}
    wanted = {p.id: _wanted_group(p) for p in publications}
    ours = {name for names in own.values() for name in names}
    left = {article.original for article in standing.values()}
    groups = translations.lock(session, ours | left | {*wanted.values()}, joined={*wanted.values()} - ours)
    for p in publications:
        groups.put(Member(p.id, slugs[p.id], p.content.language, groups.called(wanted[p.id])))
    for p in publications:
        for name in own[p.id]:
            groups.rename(name, groups.original(p.id))  # which another of the batch may have renamed meanwhile
    return groups


def _own_names(publication: Publication) -> list[str]:
    external_id = publication.external_id
    return [str(publication.id), *([translations.awaited(external_id)] if external_id is not None else [])]


def _wanted_group(publication: Publication) -> str:
    ref = publication.translation_of
    return str(publication.id) if ref is None else translations.group_name(ref)


def _article_row(
    publication: Publication, facts: Facts, names: Names, groups: translations.Groups, rendered: Rendered, site_url: str
) -> Row:
    content = publication.content
    return {
        "id": facts.id,
        "slug": facts.slug,
        "external_id": facts.external_id,
        "original": groups.original(facts.id),
        "language": content.language,
        "primary_language": primary_language(content.language),
        "section_id": None if content.section is None else names.section(content.section).id,
        "storyline_id": None if facts.storyline is None else facts.storyline.id,
        "breaking": content.breaking,
        "version": facts.version,
        "seq": facts.seq,
        "first_published_at": facts.first_published_at,
        "published_at": facts.published_at,
        "updated_at": facts.updated_at,
        "modified_at": facts.modified_at,
        "document_format": FORMAT,
        "site_url": site_url,
        "headline": content.headline,
        "summary": content.summary,
        "card": rendered.card,
        "document": rendered.document,
    }


def _version_row(publication: Publication, facts: Facts, rendered: Rendered, kind: Kind) -> Row:
    return {
        "article_id": facts.id,
        "number": facts.version,
        "kind": kind.value,
        "seq": facts.seq,
        "at": facts.modified_at,
        "published_at": facts.published_at,
        "updated_at": facts.updated_at,
        "slug": facts.slug,
        # Which storyline it is in, a version does not say: that is titled by the words of others.
        "card": with_storyline(rendered.card, "null"),
        "content": publication.content.model_dump_json(),
    }


def _rights_rows(publications: Sequence[Publication], articles: Sequence[Row]) -> Iterator[Row | None]:
    for publication, row in zip(publications, articles, strict=True):
        yield rights.rights_row(publication.id, publication.content.rights, published_at=row["published_at"])


def _tombstone_row(removal: Removal, stood: Standing, at: datetime, seq: int) -> Row:
    return {
        "article_id": removal.id,
        "slug": stood.slug,
        "external_id": removal.external_id,
        "original": stood.original,
        "reason": removal.reason,
        "text": removal.text,
        "withdrawn_at": at,
        "seq": seq,
    }


def _move(
    session: Session, standing: dict[UUID, Standing], buried: dict[UUID, str], slugs: dict[UUID, str], *, at: datetime
) -> None:
    was = buried | {id: article.slug for id, article in standing.items()}
    store.move_aliases(session, {id: (old, slugs[id]) for id, old in was.items() if old != slugs[id]}, at=at)


def _filed(publications: Sequence[Publication], articles: Sequence[Row], names: Names) -> dict[UUID, Standing]:
    """How these articles stand once they are public."""
    return {
        row["id"]: Standing(
            slug=row["slug"],
            original=row["original"],
            section_id=row["section_id"],
            storyline_id=row["storyline_id"],
            published_at=row["published_at"],
            updated_at=row["updated_at"],
            headline=row["headline"],
            card=row["card"],
            tag_ids=frozenset(names.tag(tag.kind, tag.name).id for tag in publication.content.tags),
            contributor_ids=frozenset(names.contributor(one.name).id for one in publication.content.contributors),
        )
        for publication, row in zip(publications, articles, strict=True)
    }


def _appearance(publication: Publication, filed: Standing) -> hooks.Appearance:
    return hooks.Appearance(
        id=publication.id,
        content=publication.content,
        published_at=filed.published_at,
        section_id=filed.section_id,
        tag_ids=filed.tag_ids,
        contributor_ids=filed.contributor_ids,
        is_first=publication.is_first,
    )


def _refresh(
    session: Session, groups: translations.Groups, turn: Turn, *, exclude: Collection[UUID], site_url: str
) -> None:
    """Render anew the articles whose translations came, went or moved."""
    ids = [id for id in groups.changed() if id not in exclude]
    documents = store.documents(session, ids)
    rows = []
    for id in ids:
        document = parse(documents[id])
        facets = Facets.shown(documents[id]).dump()
        seq = turn.append(Kind.REFRESHED, id, version=document.version, before=facets, after=facets)
        document = document.model_copy(
            update={"seq": seq, "modified_at": turn.at, "translations": groups.of(id, site_url=site_url)}
        )
        rows.append(_refreshed_row(id, seq, turn.at, groups.original(id), stored(document)))
    store.update_articles(session, rows)


def _refreshed_row(id: UUID, seq: int, at: datetime, original: str, rendered: Rendered) -> Row:
    return {
        "id": id,
        "seq": seq,
        "modified_at": at,
        "original": original,
        "card": rendered.card,
        "document": rendered.document,
    }
