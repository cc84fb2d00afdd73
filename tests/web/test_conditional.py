"""Validators, lifetimes and 304, as `respond` makes them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import Request
from starlette.responses import Response

from app.web.conditional import ARTICLE, DOCUMENTATION, LIST, Lifetime, etag_of, respond

NOW = datetime(2026, 5, 18, 14, 8, 30, 500_000, tzinfo=UTC)
CHANGED = datetime(2026, 5, 18, 14, 8, 0, 900_000, tzinfo=UTC)
LAST_MODIFIED = "Mon, 18 May 2026 14:08:00 GMT"
BODY = b'{"data":[]}'
ETAG = etag_of(BODY).decode()
LINKS = {"next": "https://api.example.com/v1/?cursor=a", "prev": None, "self": "https://api.example.com/v1/"}


def answer(fields: dict[str, str] | None = None, **options: Any) -> Response:
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in (fields or {}).items()]
    request = Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers})
    given: dict[str, Any] = {"seq": 4711, "last_modified": CHANGED, "lifetime": LIST, "now": NOW} | options
    return respond(request, BODY, **given)


def test_answer_carries_its_validators_lifetime_and_place() -> None:
    response = answer(keys=["articles", "article:1"], links=LINKS)
    assert response.status_code == 200
    assert dict(response.headers) == {
        "etag": ETAG,
        "last-modified": LAST_MODIFIED,
        "cache-control": "public, max-age=5, stale-while-revalidate=10, stale-if-error=60",
        "vary": "Accept-Encoding",
        "dateline-seq": "4711",
        "surrogate-key": "articles article:1",
        "cache-tag": "articles,article:1",
        "link": '<https://api.example.com/v1/?cursor=a>; rel="next", <https://api.example.com/v1/>; rel="self"',
        "content-length": str(len(BODY)),
        "content-type": "application/json",
    }


def test_etag_is_weak_and_covers_the_bytes() -> None:
    assert ETAG.startswith('W/"')
    assert etag_of(b"a") != etag_of(b"b")
    assert etag_of(b"a") == etag_of(b"a")


def test_304_repeats_everything_but_the_content() -> None:
    full, none = answer(keys=["a"], links=LINKS), answer({"If-None-Match": ETAG}, keys=["a"], links=LINKS)
    assert (none.status_code, none.body) == (304, b"")
    spared = {"content-length", "content-type"}
    assert dict(none.headers) == {name: value for name, value in full.headers.items() if name not in spared}


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"If-None-Match": ETAG}, 304),
        ({"If-None-Match": ETAG.removeprefix("W/")}, 304),
        ({"If-None-Match": f'"other", {ETAG}, "third"'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-None-Match": "nonsense"}, 200),
        ({"If-None-Match": ""}, 200),
        ({"If-None-Match": '"other"', "If-Modified-Since": LAST_MODIFIED}, 200),
        ({"If-None-Match": ETAG, "If-Modified-Since": "Mon, 18 May 2020 14:08:00 GMT"}, 304),
        ({"If-Modified-Since": LAST_MODIFIED}, 304),
        ({"If-Modified-Since": "Mon, 18 May 2026 14:08:01 GMT"}, 304),
        ({"If-Modified-Since": "Mon, 18 May 2026 14:07:59 GMT"}, 200),
        ({"If-Modified-Since": "Monday, 18-May-26 14:08:00 GMT"}, 304),
        ({"If-Modified-Since": "yesterday"}, 200),
    ],
)
def test_conditions(fields: dict[str, str], status: int) -> None:
    assert answer(fields).status_code == status


@pytest.mark.parametrize(
    ("age", "is_dated"),
    [
        (timedelta(0), False),
        (timedelta(seconds=1.9), False),
        (timedelta(seconds=-5), False),
        (timedelta(seconds=2), True),
    ],
)
def test_last_modified_is_left_out_until_its_second_is_over(age: timedelta, is_dated: bool) -> None:
    response = answer({"If-Modified-Since": "Sun, 18 May 2036 14:08:00 GMT"}, last_modified=NOW - age)
    assert ("last-modified" in response.headers, response.status_code) == ((True, 304) if is_dated else (False, 200))


def test_only_a_success_is_spared() -> None:
    assert answer({"If-None-Match": "*"}, status=203).status_code == 203


def test_answers_to_keys_are_private() -> None:
    response = answer({"Authorization": "Bearer x"})
    assert response.headers["cache-control"].startswith("private, max-age=5")
    assert response.headers["vary"] == "Accept-Encoding, Authorization"


def test_given_fields_replace_ours() -> None:
    response = answer(headers={"Cache-Control": "no-store", "X-Own": "1"})
    assert response.headers.getlist("cache-control") == ["no-store"]
    assert response.headers["x-own"] == "1"


def test_what_is_unknown_is_not_said() -> None:
    response = answer(seq=None, last_modified=None, links={"prev": None})
    assert set(response.headers) == {"etag", "cache-control", "vary", "content-length", "content-type"}


@pytest.mark.parametrize(
    ("key", "sent"),
    [("a b", "a%20b"), ("a,b", "a%2Cb"), ("tag:أ", "tag:%D8%A3"), ("x\r\ny", "x%0D%0Ay"), ("article:1", "article:1")],
)
def test_keys_cannot_be_mistaken_for_lists(key: str, sent: str) -> None:
    headers = answer(keys=["first", key]).headers
    assert (headers["surrogate-key"], headers["cache-tag"]) == (f"first {sent}", f"first,{sent}")


@pytest.mark.parametrize("lifetime", [ARTICLE, LIST, DOCUMENTATION])
def test_no_lifetime_outlives_a_withdrawal_by_more_than_a_minute_of_errors(lifetime: Lifetime) -> None:
    assert lifetime.stale_if_error_seconds <= 60
    assert LIST.max_age_seconds <= 10
