import hashlib

import pytest
from sqlalchemy import select

from app.db import Database
from app.partners.keys import Holder, create, find_holder, list_keys, revoke
from app.partners.tables import Key
from tests.press import NOON, after


async def made(database: Database, name: str = "desk", *scopes: str) -> str:
    return await database.write(create, name, scopes=scopes, now=NOON)


async def test_key_finds_its_holder(database: Database) -> None:
    key = await made(database, "desk", "newsroom")
    holder = await database.read(find_holder, key)
    assert holder == Holder(name="desk", prefix=key[3:15], scopes=frozenset({"newsroom"}))


async def test_key_without_a_scope_allows_nothing(database: Database) -> None:
    holder = await database.read(find_holder, await made(database))
    assert holder is not None
    assert holder.scopes == frozenset()


async def test_secret_is_kept_nowhere(database: Database) -> None:
    key = await made(database)
    secret = key[16:]
    (row,) = await database.scan(lambda session: [tuple(row) for row in session.execute(select(Key.__table__))])
    assert secret not in repr(row)
    assert hashlib.sha256(secret.encode()).digest() in row


async def test_every_key_is_another(database: Database) -> None:
    keys = {await made(database) for _ in range(5)}
    assert len(keys) == len({key[:15] for key in keys}) == 5


async def test_any_other_secret_is_refused(database: Database) -> None:
    key = await made(database, "desk", "newsroom")
    other = await made(database, "other", "newsroom")
    swapped = key[:16] + other[16:]
    flipped = key[:-1] + ("A" if key[-1] != "A" else "B")
    malformed = [
        "",
        "x",
        key[:-1],
        f"{key}A",
        f" {key}",
        f"{key}\n",
        key.upper(),
        key[3:],
        "dl__",
        "é" * 59,
        "dl_" + "a" * 56,
    ]
    for token in [swapped, flipped, *malformed]:
        assert await database.read(find_holder, token) is None, token


async def test_revoked_key_ends_at_once(database: Database) -> None:
    key, other = await made(database), await made(database)
    assert await database.write(revoke, key[3:15], now=after(1))
    assert await database.read(find_holder, key) is None
    assert await database.read(find_holder, other) is not None
    assert not await database.write(revoke, key[3:15], now=after(2))
    assert not await database.write(revoke, "unknown", now=after(2))


async def test_keys_are_listed_without_their_secrets(database: Database) -> None:
    first, second = await made(database, "one", "newsroom"), await made(database, "two")
    await database.write(revoke, first[3:15], now=after(1))
    listed = await database.read(list_keys)
    assert [(key.prefix, key.name, key.scopes, key.created_at, key.revoked_at) for key in listed] == [
        (first[3:15], "one", "newsroom", NOON, after(1)),
        (second[3:15], "two", "", NOON, None),
    ]


@pytest.mark.parametrize("scopes", [["everything"], ["newsroom", "admin"], ["newsroom "], [""]])
async def test_unknown_scope_is_refused(sqlite: Database, scopes: list[str]) -> None:
    with pytest.raises(ValueError, match="no scope"):
        await sqlite.write(create, "desk", scopes=scopes, now=NOON)
    assert await sqlite.read(list_keys) == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\nb", "a\tb", "a\0b", "\x1b[2J"])
async def test_name_that_nobody_could_read_in_a_list_is_refused(database: Database, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        await database.write(create, name, scopes=["newsroom"], now=NOON)
    assert await database.read(list_keys) == []
