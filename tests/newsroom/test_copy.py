import json
from hashlib import sha256
from typing import Any

import pytest

from app.core.errors import InvalidBody
from app.core.markup import blocks_html
from app.newsroom.copy import Copy, content, prepare, restore
from app.newsroom.inputs import read_article
from tests.core.payloads import PAYLOADS, dangers
from tests.newsroom_client import article

SITE = "https://www.newsroom.example"


def copy_of(**fields: Any) -> Copy:
    return prepare(read_article(article(**fields)), site_url=SITE)


@pytest.mark.parametrize(
    "body",
    [
        {"body": [{"type": "paragraph", "html": "Ships wait."}, {"type": "paragraph", "html": "So do cars."}]},
        {"body_html": "<p>Ships wait.</p><p>So do cars.</p>"},
        {"body_text": "Ships wait.\n\nSo do cars."},
        {"body_text": "Ships wait.\n\nSo do cars.", "body": [], "body_html": ""},
    ],
)
def test_body_comes_in_any_of_three_forms(body: dict[str, Any]) -> None:
    made = copy_of(**body).article
    assert blocks_html(made.body or []) == "<p>Ships wait.</p>\n<p>So do cars.</p>"
    assert (made.body_html, made.body_text) == (None, None)


@pytest.mark.parametrize("payload", [payload for payload in PAYLOADS if "\0" not in payload])
def test_nothing_that_runs_survives_any_form(payload: str) -> None:
    blocks = [
        {"type": "paragraph", "html": payload},
        {"type": "heading", "level": 2, "html": payload},
        {"type": "list", "ordered": False, "items": [payload]},
        {"type": "quote", "html": payload, "cite": payload},
        {"type": "image", "url": "https://a.example/x.jpg", "alt": payload, "caption": payload},
        {"type": "embed", "provider": payload[:50], "url": "https://a.example/x", "title": payload},
    ]
    for form in ({"body": blocks}, {"body_html": payload}, {"body_text": payload}):
        assert dangers(blocks_html(copy_of(**form).article.body or [])) == []


@pytest.mark.parametrize(
    "fields",
    [
        {
            "body_html": "<p>a</p><h1>b</h1><ul><li>c</li></ul><hr><blockquote>d</blockquote><img src=https://a.example/x>"
        },
        {"body_html": "<img src='https://a.example/x.jpg' width=999999 height=0 alt=''>"},
        {"body_html": f"<img src='https://a.example/{'x' * 3000}'><a href='https://a.example/{'x' * 3000}'>y</a>"},
        {"body_html": "<iframe src='https://www.youtube.com/embed/abc'></iframe>" * 3},
        {"body_text": "\u202e\u2066\ufeffx\u200by\n\n\n\n\u00a0\n"},
        {"headline": "ß" * 500, "summary": "x\n\n\ny", "tags": [{"name": "ﬃ" * 66}]},
        {"image": {"url": "https://a.example/x", "focal_point": [0, 1]}, "slug": "a-b", "translation_of": "x"},
        {"published_at": "2025-05-18T16:08:00.5+02:00", "updated_at": "2025-05-18T14:10:00Z"},
    ],
)
def test_what_is_kept_can_be_read_again(fields: dict[str, Any]) -> None:
    copy = copy_of(**fields)
    assert restore(copy.text) == copy.article
    again = prepare(restore(copy.text), site_url=SITE)
    assert (again.text, again.digest) == (copy.text, copy.digest)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"body_html": "<p>x</p>" * 10_001}, "/body_html"), ({"body_text": "x\n\n" * 10_001}, "/body_text")],
)
def test_body_of_too_many_blocks_is_refused_in_every_form(body: dict[str, str], pointer: str) -> None:
    with pytest.raises(InvalidBody) as refused:
        copy_of(**body)
    assert [fault.pointer for fault in refused.value.errors] == [pointer]


def test_body_of_ten_thousand_blocks_is_kept() -> None:
    assert restore(copy_of(body_text="x\n\n" * 10_000).text).body is not None


@pytest.mark.parametrize(
    ("source", "link"),
    [
        (None, "https://www.newsroom.example/more"),
        ({"name": "Wire"}, "https://www.newsroom.example/more"),
        ({"name": "Wire", "url": "https://wire.example/news/1"}, "https://wire.example/more"),
    ],
)
def test_relative_links_lead_to_the_source(source: dict[str, str] | None, link: str) -> None:
    body = copy_of(body_html="<p><a href='/more'>x</a></p>", source=source).article.body
    assert f'href="{link}"' in blocks_html(body or [])


@pytest.mark.parametrize(
    "other",
    [
        {"language": "EN"},
        {"headline": " Harbour  reopens "},
        {"tags": [], "breaking": False, "summary": None, "slug": None},
        {"summary": "  "},
    ],
)
def test_inputs_that_say_the_same_are_equal(other: dict[str, Any]) -> None:
    first = copy_of(headline="Harbour reopens")
    second = copy_of(**({"headline": "Harbour reopens"} | other))
    assert (first.received, first.digest) == (second.received, second.digest)


@pytest.mark.parametrize(
    "other",
    [
        {"slug": "other"},
        {"breaking": True},
        {"body_text": "x"},
        {"updated_at": "2025-05-18T14:10:00Z"},
        {"place": "Oran"},
    ],
)
def test_inputs_that_say_otherwise_differ(other: dict[str, Any]) -> None:
    assert copy_of().received != copy_of(**other).received
    assert copy_of().digest != copy_of(**other).digest


def test_another_date_of_publication_is_another_input_but_no_edit() -> None:
    first, second = copy_of(), copy_of(published_at="2025-05-18T14:10:00Z")
    assert first.received != second.received
    assert first.digest == second.digest


def test_readers_see_neither_keys_nor_times_of_the_input() -> None:
    made = content(copy_of(external_id="wire-1", slug="a", translation_of="b").article)
    assert not {"external_id", "slug", "translation_of", "published_at", "updated_at"} & set(made.model_dump())


@pytest.mark.parametrize(
    "fields",
    [
        {"body_text": 'Quote "d", back\\slash, tab\tand \x7f. نعم 🚢\n\nl\u2019\u00e9t\u00e9'},
        {"body": [{"type": "list", "items": ["b", "a"], "ordered": True}, {"type": "separator"}]},
        {"image": {"url": "https://media.example/a.jpg", "focal_point": [0.00001, 1.0]}},
        {"tags": [{"name": "Port", "kind": "place"}], "rights": {"territories": ["FR"], "ai": {"train": False}}},
    ],
)
def test_input_has_the_digest_that_it_always_had(fields: dict[str, Any]) -> None:
    said = read_article(article(**fields)).model_dump(mode="json", exclude={"legacy_urls"})
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert copy_of(**fields).received == sha256(text.encode()).hexdigest()
