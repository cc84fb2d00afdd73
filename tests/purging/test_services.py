"""The requests that each vendor is sent, as tables of cases."""

import hmac
import json
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.changes.touching import Standing
from app.purging.services import MOST_KEYS, Kind, Service, calls, is_done, service_of
from app.settings import Settings

NOW = datetime(2001, 1, 1, tzinfo=UTC)
UNTIL = Standing(42, 7)
FASTLY = Service("fastly", "https://api.fastly.com", "t0ken", "SU1Z")
CLOUDFLARE = Service("cloudflare", "https://api.cloudflare.com/client/v4", "t0ken", "023e")
SECRET = "whsec_" + b64encode(b"a secret of twenty-four!").decode()
WEBHOOK = Service("webhook", "https://hooks.example/purge?site=1", SECRET)


def test_fastly_is_told_keys_and_never_softly() -> None:
    (call,) = calls(FASTLY, frozenset({"b", "a"}), until=UNTIL, now=NOW)
    assert call.url == "https://api.fastly.com/service/SU1Z/purge"
    assert json.loads(call.body) == {"surrogate_keys": ["a", "b"]}
    assert call.headers["Fastly-Key"] == "t0ken"
    assert "fastly-soft-purge" not in map(str.lower, call.headers)


def test_cloudflare_is_told_tags() -> None:
    (call,) = calls(CLOUDFLARE, frozenset({"b", "a"}), until=UNTIL, now=NOW)
    assert call.url == "https://api.cloudflare.com/client/v4/zones/023e/purge_cache"
    assert json.loads(call.body) == {"tags": ["a", "b"]}
    assert call.headers["Authorization"] == "Bearer t0ken"


def test_webhook_is_signed_as_standard_webhooks_has_it() -> None:
    (call,) = calls(WEBHOOK, frozenset({"a"}), until=UNTIL, now=NOW)
    assert call.url == WEBHOOK.url
    assert json.loads(call.body) == {"keys": ["a"], "seq": 42}
    id, at = call.headers["webhook-id"], call.headers["webhook-timestamp"]
    assert at == str(int(NOW.timestamp()))
    key = b64decode(SECRET.removeprefix("whsec_"))
    expected = b64encode(hmac.digest(key, f"{id}.{at}.{call.body.decode()}".encode(), "sha256")).decode()
    assert call.headers["webhook-signature"] == f"v1,{expected}"


def test_repeated_webhook_has_the_id_of_the_first() -> None:
    def id(until: Standing) -> str:
        return calls(WEBHOOK, frozenset({"a"}), until=until, now=NOW)[0].headers["webhook-id"]

    assert id(UNTIL) == id(UNTIL)
    assert len({id(UNTIL), id(Standing(43, 7)), id(Standing(42, 8)), id(replace(UNTIL, at=NOW))}) == 4


def test_webhook_that_is_to_forget_once_more_has_an_id_of_its_own() -> None:
    ids = [
        calls(WEBHOOK, frozenset({"a"}), until=UNTIL, now=NOW, is_repeat=is_repeat)[0].headers["webhook-id"]
        for is_repeat in (False, True)
    ]
    assert len(set(ids)) == 2


def test_webhook_without_a_secret_is_not_signed() -> None:
    (call,) = calls(Service("webhook", WEBHOOK.url, ""), None, until=UNTIL, now=NOW)
    assert json.loads(call.body) == {"everything": True, "seq": 42}
    assert not any(name.startswith("webhook-") for name in call.headers)


@pytest.mark.parametrize(
    ("service", "path", "told"),
    [
        (FASTLY, "/service/SU1Z/purge_all", {}),
        (CLOUDFLARE, "/zones/023e/purge_cache", {"purge_everything": True}),
    ],
    ids=["fastly", "cloudflare"],
)
def test_everything_is_one_request(service: Service, path: str, told: object) -> None:
    (call,) = calls(service, None, until=UNTIL, now=NOW)
    assert call.url == service.url + path
    assert json.loads(call.body) == told


@pytest.mark.parametrize("service", [FASTLY, CLOUDFLARE, WEBHOOK], ids=lambda service: service.kind)
@pytest.mark.parametrize("over", [0, 1])
def test_limits_of_services_are_kept(service: Service, over: int) -> None:
    keys = frozenset(f"article-{n}" for n in range(2 * MOST_KEYS[service.kind] + over))
    sent = calls(service, keys, until=UNTIL, now=NOW)
    assert len(sent) == 2 + over
    told = [
        key for call in sent for value in json.loads(call.body).values() if isinstance(value, list) for key in value
    ]
    assert len(told) == len(keys)
    assert set(told) == keys


def test_keys_are_spelt_as_answers_carry_them() -> None:
    (call,) = calls(FASTLY, frozenset({"tag-übung a,b"}), until=UNTIL, now=NOW)
    assert json.loads(call.body) == {"surrogate_keys": ["tag-%C3%BCbung%20a%2Cb"]}


@pytest.mark.parametrize(
    ("kind", "status", "body", "done"),
    [
        ("fastly", 200, b'{"status": "ok"}', True),
        ("fastly", 401, b"", False),
        ("fastly", 302, b"", False),
        ("cloudflare", 200, b'{"success": true}', True),
        ("cloudflare", 200, b'{"success": false, "errors": []}', False),
        ("cloudflare", 200, b"<html>", False),
        ("cloudflare", 429, b'{"success": false}', False),
        ("webhook", 204, b"", True),
        ("webhook", 500, b"", False),
    ],
)
def test_service_has_taken_only_what_it_says_it_has(kind: Kind, status: int, body: bytes, done: bool) -> None:
    assert is_done(Service(kind, "https://cdn.example", "t"), status, body) is done


def test_another_cdn_has_a_place_of_its_own() -> None:
    others = [FASTLY, CLOUDFLARE, WEBHOOK, Service("fastly", FASTLY.url, "t0ken", "OTHER")]
    assert len({service.target for service in others}) == len(others)
    assert Service("fastly", FASTLY.url, "n3w", "SU1Z").target == FASTLY.target


def test_service_is_that_of_the_settings() -> None:
    assert service_of(Settings()) is None
    assert service_of(Settings(cdn_service="fastly", cdn_token="t0ken", cdn_zone="SU1Z")) == FASTLY
    assert service_of(Settings(cdn_service="cloudflare", cdn_token="t0ken", cdn_zone="023e")) == CLOUDFLARE


def test_token_shows_in_no_description() -> None:
    settings = Settings(cdn_service="fastly", cdn_token="t0ken", cdn_zone="SU1Z")
    assert "t0ken" not in repr(settings)
    assert "t0ken" not in repr(FASTLY)
