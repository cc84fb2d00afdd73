"""Three tables of one shape: a key that tells names apart, a slug for addresses, a name for people."""

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import VARCHAR
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.db.base import Base

# Both databases list in code point order, whatever the PostgreSQL database's own collation.
_SLUG = String(200).with_variant(VARCHAR(200, collation="C"), "postgresql")


class Named:
    """What the three have in common. `article_count` is kept by the publishing transaction."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(400))
    slug: Mapped[str] = mapped_column(_SLUG, unique=True)
    name: Mapped[str] = mapped_column(String(200))
    article_count: Mapped[int] = mapped_column(default=0)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[object, ...]:  # noqa: N805 - SQLAlchemy calls it with the class
        name = getattr(cls, "__tablename__", "")
        return (UniqueConstraint("key"), _listed(name))


def _listed(table: str) -> Index:
    carried = text("article_count > 0")
    return Index(f"ix_{table}_listed", "slug", sqlite_where=carried, postgresql_where=carried)


class Section(Named, Base):
    """A department of the paper; an article stands in one at most."""

    __tablename__ = "sections"


class Tag(Named, Base):
    """Something an article is about; its key begins with its kind, so that Paris the place is not Paris the person."""

    __tablename__ = "tags"
    kind: Mapped[str] = mapped_column(String(20))


class Contributor(Named, Base):
    """Somebody whose work is in an article."""

    __tablename__ = "contributors"
