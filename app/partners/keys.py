"""Making, finding and revoking API keys. What a key is asked for at the door is in `callers`."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.db.prepared import Prepared
from app.partners.tables import Key

SCOPES = frozenset({"newsroom"})
LONGEST_NAME = 200

_TOKEN = re.compile(r"dl_([a-z2-7]{12})_([A-Za-z0-9_-]{43})")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_KEYS = Key.__table__
_HOLDER = Prepared(
    select(_KEYS.c.name, _KEYS.c.secret_sha256, _KEYS.c.scopes).where(
        _KEYS.c.prefix == bindparam("prefix"), _KEYS.c.revoked_at.is_(None)
    )
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody whose key was accepted."""

    name: str
    prefix: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as the list of keys shows it."""

    prefix: str
    name: str
    scopes: str
    created_at: datetime
    revoked_at: datetime | None


def create(session: Session, name: str, *, scopes: Iterable[str], now: datetime) -> str:
    """A new key for `name`, returned this one time. Raises ValueError for a scope that there is not, or a bad name."""
    if not (name.strip() and name.isprintable() and len(name) <= LONGEST_NAME):
        raise ValueError(f"a key's name is 1 to {LONGEST_NAME} printable characters")
    wanted = frozenset(scopes)
    if unknown := wanted - SCOPES:
        raise ValueError(f"no scope {min(unknown)!r}; there is: {', '.join(sorted(SCOPES))}")
    prefix, secret = "".join(secrets.choice(_ALPHABET) for _ in range(12)), secrets.token_urlsafe(32)
    session.add(
        Key(
            id=new_id(),
            name=name,
            prefix=prefix,
            secret_sha256=_digest(secret),
            scopes=" ".join(sorted(wanted)),
            created_at=now,
            revoked_at=None,
        )
    )
    return f"dl_{prefix}_{secret}"


def find_holder(session: Session, token: str) -> Holder | None:
    """Who holds this key; None when it is malformed, unknown or revoked."""
    match = _TOKEN.fullmatch(token)
    if not match:
        return None
    prefix, secret = match.groups()
    row = _HOLDER.first(session, {"prefix": prefix})
    if row is None or not hmac.compare_digest(row.secret_sha256, _digest(secret)):
        return None
    return Holder(name=row.name, prefix=prefix, scopes=frozenset(row.scopes.split()))


def list_keys(session: Session) -> list[KeyLine]:
    """Every key ever made, oldest first, without its secret."""
    rows = session.execute(
        select(_KEYS.c.prefix, _KEYS.c.name, _KEYS.c.scopes, _KEYS.c.created_at, _KEYS.c.revoked_at).order_by(
            _KEYS.c.created_at, _KEYS.c.id
        )
    )
    return [KeyLine(*row) for row in rows]


def revoke(session: Session, prefix: str, *, now: datetime) -> bool:
    """End the key with this prefix from `now` on; False when there is none that still works."""
    ended = session.execute(
        update(Key).where(Key.prefix == prefix, Key.revoked_at.is_(None)).values(revoked_at=now).returning(Key.id)
    )
    return ended.first() is not None


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
