"""From hostile input over HTTP to what a reader gets: nothing that runs, in any form of the body, in any field."""

from typing import Any

import pytest

from tests.core.payloads import PAYLOADS, dangers
from tests.newsroom_client import Newsroom

SENDABLE = [payload for payload in PAYLOADS if "\0" not in payload]
EVERYTHING = "\n".join(f"<p>{payload}</p>" for payload in SENDABLE if not payload.startswith("<plaintext"))

# The database plays no part in it: one will do.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def forms(payload: str) -> list[dict[str, Any]]:
    """The payload in each of the three forms of a body."""
    url = "https://a.example/x.jpg"
    blocks = [
        {"type": "paragraph", "html": payload},
        {"type": "heading", "level": 3, "html": payload},
        {"type": "list", "ordered": True, "items": [payload]},
        {"type": "quote", "html": payload, "cite": payload},
        {"type": "image", "url": url, "alt": payload, "caption": payload, "credit": payload},
        {"type": "embed", "provider": payload[:90], "url": url, "title": payload},
    ]
    return [{"body": blocks}, {"body_html": payload}, {"body_text": payload}]


async def test_nothing_that_runs_reaches_a_reader(newsroom: Newsroom) -> None:
    for n, form in enumerate(forms(EVERYTHING)):
        data = await newsroom.publish(f"wire-{n}", headline=f"Story {n}", **form)
        public = await newsroom.data(f"/v1/articles/{data['id']}")
        assert dangers(public["body_html"]) == [], form.keys()
        for block in public["body"]:
            for html in [block.get("html", ""), *block.get("items", [])]:
                assert dangers(html) == [], html


async def test_texts_of_no_markup_are_kept_as_they_are(newsroom: Newsroom) -> None:
    text = '<script>alert("1")</script> & <b>"bold"</b> \\"'
    fields = {"headline": text, "summary": text, "place": text, "section": text, "tags": [{"name": text}]}
    image = {"url": "https://a.example/x.jpg", "alt": text, "caption": text, "credit": text}
    data = await newsroom.publish("wire-1", **fields, image=image, contributors=[{"name": text}])
    response = await newsroom.get(f"/v1/articles/{data['id']}")
    public = response.json()["data"]
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert {public["headline"], public["summary"], public["place"], public["section"]["name"]} == {text}
    assert {public["tags"][0]["name"], public["contributors"][0]["name"], *list(public["image"].values())[1:4]} == {
        text
    }
    assert public["slug"] == "script-alert-1-script-b-bold-b"


async def test_addresses_in_bodies_lead_only_to_the_web(newsroom: Newsroom) -> None:
    html = '<p><a href="javascript:alert(1)">a</a> <a href="/b">b</a> <a href="mailto:c@c.example">c</a></p>'
    html += '<img src="data:image/png;base64,AA"><img src="/d.jpg"><iframe src="javascript:alert(1)"></iframe>'
    data = await newsroom.publish("wire-1", body_html=html, source={"name": "W", "url": "https://wire.example/1"})
    public = await newsroom.data(f"/v1/articles/{data['id']}")
    assert public["body"][0]["html"] == ('a <a href="https://wire.example/b">b</a> <a href="mailto:c@c.example">c</a>')
    assert [block.get("url") for block in public["body"][1:]] == ["https://wire.example/d.jpg"]
