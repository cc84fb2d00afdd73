from uuid import UUID

import pytest

from app.resolver.names import Name, Sites

ID = "019a9c5e-8a3c-7c41-9d5e-2f6b7a1c0e11"
SITES = Sites("https://www.newsroom.example/en", "https://api.newsroom.example/news")


def read(text: str) -> Name:
    return SITES.read(text)


@pytest.mark.parametrize("text", [ID, ID.upper(), f"urn:uuid:{ID}", f"URN:UUID:{ID}", f" {ID} "])
def test_id_is_read(text: str) -> None:
    assert read(text).id == UUID(ID)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("harbour-reopens", "harbour-reopens"),
        ("Harbour-Reopens", "harbour-reopens"),
        ("مرفأ", "مرفأ"),
        ("cafe\u0301", "caf\u00e9"),
        ("https://www.newsroom.example/en/harbour-reopens", "harbour-reopens"),
        ("http://newsroom.example/en/harbour-reopens/?utm_source=x#comments", "harbour-reopens"),
        ("https://www.newsroom.example/en/harbour-reopens.html", "harbour-reopens"),
        ("https://www.newsroom.example/en/harbour-reopens/amp", "harbour-reopens"),
        ("https://www.newsroom.example/en/news/story.php?id=17", None),
        ("https://www.newsroom.example/en/news.php?id=3", None),
        ("https://www.newsroom.example/en/2019/05/old", None),
        ("https://api.newsroom.example/news/v1/timeline", None),
        ("https://www.newsroom.example/en/%D9%85%D8%B1%D9%81%D8%A3", "مرفأ"),
        ("/en/harbour-reopens", "harbour-reopens"),
        ("https://api.newsroom.example/news/v1/articles/harbour-reopens", "harbour-reopens"),
        ("https://api.newsroom.example/news/v1/articles/harbour-reopens/related?limit=3", "harbour-reopens"),
        ("https://api.newsroom.example/news/v1/articles/harbour-reopens.ninjs.json", "harbour-reopens"),
        ("https://www.newsroom.example/harbour-reopens", None),
        ("https://elsewhere.example/en/harbour-reopens", None),
        ("https://www.newsroom.example/en", None),
        ("wire 123", None),
        ("", None),
        ("https://[", None),
    ],
)
def test_slug_is_read(text: str, slug: str | None) -> None:
    assert read(text).slug == slug


def test_id_in_an_address_of_ours_is_read() -> None:
    assert read(f"https://api.newsroom.example/news/v1/articles/{ID}").id == UUID(ID)
    assert read(f"https://elsewhere.example/{ID}").id is None


def test_only_an_address_names_a_page() -> None:
    assert read("https://old.example/story?id=1").page == read("http://www.old.example/story/?id=1#x").page
    assert read("/story").page == read("https://www.newsroom.example/story").page
    assert read("story").page is None
    assert read("ftp://old.example/story").page is None


def test_external_id_is_the_text_itself() -> None:
    assert read("tag:wire.example,2026:Item/123").external_id == "tag:wire.example,2026:Item/123"
