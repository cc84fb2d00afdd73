"""The lifecycle and the log: corrections, what was said when, and what filters of the log look at.

Versions published before this revision get the card that they had, as far as it is still known.
"""

import json
import secrets
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.core.slugs import slug_of
from app.core.text import name_key
from app.db.base import Instant, Uid

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

AT_ONCE = 500
PUBLISHED, UPDATED, MOVED, WITHDRAWN = (f"article.{kind}" for kind in ("published", "updated", "moved", "withdrawn"))
LONGEST_KEY = 380


def upgrade() -> None:
    _create_tables()
    with op.batch_alter_table("changes") as batch_op:
        batch_op.add_column(sa.Column("before", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("after", sa.Text(), nullable=True))
    with op.batch_alter_table("drafts") as batch_op:
        batch_op.add_column(sa.Column("public_content", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("answered_slug", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("archive_date", Instant(), nullable=True))
    with op.batch_alter_table("versions") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("until", Instant(), nullable=True))
        batch_op.add_column(sa.Column("published_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("withdrawal_reason", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("withdrawal_text", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("card", sa.Text(), nullable=True))
    _fill()
    with op.batch_alter_table("versions") as batch_op:
        for name, kind in (("kind", sa.String(length=40)), ("published_at", Instant()), ("card", sa.Text())):
            batch_op.alter_column(name, existing_type=kind, nullable=False)
    op.create_index("ix_versions_order", "versions", ["published_at", "article_id", "number"])


def _create_tables() -> None:
    op.create_table(
        "corrections",
        sa.Column("article_id", Uid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("previous_headline", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("article_id", "version", name=op.f("pk_corrections")),
    )
    op.create_table(
        "kept_answers",
        sa.Column("caller", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_kept_answers")),
    )
    op.create_index(op.f("ix_kept_answers_at"), "kept_answers", ["at"])
    op.create_table(
        "preview_secrets",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_preview_secrets_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preview_secrets")),
    )
    table = sa.table("preview_secrets", sa.column("id", sa.SmallInteger()), sa.column("secret", sa.LargeBinary()))
    op.bulk_insert(table, [{"id": 1, "secret": secrets.token_bytes(32)}])


VERSIONS = sa.table(
    "versions",
    *(sa.column(name, Uid()) for name in ("article_id",)),
    *(sa.column(name) for name in ("number", "seq", "slug", "content", "kind", "card")),
    *(sa.column(name) for name in ("withdrawal_reason", "withdrawal_text")),
    *(sa.column(name, Instant()) for name in ("at", "updated_at", "until", "published_at", "withdrawn_at")),
)
CHANGES = sa.table(
    "changes",
    sa.column("article_id", Uid()),
    sa.column("at", Instant()),
    *(sa.column(name) for name in ("seq", "kind", "version", "reason", "previous_slug", "before", "after")),
)
ARTICLES = sa.table(
    "articles",
    sa.column("id", Uid()),
    sa.column("published_at", Instant()),
    *(sa.column(name) for name in ("version", "card")),
)
TOMBSTONES = sa.table(
    "tombstones",
    sa.column("article_id", Uid()),
    sa.column("withdrawn_at", Instant()),
    *(sa.column(name) for name in ("reason", "text")),
)
DRAFTS = sa.table(
    "drafts",
    sa.column("id", Uid()),
    *(sa.column(name, Instant()) for name in ("first_published_at", "modified_at", "archive_date")),
    *(sa.column(name) for name in ("version", "content", "digest", "public_digest", "public_content")),
)


def _fill() -> None:
    connection = op.get_bind()
    names = _names(connection)
    after = None
    while ids := _ids(connection, after):
        for id, versions in _of(connection, VERSIONS, ids, VERSIONS.c.number).items():
            _fill_article(connection, id, versions, names)
        after = ids[-1]
    _fill_archive_dates(connection)


def _fill_archive_dates(connection: sa.Connection) -> None:
    """Of what was never published: a date that was past when the draft was last written."""
    unpublished = list(connection.scalars(sa.select(DRAFTS.c.id).where(DRAFTS.c.version == 0)))
    for id in unpublished:
        draft = connection.execute(sa.select(DRAFTS).where(DRAFTS.c.id == id)).one()
        given = json.loads(draft.content).get("published_at")
        if given is not None and (at := datetime.fromisoformat(given)) <= draft.modified_at:
            connection.execute(sa.update(DRAFTS).where(DRAFTS.c.id == draft.id).values(archive_date=at))


def _ids(connection: sa.Connection, after: Any) -> list[Any]:
    found = sa.select(VERSIONS.c.article_id).distinct().order_by(VERSIONS.c.article_id).limit(AT_ONCE)
    return list(connection.scalars(found if after is None else found.where(VERSIONS.c.article_id > after)))


def _of(connection: sa.Connection, table: Any, ids: list[Any], order: Any) -> dict[Any, list[Any]]:
    rows = defaultdict(list)
    for row in connection.execute(sa.select(table).where(table.c.article_id.in_(ids)).order_by(order)):
        rows[row.article_id].append(row)
    return rows


def _names(connection: sa.Connection) -> dict[str, dict[str, dict[str, Any]]]:
    """The rows of each table of names, as cards show them, by their keys."""
    found: dict[str, dict[str, dict[str, Any]]] = {"sections": {}, "tags": {}, "contributors": {}}
    for table, known in found.items():
        columns = ("slug", "name", "kind") if table == "tags" else ("slug", "name")
        rows: Any = sa.select(*map(sa.column, ("key", *columns))).select_from(sa.table(table))
        for key, *values in connection.execute(rows):
            known[key] = dict(zip(columns, values, strict=True))
    return found


def _fill_article(connection: sa.Connection, id: Any, versions: list[Any], names: Any) -> None:
    public, tombstone, draft = (
        connection.execute(sa.select(table).where(column == id)).first()
        for table, column in ((ARTICLES, ARTICLES.c.id), (TOMBSTONES, TOMBSTONES.c.article_id), (DRAFTS, DRAFTS.c.id))
    )
    lines = list(connection.execute(sa.select(CHANGES).where(CHANGES.c.article_id == id).order_by(CHANGES.c.seq)))
    kinds = {line.seq: line.kind for line in lines}
    withdrawals = [line for line in lines if line.kind == WITHDRAWN]
    site_url = _site_url(connection, public)
    facets = {}
    for version, following in zip(versions, [*versions[1:], None], strict=True):
        taken_back = next((line for line in withdrawals if line.seq > version.seq), None)
        ends = [*([following.at] if following else []), *([taken_back.at] if taken_back else [])]
        published_at = (
            public.published_at if public and not taken_back else _lost(version, versions, withdrawals, draft)
        )
        card = _card(version, published_at, names, site_url)
        facets[version.number] = _facets(card)
        values = {
            "kind": kinds.get(version.seq, PUBLISHED if version.number == 1 else UPDATED),
            "until": min(ends) if ends else None,
            "published_at": published_at,
            "card": _stored(card),
        }
        if taken_back is not None:
            values |= {"withdrawn_at": taken_back.at, "withdrawal_reason": taken_back.reason}
            if tombstone is not None and tombstone.withdrawn_at == taken_back.at:
                values["withdrawal_text"] = tombstone.text
        condition = (VERSIONS.c.article_id == id) & (VERSIONS.c.number == version.number)
        connection.execute(sa.update(VERSIONS).where(condition).values(values))
    _fill_lines(connection, lines, facets)
    if public is not None:
        _fill_draft(connection, draft, versions[-1])


def _site_url(connection: sa.Connection, public: Any) -> str:
    """The site that the article is rendered for; once withdrawn, that of all the others."""
    if public is not None:
        return str(json.loads(public.card)["url"]).rpartition("/")[0]
    return str(connection.scalar(sa.select(sa.column("site_url")).select_from(sa.table("renderings"))))


def _lost(version: Any, versions: list[Any], withdrawals: list[Any], draft: Any) -> Any:
    """The `published_at` that went with the article's row: of all versions from one withdrawal to the next."""
    begin = max((line.seq for line in withdrawals if line.seq < version.seq), default=0)
    first = next(one for one in versions if one.seq > begin)
    return draft.first_published_at if draft is not None and first.number == 1 else first.at


def _fill_lines(connection: sa.Connection, lines: list[Any], facets: dict[int, str]) -> None:
    before = None
    ends = [line.seq for line in lines if line.kind == WITHDRAWN]
    for line in lines:
        after = None if line.kind == WITHDRAWN else facets.get(line.version, before)
        values = {"before": before, "after": after}
        if any(line.seq < end for end in ends):
            values["previous_slug"] = None
        connection.execute(sa.update(CHANGES).where(CHANGES.c.seq == line.seq).values(values))
        before = before if line.kind == MOVED else after  # the next line tells of the same publication


def _fill_draft(connection: sa.Connection, draft: Any, version: Any) -> None:
    if draft is None or draft.digest == draft.public_digest:
        return
    kept = {name: value for name, value in json.loads(draft.content).items() if name in _NOT_IN_VERSIONS}
    public = json.dumps(kept | json.loads(version.content), ensure_ascii=False, separators=(",", ":"))
    connection.execute(sa.update(DRAFTS).where(DRAFTS.c.id == draft.id).values(public_content=public))


_NOT_IN_VERSIONS = ("external_id", "slug", "translation_of", "published_at", "updated_at")


def _card(version: Any, published_at: Any, names: dict[str, dict[str, Any]], site_url: str) -> dict[str, Any]:
    said = json.loads(version.content)
    return {
        "id": str(version.article_id),
        "slug": version.slug,
        "url": f"{site_url}/{version.slug}",
        "version": version.number,
        "seq": version.seq,
        **{name: said.get(name) for name in ("language", "headline", "short_headline", "summary")},
        "section": said.get("section") and names["sections"].get(slug_of(said["section"], fallback="section")),
        "tags": _tags(said.get("tags", []), names["tags"]),
        "contributors": list(_credited(said.get("contributors", []), names["contributors"])),
        "image": said.get("image"),
        "breaking": said.get("breaking", False),
        "published_at": _text(published_at),
        "updated_at": _text(version.updated_at),
        "corrections": [],
        "storyline": None,
        "links": {"self": f"/v1/articles/{version.article_id}"},
    }


def _stored(card: dict[str, Any]) -> str:
    """As the service keeps it: links into the API are told from all else by their escaped slash."""
    return json.dumps(card, ensure_ascii=False, separators=(",", ":")).replace('"self":"/v1/', '"self":"\\/v1/')


def _tags(tags: list[dict[str, Any]], names: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    keys = [f"{tag['kind']}:{name_key(tag['name'])}"[:LONGEST_KEY] for tag in tags]
    return [names[key] for key in dict.fromkeys(keys) if key in names]


def _credited(people: list[dict[str, Any]], names: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for credit in people:
        if named := names.get(name_key(credit["name"])[:LONGEST_KEY]):
            yield {**named, "role": credit["role"]}


def _facets(card: dict[str, Any]) -> str:
    section = card["section"]
    facets = {
        "language": card["language"],
        "section": section and section["slug"],
        "tags": [tag["slug"] for tag in card["tags"]],
        "contributors": list(dict.fromkeys(who["slug"] for who in card["contributors"])),
        "breaking": card["breaking"],
        "published_at": card["published_at"],
    }
    return json.dumps(facets, ensure_ascii=False, separators=(",", ":"))


def _text(at: Any) -> str:
    return str(at.replace(tzinfo=None).isoformat()) + "Z"


def downgrade() -> None:
    op.drop_index("ix_versions_order", "versions")
    with op.batch_alter_table("versions") as batch_op:
        for name in ("kind", "until", "published_at", "withdrawn_at", "withdrawal_reason", "withdrawal_text", "card"):
            batch_op.drop_column(name)
    with op.batch_alter_table("drafts") as batch_op:
        batch_op.drop_column("archive_date")
        batch_op.drop_column("answered_slug")
        batch_op.drop_column("public_content")
    with op.batch_alter_table("changes") as batch_op:
        batch_op.drop_column("before")
        batch_op.drop_column("after")
    op.drop_table("preview_secrets")
    op.drop_index(op.f("ix_kept_answers_at"), "kept_answers")
    op.drop_table("kept_answers")
    op.drop_table("corrections")
