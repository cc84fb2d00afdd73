"""What work costs: CPU time of this process and of the PostgreSQL processes that serve it, memory, and disk."""

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from app.db.opening import parse_url
from app.db.sqlite_driver import driver

TABLES = ("languages", "terms", "signatures", "postings", "articles")


class Meter:
    """Reads what was spent so far on a database; its own questions are not counted."""

    def __init__(self, url: str) -> None:
        self._path = parse_url(url).database or ""
        self._postgres = psycopg.connect(url, autocommit=True) if url.startswith("postgresql") else None
        self._own = 0.0

    def cpu_seconds(self) -> float:
        """The CPU time spent by us and by the server's processes for us."""
        began = time.process_time()
        server = self.database_seconds()
        asked = time.process_time()
        self._own += asked - began
        return server + asked - self._own

    def index_bytes(self) -> int:
        """How large the index is; of SQLite, how large everything is that is in use."""
        if self._postgres is None:
            with closing(driver.connect(self._path)) as connection:
                pages, free, size = (
                    connection.execute(f"PRAGMA {name}").fetchone()[0]
                    for name in ("page_count", "freelist_count", "page_size")
                )
                return int((pages - free) * size)
        sizes = " + ".join(f"pg_total_relation_size('related_{table}')" for table in TABLES)
        row = self._postgres.execute(f"SELECT {sizes}").fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Leaves the server."""
        if self._postgres is not None:
            self._postgres.close()

    def database_seconds(self) -> float:
        """The CPU time spent by the server's processes alone; none of SQLite, which has no server."""
        if self._postgres is None:
            return 0.0
        ours = """SELECT pid FROM pg_stat_activity
                  WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""
        running = sum(_process_seconds(pid) for (pid,) in self._postgres.execute(ours))
        return running + _ended_seconds(_parent(self._postgres.info.backend_pid))


def pace() -> float:
    """The CPU milliseconds of a fixed piece of work: what figures of a busy or another machine are compared by."""
    before = time.process_time()
    sum(number * number % 7 for number in range(1_000_000))
    return 1000 * (time.process_time() - before)


def _process_seconds(pid: int) -> float:
    """To the nanosecond; what /proc/…/stat has is in hundredths of a second."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def threads_seconds(pid: int) -> float:
    """The CPU time of all threads that a process has."""
    return sum(int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir()) / 1e9


def megabytes(name: str, pid: int | str = "self") -> float:
    """A line of a process's memory, such as VmRSS; Linux knows."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


def _parent(pid: int) -> int:
    return int(_stat(pid)[1])


def _ended_seconds(pid: int) -> float:
    """Of the children that have ended, as the workers of a parallel plan have when it is done; in hundredths."""
    return sum(map(int, _stat(pid)[13:15])) / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


@dataclass(slots=True)
class Costs:
    """The CPU time of each of several pieces of work, in seconds."""

    seconds: list[float] = field(default_factory=list)

    @contextmanager
    def one_more(self, meter: Meter) -> Iterator[None]:
        """Counts what is done meanwhile."""
        before = meter.cpu_seconds()
        yield
        self.seconds.append(meter.cpu_seconds() - before)

    def at(self, share: float) -> float:
        """The milliseconds that this share of them took at most."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def mean(self) -> float:
        """The milliseconds of each on the average."""
        return 1000 * sum(self.seconds) / len(self.seconds)

    def __str__(self) -> str:
        return f"{self.at(0.5):.1f} / {self.at(0.95):.1f} / {self.at(1):.1f}"


class Tails(Costs):
    """The same, told as what the middle one takes and the slowest but one of a hundred."""

    def __str__(self) -> str:
        return f"{self.at(0.5):.1f} / {self.at(0.99):.1f}"


@dataclass(slots=True)
class Peak:
    """Megabytes of memory, as they were and at the most."""

    before: float = 0.0
    most: float = 0.0

    def __str__(self) -> str:
        return f"{self.most:.0f} (before: {self.before:.0f})"


@contextmanager
def memory() -> Iterator[Peak]:
    """How much memory this process has, and at the most meanwhile; Linux knows."""
    Path("/proc/self/clear_refs").write_text("5")  # forgets the highest so far
    peak = Peak(before=megabytes("VmRSS"))
    yield peak
    peak.most = megabytes("VmHWM")


@contextmanager
def statements() -> Iterator[list[str]]:
    """What this process asks of its databases meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
