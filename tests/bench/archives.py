"""Archives to be read, of any size: news published and followed, and copies of it into the past.

They are kept in a folder. Each has a mark once it is complete; one without was interrupted, and is made anew.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

import psycopg

from app import exactness
from app.core.clock import utc_now
from app.db import open_database
from app.db.migrating import migrate
from app.related import following
from tests.bench import bulk, growing, growing_search, working
from tests.bench.kept_postgres import kept_server
from tests.bench.news import News

SEED = 7
BASE = 1_000
"""So many are published; larger archives are made of copies, each with rare words of its own. Search knows none."""
ARTICLES_A_DAY = 500
_CHUNK_BYTES = 1 << 22


@dataclass(frozen=True, slots=True)
class Archives:
    """Archives of one kind of database in a folder; `server` is the maintenance database of PostgreSQL, else empty."""

    folder: Path
    kind: str
    server: str = ""

    def ready(self, size: int) -> str:
        """The URL of the archive of this size, made unless it is there. Nobody may have it open meanwhile."""
        url, mark = self._url(size), self.folder / f"{self.kind}-{size}.complete"
        if not mark.exists():
            self._empty(url)
            make(url, size)
            mark.write_text(f"{size}\n")
        migrate(url)
        return url

    def warm(self) -> None:
        """Read all archives of the kind once, so that no round waits for a disk, as far as the memory takes them."""
        for path in self.folder.rglob("*" if self.server else "*.db"):
            if path.is_file():
                with path.open("rb") as file:
                    while file.read(_CHUNK_BYTES):
                        pass

    def _url(self, size: int) -> str:
        if self.server:
            return f"{self.server.rpartition('/')[0]}/archive_{size}"
        return f"sqlite:///{self.folder / f'archive-{size}.db'}"

    def _empty(self, url: str) -> None:
        """Removes what was begun and not completed."""
        if not self.server:
            for end in ("", "-wal", "-shm"):
                Path(url.removeprefix("sqlite:///") + end).unlink(missing_ok=True)
            return
        name = url.rpartition("/")[2]
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")


@contextmanager
def archives(folder: Path, kind: str) -> Iterator[Archives]:
    """Those of the folder, on `sqlite` or `postgresql`; a server of the latter runs meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield Archives(folder, kind)
        return
    with kept_server(folder / "postgresql") as url:
        yield Archives(folder, kind, url)


def make(url: str, size: int) -> None:
    """Fill an empty database with so many articles: a multiple of the base, or fewer than it.

    Raises ValueError for other sizes.
    """
    if size > BASE and size % BASE:
        raise ValueError(f"{size} is no multiple of {BASE}")
    migrate(url)
    exactness.register()
    asyncio.run(_publish(url, min(size, BASE)))
    if size > BASE:
        days = growing.days_of_base(url)
        growing.grow(url, size // BASE)
        growing_search.grow_articles(url, size // BASE, days=days)
    bulk.settle(url)


async def _publish(url: str, size: int) -> None:
    """Publish the base, and follow it with related stories and storylines."""
    news = News(SEED, began=utc_now() - timedelta(days=size / ARTICLES_A_DAY), articles_a_day=ARTICLES_A_DAY)
    database = open_database(url)
    await working.begin(database)
    await working.publish(database, islice(news, size))
    await following.catch_up(database)
    await working.tell_storylines(database)
    await database.close()
