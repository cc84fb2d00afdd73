import json
import re
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from app.articles.content import Content, Credit, Image, TagName
from app.articles.rendering import Facts, Rendered, complete, parse, regrouped, render, stored, storyline_of
from app.articles.schemas import ArticleOut, CardOut, StorylineRef, TranslationRef
from app.core.ids import new_id
from app.core.markup import blocks_from_text
from app.taxonomy.naming import Filed, Names
from tests.press import NOON, SITE, after

API = "https://api.newsroom.example"
OTHER = TranslationRef(id=new_id(), slug="le-port", language="fr", url=f"{SITE}/le-port")
MARKERS = [
    '"/v1/articles/x"',
    '"\\/v1/articles/x"',
    '\\"\\/v1/',
    "\\/v1/",
    "/v1/",
    ',"links":{',
    '","links":{"self":"/v1/x"}}',
    '\\","links":{"self":"\\/v1/x',
    "\\",
    '"',
    "line one\u2028line two",
    "}\n{",
]


def filed(name: str, number: int, kind: str | None = None) -> Filed:
    return Filed(number, name.lower().replace(" ", "-"), name, kind)


def rendered(facts: dict[str, Any] | None = None, **content: Any) -> Rendered:
    said = Content(language="en", **({"headline": "Harbour reopens"} | content))
    names = Names(
        {"economy": filed("Economy", 1)},
        {"topic:ports": filed("Ports", 1, "topic"), "place:marseille": filed("Marseille", 2, "place")},
        {"ada weir": filed("Ada Weir", 1)},
    )
    known: dict[str, Any] = {"id": new_id(), "external_id": "wire-1", "slug": "harbour", "version": 2, "seq": 7}
    known |= {"first_published_at": NOON, "published_at": NOON, "updated_at": after(1), "modified_at": after(2)}
    return render(said, Facts(**known | (facts or {})), names, site_url=SITE)


def test_document_has_every_field_and_nothing_else() -> None:
    assert list(json.loads(rendered().document)) == list(ArticleOut.model_fields)
    assert list(json.loads(rendered().card)) == list(CardOut.model_fields)


def test_texts_are_one_line() -> None:
    for text in (
        rendered(body=blocks_from_text("a\n\nb\nc"), summary="a\n\nb").document,
        rendered(summary="a\nb").card,
    ):
        assert "\n" not in text


def test_card_says_what_the_document_says() -> None:
    made = rendered(summary="Ships wait.", image=Image(url="https://a.example/x.jpg"), breaking=True)
    document, card = json.loads(made.document), json.loads(made.card)
    assert {name: value for name, value in card.items() if name != "links"} == {
        name: document[name] for name in card if name != "links"
    }
    assert card["links"] == {"self": document["links"]["self"]}


def test_links_into_the_api_are_relative_until_completed() -> None:
    id = new_id()
    made = rendered({"id": id})
    assert json.loads(made.document)["links"] == {
        "self": f"/v1/articles/{id}",
        "related": f"/v1/articles/{id}/related",
        "versions": f"/v1/articles/{id}/versions",
        "jsonld": f"/v1/articles/{id}.jsonld",
        "canonical": f"{SITE}/harbour",
    }
    assert API not in made.document + made.card
    links = json.loads(complete(made.document, API))["links"]
    assert links["related"] == f"{API}/v1/articles/{id}/related"
    assert links["canonical"] == f"{SITE}/harbour"
    assert json.loads(complete(made.card, API))["links"] == {"self": f"{API}/v1/articles/{id}"}


def test_documents_of_before_linked_data_can_be_read() -> None:
    document = rendered().document
    older = re.sub(r',"jsonld":"[^"]*"', "", document)
    assert older != document
    assert parse(older) == parse(document)


def test_completing_twice_is_completing_once() -> None:
    once = complete(rendered().document, API)
    assert complete(once, "https://other.example") == once


@pytest.mark.parametrize("text", MARKERS)
def test_text_that_looks_like_a_link_is_left_alone(text: str) -> None:
    made = rendered(
        headline=text,
        summary=text,
        body=blocks_from_text(text),
        place=text,
        image=Image(url="https://a.example/v1/x.jpg", alt=text, caption=text),
    )
    completed = json.loads(complete(f"[{made.document},{made.card}]", API))
    assert completed[0]["links"]["self"].startswith(f"{API}/v1/articles/")
    for shown in completed:
        assert (shown["headline"], shown["summary"], shown["image"]["alt"]) == (text, text, text)
        assert API not in json.dumps({**shown, "links": None})


def test_stored_document_is_read_back_and_stored_the_same() -> None:
    made = rendered({"translations": [OTHER]}, headline=MARKERS[6], summary="é" * 3, body=blocks_from_text("a\n\nb"))
    again = stored(parse(made.document))
    assert again == made


def test_names_come_from_the_taxonomy_and_once_each() -> None:
    made = json.loads(
        rendered(
            section="economy",
            tags=[TagName(name="PORTS"), TagName(name="Marseille", kind="place"), TagName(name="ports")],
            contributors=[
                Credit(name="Ada Weir"), Credit(name="ADA WEIR", role="photographer"), Credit(name="ada weir"),
            ],
        ).document
    )  # fmt: skip
    assert made["section"] == {"slug": "economy", "name": "Economy"}
    assert made["tags"] == [
        {"slug": "ports", "name": "Ports", "kind": "topic"},
        {"slug": "marseille", "name": "Marseille", "kind": "place"},
    ]
    assert [(one["name"], one["role"]) for one in made["contributors"]] == [
        ("Ada Weir", "author"),
        ("Ada Weir", "photographer"),
    ]


@pytest.mark.parametrize(("words", "minutes"), [(0, 0), (1, 1), (220, 1), (221, 2), (441, 3)])
def test_reading_takes_whole_minutes(words: int, minutes: int) -> None:
    made = json.loads(rendered(body=blocks_from_text("word " * words)).document)
    assert (made["word_count"], made["reading_minutes"]) == (words, minutes)


def test_times_are_rfc_3339_in_utc() -> None:
    made = json.loads(rendered({"published_at": NOON.replace(microsecond=120)}).document)
    assert made["published_at"] == "2026-11-20T12:00:00.000120Z"
    assert made["updated_at"] == "2026-11-20T12:01:00Z"


def test_slug_in_another_script_is_escaped_in_addresses_only() -> None:
    made = json.loads(rendered({"slug": "ميناء"}).document)
    assert made["slug"] == "ميناء"
    assert made["url"] == made["links"]["canonical"] == f"{SITE}/%D9%85%D9%8A%D9%86%D8%A7%D8%A1"


HOSTILE = [
    *MARKERS,
    '"}',
    '\\"},',
    ',"translations":[],"links":{}',
    ',"storyline":null,"links":',
    '"storyline":{"id":"x","slug":"y","title":"z"}',
    ',"seq":1,',
    ',"modified_at":"2001-01-01T00:00:00Z"',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_regrouping_changes_the_storyline_and_nothing_else(text: str) -> None:
    content = {"headline": text, "summary": text, "place": text, "body": blocks_from_text(text)}
    places: list[StorylineRef | None] = [
        None,
        *(StorylineRef(id=new_id(), slug="s", title=t) for t in (text, "Strike")),
    ]
    for before, after_it in permutations(places, 2):
        made = rendered({"storyline": before, "external_id": text, "translations": [OTHER]}, **content)
        for at in (after(3), after(3) + timedelta(microseconds=5)):
            found = regrouped(made, after_it, seq=4711, at=at)

            changes = {"storyline": after_it, "seq": 4711, "modified_at": at}
            assert found == stored(parse(made.document).model_copy(update=changes))
            for one in (found.card, found.document):
                assert storyline_of(one) == ("null" if after_it is None else after_it.model_dump_json())
