"""Preview links: signed addresses, good until a time, for people without a key. What they show is in `previewing`."""

import hmac
from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from app.core.clock import format_instant, parse_instant
from app.core.errors import Problem
from app.core.ids import parse_id
from app.web.paging import page_url


class PreviewLinkInvalid(Problem):
    """The address is not one that we signed, or its time is over."""

    slug = "preview-link-invalid"
    status = 403
    title = "The preview link is not valid"
    explanation = (
        "A preview link shows one draft, until the time that it names. This one was changed on its way, or its time is "
        "over, or the service was given a new secret. Ask whoever sent it for another."
    )
    example_detail = "This preview link was good until 2026-11-20T12:00:00Z."


def link(address: str, id: UUID, *, until: datetime, secret: bytes) -> str:
    """The signed form of a preview's `address`."""
    expires = format_instant(until.replace(microsecond=0))
    return page_url(address, [], expires=expires, signature=_signature(id, expires, secret))


def verify(ref: str, expires: str, signature: str, *, secret: bytes, now: datetime) -> None:
    """Nothing, for a link that we signed and whose time is not over. Raises PreviewLinkInvalid."""
    id = parse_id(ref)
    expected = "" if id is None else _signature(id, expires, secret)
    if id is None or not hmac.compare_digest(expected.encode(), signature.encode()):
        raise PreviewLinkInvalid("This preview link was not made by this service.")
    if now >= parse_instant(expires):
        raise PreviewLinkInvalid(f"This preview link was good until {expires}.")


def _signature(id: UUID, expires: str, secret: bytes) -> str:
    digest = hmac.digest(secret, f"preview\n{id}\n{expires}".encode(), sha256)
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
