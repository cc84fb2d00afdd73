"""Filing articles under sections, tags and contributors: the rows that filters walk, and the counts in the lists."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.articles import store
from app.articles.content import Content
from app.articles.store import Row, Standing
from app.taxonomy import naming
from app.taxonomy.naming import Names
from app.taxonomy.tables import Contributor, Section, Tag


def file(session: Session, contents: Sequence[Content]) -> Names:
    """The names that these contents are filed under, made where they are new."""
    return naming.file_under(
        session,
        # In the order of the contents: the first spelling of a new name is the one that stays.
        sections=list(dict.fromkeys(content.section for content in contents if content.section is not None)),
        tags=list(dict.fromkeys((tag.kind, tag.name) for content in contents for tag in content.tags)),
        contributors=list(dict.fromkeys(credit.name for content in contents for credit in content.contributors)),
    )


def refile(session: Session, before: Mapping[UUID, Standing], after: Mapping[UUID, Standing]) -> None:
    """Move articles from where they stood to where they stand, and count. Only for who holds the log's turn."""
    moved = {id: filed for id, filed in after.items() if not _is_filed_alike(before.get(id), filed)}
    store.replace_links(
        session,
        moved.keys() & before.keys(),
        tags=[_link(id, "tag_id", tag, filed) for id, filed in moved.items() for tag in sorted(filed.tag_ids)],
        contributors=[
            _link(id, "contributor_id", who, filed)
            for id, filed in moved.items()
            for who in sorted(filed.contributor_ids)
        ],
    )
    count(session, before=before, after=after)


def count(session: Session, *, before: Mapping[UUID, Standing], after: Mapping[UUID, Standing]) -> None:
    """Keep how many public articles each section, tag and contributor has."""
    sections: Counter[int] = Counter()
    tags: Counter[int] = Counter()
    contributors: Counter[int] = Counter()
    for articles, one in ((after, 1), (before, -1)):
        for article in articles.values():
            sections.update({article.section_id: one} if article.section_id is not None else {})
            tags.update(dict.fromkeys(article.tag_ids, one))
            contributors.update(dict.fromkeys(article.contributor_ids, one))
    naming.count(session, Section, sections)
    naming.count(session, Tag, tags)
    naming.count(session, Contributor, contributors)


def _is_filed_alike(before: Standing | None, after: Standing) -> bool:
    return before is not None and (before.tag_ids, before.contributor_ids) == (after.tag_ids, after.contributor_ids)


def _link(id: UUID, column: str, linked: int, filed: Standing) -> Row:
    return {"article_id": id, column: linked, "published_at": filed.published_at}
