"""How each kind of CDN is told what to forget: the requests to send, without sending them."""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Final, Literal
from urllib.parse import quote

from app.changes.touching import Standing
from app.settings import Settings
from app.web.conditional import KEY_SAFE

Kind = Literal["fastly", "cloudflare", "webhook"]

MOST_KEYS: Final[Mapping[Kind, int]] = {"fastly": 256, "cloudflare": 30, "webhook": 10_000}
"""In one request. Cloudflare's pages say 30 or 100, by their age: the lesser is right either way."""
DEFAULT_URLS: Final[Mapping[Kind, str]] = {
    "fastly": "https://api.fastly.com",
    "cloudflare": "https://api.cloudflare.com/client/v4",
}


@dataclass(frozen=True, slots=True)
class Service:
    """The CDN of a deployment: its `url` is the root of the vendor's API or the webhook's address."""

    kind: Kind
    url: str
    token: str = field(repr=False)
    zone: str = ""

    @property
    def target(self) -> str:
        """What its place among the changes is kept under: another CDN begins anew."""
        return f"{self.kind}-{blake2b(f'{self.url} {self.zone}'.encode(), digest_size=12).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Call:
    """One POST."""

    url: str
    headers: Mapping[str, str]
    body: bytes


def service_of(settings: Settings) -> Service | None:
    """The CDN that the settings name; None without one."""
    kind = settings.cdn_service
    if kind == "":
        return None
    return Service(kind, settings.cdn_url or DEFAULT_URLS[kind], settings.cdn_token, settings.cdn_zone)


@dataclass(frozen=True, slots=True)
class _Occasion:
    """What a webhook is told beside the keys."""

    until: Standing
    now: datetime
    is_repeat: bool


def calls(
    service: Service, keys: frozenset[str] | None, *, until: Standing, now: datetime, is_repeat: bool = False
) -> list[Call]:
    """The requests that have everything forgotten that carries one of `keys`; all there is where that is None.

    `until` is how far the log has come with that, for a webhook. `is_repeat` is not for what was not taken, but for
    what was: its receiver is to forget once more.
    """
    occasion = _Occasion(until, now, is_repeat)
    if keys is None:
        return [_everything(service, occasion)]
    # As they are spelt in Surrogate-Key and Cache-Tag.
    spelt = sorted(quote(key, safe=KEY_SAFE) for key in keys)
    most = MOST_KEYS[service.kind]
    return [_some(service, spelt[n : n + most], occasion) for n in range(0, len(spelt), most)]


def is_refused(status: int) -> bool:
    """Whether a service finds fault with what it was told, and would again: not with who told it, how often or when."""
    return status in (400, 413, 414, 422)


def is_done(service: Service, status: int, body: bytes) -> bool:
    """Whether the service has taken what it was told. Cloudflare may say in the body that it has not."""
    if not 200 <= status < 300:
        return False
    try:
        told = json.loads(body) if service.kind == "cloudflare" else None
    except ValueError:
        return False
    return not isinstance(told, dict) or told.get("success") is not False


def _some(service: Service, keys: Sequence[str], occasion: _Occasion) -> Call:
    match service.kind:
        case "fastly":
            # No Fastly-Soft-Purge: that keeps what was withdrawn, and shows it while the origin is asked.
            return _fastly(service, "purge", {"surrogate_keys": keys})
        case "cloudflare":
            return _cloudflare(service, {"tags": keys})
        case "webhook":
            return _webhook(service, {"keys": keys}, occasion)


def _everything(service: Service, occasion: _Occasion) -> Call:
    match service.kind:
        case "fastly":
            return _fastly(service, "purge_all", {})
        case "cloudflare":
            return _cloudflare(service, {"purge_everything": True})
        case "webhook":
            return _webhook(service, {"everything": True}, occasion)


def _fastly(service: Service, verb: str, told: object) -> Call:
    return _call(f"{service.url}/service/{quote(service.zone, safe='')}/{verb}", told, {"Fastly-Key": service.token})


def _cloudflare(service: Service, told: object) -> Call:
    url = f"{service.url}/zones/{quote(service.zone, safe='')}/purge_cache"
    return _call(url, told, {"Authorization": f"Bearer {service.token}"})


def _webhook(service: Service, told: Mapping[str, object], occasion: _Occasion) -> Call:
    until = occasion.until
    call = _call(service.url, {**told, "seq": until.seq}, {})
    if not service.token:
        return call
    # Standard Webhooks: what was not taken is sent again under its id, and what has the id of another is dropped.
    event = call.body + f"{until.purged} {until.at} {occasion.is_repeat}".encode()
    id, at = f"purge_{blake2b(event, digest_size=16).hexdigest()}", str(int(occasion.now.timestamp()))
    key = b64decode(service.token.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{id}.{at}.".encode() + call.body, "sha256")
    signed = {"webhook-id": id, "webhook-timestamp": at, "webhook-signature": f"v1,{b64encode(digest).decode()}"}
    return Call(call.url, {**call.headers, **signed}, call.body)


def _call(url: str, told: object, headers: Mapping[str, str]) -> Call:
    body = json.dumps(told, separators=(",", ":")).encode()
    return Call(url, {"Content-Type": "application/json", "Accept": "application/json", **headers}, body)
