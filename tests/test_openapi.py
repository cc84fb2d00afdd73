"""The OpenAPI document of the real service: every rule of `web.openapi_rules`, and what is ours alone."""

import keyword
from typing import Any

import pytest

from app.main import ABOUT, create_app
from app.settings import Settings
from app.web.openapi import operations
from tests.newsroom_client import Newsroom
from tests.web.openapi_rules import violations

API = "https://api.newsroom.example"
OPERATIONS = {
    "get_article": ("get", "/v1/articles/{ref}"),
    "list_articles": ("get", "/v1/articles"),
    "list_versions": ("get", "/v1/articles/{ref}/versions"),
    "get_version": ("get", "/v1/articles/{ref}/versions/{number}"),
    "compare_versions": ("get", "/v1/articles/{ref}/diff"),
    "list_related": ("get", "/v1/articles/{ref}/related"),
    "list_related_to_each": ("get", "/v1/related"),
    "search_articles": ("get", "/v1/search"),
    "suggest_queries": ("get", "/v1/search/suggest"),
    "resolve_names": ("get", "/v1/resolve"),
    "list_storylines": ("get", "/v1/storylines"),
    "get_storyline": ("get", "/v1/storylines/{ref}"),
    "get_timeline": ("get", "/v1/timeline"),
    "count_news": ("get", "/v1/timeline/new"),
    "list_sections": ("get", "/v1/sections"),
    "list_tags": ("get", "/v1/tags"),
    "list_contributors": ("get", "/v1/contributors"),
    "list_changes": ("get", "/v1/changes"),
    "stream_changes": ("get", "/v1/stream"),
    "export_articles": ("get", "/v1/export"),
    "get_article_as": ("get", "/v1/articles/{ref}.{format}"),
    "get_storyline_as": ("get", "/v1/storylines/{ref}.jsonld"),
    "site_feed": ("get", "/feeds/{format}"),
    "named_feed": ("get", "/feeds/{vocabulary}/{ref}/{format}"),
    "storyline_feed": ("get", "/feeds/storylines/{ref}/{format}"),
    "search_feed": ("get", "/feeds/search/{format}"),
    "get_sitemap_index": ("get", "/sitemap.xml"),
    "get_news_sitemap": ("get", "/sitemaps/news.xml"),
    "get_month_sitemap": ("get", "/sitemaps/{month}.xml"),
    "get_robots": ("get", "/robots.txt"),
    "get_license": ("get", "/license.xml"),
    "get_tdmrep": ("get", "/.well-known/tdmrep.json"),
    "get_oembed": ("get", "/oembed"),
    "put_article": ("put", "/v1/newsroom/articles/{ref}"),
    "put_article_by_query": ("put", "/v1/newsroom/articles"),
    "create_article": ("post", "/v1/newsroom/articles"),
    "get_draft": ("get", "/v1/newsroom/articles/{ref}"),
    "find_draft": ("get", "/v1/newsroom/articles"),
    "patch_article": ("patch", "/v1/newsroom/articles/{ref}"),
    "publish_article": ("post", "/v1/newsroom/articles/{ref}/publish"),
    "preview_article": ("get", "/v1/newsroom/articles/{ref}/preview"),
    "correct_article": ("post", "/v1/newsroom/articles/{ref}/correct"),
    "unschedule_article": ("post", "/v1/newsroom/articles/{ref}/unschedule"),
    "withdraw_article": ("post", "/v1/newsroom/articles/{ref}/withdraw"),
    "get_choice": ("get", "/v1/newsroom/articles/{ref}/related"),
    "put_choice": ("put", "/v1/newsroom/articles/{ref}/related"),
    "retitle_storyline": ("patch", "/v1/newsroom/storylines/{ref}"),
    "merge_storylines": ("post", "/v1/newsroom/storylines/{ref}/merge"),
    "split_storyline": ("post", "/v1/newsroom/storylines/{ref}/split"),
    "get_placement": ("get", "/v1/newsroom/articles/{ref}/storyline"),
    "place_article": ("put", "/v1/newsroom/articles/{ref}/storyline"),
    "release_article": ("delete", "/v1/newsroom/articles/{ref}/storyline"),
    "check_health": ("get", "/healthz"),
    "check_readiness": ("get", "/readyz"),
    "get_metrics": ("get", "/metrics"),
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings(api_url=API)).openapi()


def test_document_keeps_every_rule(document: dict[str, Any]) -> None:
    assert violations(document) == []


def test_operations_are_those_of_the_contract(document: dict[str, Any]) -> None:
    found = {operation["operationId"]: (method, path) for path, method, operation in operations(document)}
    assert found == OPERATIONS
    assert not [name for name in found if keyword.iskeyword(name)]


def test_tags_stand_in_the_order_of_the_documentation(document: dict[str, Any]) -> None:
    declared = [tag["name"] for tag in document["tags"]]
    assert declared == [name for name, _ in ABOUT.tags]
    assert declared[0] == "timeline"
    assert declared[-2:] == ["newsroom", "operations"]
    assert all(len(operation["tags"]) == 1 for _, _, operation in operations(document))


def test_document_names_the_service_and_where_it_is(document: dict[str, Any]) -> None:
    assert document["info"]["title"] == "Dateline"
    assert document["info"]["license"]["identifier"] == "Apache-2.0"
    assert document["servers"] == [{"url": API}]


def test_only_the_newsroom_asks_for_a_key(document: dict[str, Any]) -> None:
    guarded = {path for path, _, operation in operations(document) if operation.get("security")}
    assert guarded == {path for path in document["paths"] if path.startswith("/v1/newsroom/")}
    for path, _, operation in operations(document):
        assert {"401", "403"} <= operation["responses"].keys() or path not in guarded


def test_every_field_of_an_answer_is_always_there(document: dict[str, Any]) -> None:
    optional = {"ArticleAnswer": {"included"}, "Included": {"related", "timeline", "storyline"}}
    answers = {name: schema for name, schema in document["components"]["schemas"].items() if is_answer(name, schema)}
    assert {"ArticleOut", "TimelineCard", "Image", "DraftOut", "ArticleIn-Output", "RelatedOut"} <= answers.keys()
    for name, schema in answers.items():
        assert schema["properties"].keys() - set(schema.get("required", ())) == optional.get(name, set()), name


def test_field_with_a_default_need_not_be_sent(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert set(schemas["ArticleIn-Input"]["required"]) == {"language", "headline"}
    assert schemas["TagIn"]["properties"]["kind"]["description"].endswith('Default: "topic".')
    for name, schema in schemas.items():
        assert not [field for field, described in schema.get("properties", {}).items() if "default" in described], name


def test_focal_point_is_a_list_of_two_numbers(document: dict[str, Any]) -> None:
    choices = document["components"]["schemas"]["Image"]["properties"]["focal_point"]["anyOf"]
    assert {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2} in choices


def test_article_may_have_moved(document: dict[str, Any]) -> None:
    for path in ("/v1/articles/{ref}", "/v1/articles/{ref}/related"):
        moved = document["paths"][path]["get"]["responses"]["308"]
        assert moved["headers"]["Location"] == {"$ref": "#/components/headers/Location"}


def is_answer(name: str, schema: dict[str, Any]) -> bool:
    """Whether the type is answered and never sent; problems have fields of their own."""
    return "properties" in schema and not name.endswith(("In", "-Input", "Block", "ProblemOut", "FaultOut"))


def test_addresses_of_examples_are_real(document: dict[str, Any]) -> None:
    example = document["paths"]["/v1/timeline"]["get"]["responses"]["200"]["content"]["application/json"]["example"]
    assert example["data"][0]["local"].keys() == {"date", "time", "offset"}
    assert example["meta"]["days"]
    assert example["links"]["newer"].startswith("https://")


async def test_document_is_served_with_the_settings_address(newsroom: Newsroom) -> None:
    served = await newsroom.client.get("/openapi.json")
    assert served.status_code == 200
    assert served.headers["content-type"] == "application/json"
    assert served.json() == newsroom.app.openapi()
    assert served.json()["servers"] == [{"url": API}]


async def test_documentation_needs_nobody_else(newsroom: Newsroom) -> None:
    page = await newsroom.client.get("/docs")
    assert page.status_code == 200
    assert "://" not in page.text.replace(API, "")
