"""Claims and joined lines, on both databases."""

import asyncio

import pytest
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.orm import Session

from app.db import Database
from app.db.dialect import claim, is_sqlite, lines, try_claim
from app.db.opening import parse_url
from tests.db import notes
from tests.db.notes import NOTES


def add_once(session: Session, *names: str) -> bool:
    claim(session, "note", names)
    if notes.count(session):
        return False
    notes.linger(session)
    notes.add(session, 1)
    return True


async def test_one_of_several_writers_of_a_name_comes_first(notebook: Database) -> None:
    results = await asyncio.gather(*(notebook.write(add_once, "one") for _ in range(4)))
    assert sorted(results) == [False, False, False, True]


async def test_names_in_any_order_do_not_deadlock(notebook: Database) -> None:
    names = [str(number) for number in range(50)]
    orders = [names, names[::-1], names[25:] + names[:25], names + names]
    results = await asyncio.gather(*(notebook.write(add_once, *order) for order in orders))
    assert sum(results) == 1


async def test_other_names_and_kinds_are_not_held_up(postgres_notebook: Database) -> None:
    order: list[str] = []

    def take(session: Session, kind: str, name: str) -> None:
        claim(session, kind, [name])
        order.append(f"{kind} {name}")
        notes.linger(session)
        order.append("end")

    pairs = [("slug", "a"), ("slug", "b"), ("tag", "a")]
    await asyncio.gather(*(postgres_notebook.write(take, kind, name) for kind, name in pairs))
    assert order[3:] == ["end"] * 3


async def test_claim_of_many_names_is_one_statement_in_one_order(postgresql: Database) -> None:
    def keys_of_statements(session: Session, names: list[str]) -> list[list[int]]:
        keys: list[list[int]] = []
        event.listen(
            session.connection(), "before_cursor_execute", lambda _c, _u, _s, values, *_: keys.append(values["keys"])
        )
        claim(session, "slug", names)
        return keys

    names = [str(number) for number in range(1000)]
    (keys,) = await postgresql.write(keys_of_statements, names + names[:10])
    assert keys == sorted(set(keys))
    assert len(keys) == 1000
    assert await postgresql.write(keys_of_statements, []) == []


async def test_claim_holds_every_name(postgresql: Database) -> None:
    def held(session: Session) -> int:
        claim(session, "slug", ["a", "b", "b", "🗞"])
        held_now = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        return int(session.execute(held_now).scalar_one())

    assert await postgresql.write(held) == 3


def test_taken_name_is_refused_at_once(postgres_url: str) -> None:
    engine = create_engine(parse_url(postgres_url))
    with Session(engine) as first, Session(engine) as second:
        assert try_claim(first, "key", "a")
        assert [try_claim(second, *name) for name in (("key", "a"), ("key", "b"), ("tag", "a"))] == [False, True, True]
        first.rollback()
        assert try_claim(second, "key", "a")
    engine.dispose()


@pytest.mark.parametrize(
    ("bodies", "expected"),
    [([], None), (["only"], "only"), (["b", "a"], "a\nb"), (["ب", "a", "é'%:x"], "é'%:x\na\nب")],
)
async def test_lines_joins_in_the_given_order(notebook: Database, bodies: list[str], expected: str | None) -> None:
    def join(session: Session) -> str | None:
        rows = select(NOTES.c.id, NOTES.c.body).subquery()
        return session.execute(select(lines(rows.c.body, rows.c.id))).scalar_one()

    for number, body in enumerate(bodies):
        await notebook.write(notes.add, 9 - number, body)
    assert await notebook.read(join) == expected


async def test_lines_takes_several_orders(notebook: Database) -> None:
    def join(session: Session) -> str | None:
        return session.execute(select(lines(NOTES.c.body, NOTES.c.body.desc(), NOTES.c.id))).scalar_one()

    for number, body in enumerate("abca"):
        await notebook.write(notes.add, number, body)
    assert await notebook.read(join) == "c\nb\na\na"


async def test_session_knows_its_dialect(database: Database) -> None:
    for door in (database.read, database.snapshot, database.scan, database.write):
        assert await door(is_sqlite) == (database.dialect == "sqlite")
