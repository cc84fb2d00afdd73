"""The script as it is served: small, kept for minutes, readable from everywhere, and told from other states of it."""

import gzip

import pytest

from app.syndication.embedding import HEADLINES, SCRIPT, without_comments
from tests.newsroom_client import Newsroom

PATH = "/embed/headlines.js"


@pytest.mark.parametrize(
    ("source", "served"),
    [
        ("/*\n * Long.\n */\nstart();\n", "start();\n"),
        ("  // A reason.\n  go();\n", "  go();\n"),
        ("go(); // there\n", "go(); // there\n"),
        ('go("https://a.example/");\n', 'go("https://a.example/");\n'),
        ("/* one */\na();\n/** two */\nb();\n", "a();\nb();\n"),
        ("a(/\\/*$/);\nb();\n  /* c */\n", "a(/\\/*$/);\nb();\n"),
    ],
)
def test_comments_with_lines_of_their_own_are_not_sent(source: str, served: str) -> None:
    assert without_comments(source) == served


def test_script_is_under_six_kibibytes_gzipped() -> None:
    assert len(gzip.compress(HEADLINES)) < 6 * 1024
    assert HEADLINES.endswith(b"})();\n")


async def test_script_is_served_to_every_origin(newsroom: Newsroom) -> None:
    response = await newsroom.client.get(PATH, headers={"Accept-Encoding": "gzip"})
    assert (response.status_code, response.content) == (200, HEADLINES)
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert int(response.headers["content-length"]) < 6 * 1024


async def test_script_is_kept_for_minutes_and_confirmed_for_nothing(newsroom: Newsroom) -> None:
    first = await newsroom.get(PATH)
    assert first.headers["cache-control"] == SCRIPT.directives(shared=True).decode()
    assert 60 <= SCRIPT.max_age_seconds <= 3600
    again = await newsroom.get(PATH, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_script_is_no_operation_of_the_api(newsroom: Newsroom) -> None:
    assert PATH not in newsroom.app.openapi()["paths"]
    assert (await newsroom.get(f"{PATH}?v=2")).status_code == 200
