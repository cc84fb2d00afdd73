"""What RSS and Atom say in the same elements."""

import pytest

from app.syndication.atom import ATOM
from app.syndication.formats import Format
from app.syndication.rss import RSS
from tests.syndication.articles import EVERYTHING, PLAIN, QUOTED_URLS, TEN_IMAGES, article, image, rights
from tests.syndication.channels import document, found, strictly

ITEM = "//*[self::item or self::atom:entry]"

both = pytest.mark.parametrize("form", [RSS, ATOM], ids=["rss", "atom"])


@both
def test_every_picture_is_there_once_with_its_type_where_that_is_known(form: Format) -> None:
    root = strictly(document(form, TEN_IMAGES))
    assert found(root, "//media:content/@url") == [
        f"https://images.newsroom.example/picture-{number}.{extension}"
        for number, extension in enumerate(
            ["jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "php?id=1&size=2", "JPG", "tiff"]
        )
    ]
    assert found(root, "//media:content/@type") == [
        "image/jpeg",
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/avif",
        "image/svg+xml",
        "image/jpeg",
        "image/tiff",
    ]
    assert set(found(root, "//media:content/@medium")) == {"image"}
    assert found(root, "//enclosure") == []
    assert found(root, f"{ITEM}/media:thumbnail/@url") == ["https://images.newsroom.example/picture-0.jpg"]


@both
def test_nothing_is_said_of_a_picture_that_is_not_known(form: Format) -> None:
    bare = image("x", alt="", caption=None, credit=None, width=None, height=None)
    root = strictly(document(form, article(1, image=bare)))
    assert found(root, "//media:content/*") == []
    assert found(root, "//media:content/@*") == ["https://images.newsroom.example/x", "image"]


@both
def test_addresses_in_other_scripts_are_written_in_ascii(form: Format) -> None:
    root = strictly(document(form, QUOTED_URLS))
    assert found(root, "//atom:link[@rel='via']/@href") == [
        "https://xn--bcher-kva.example/stra%C3%9Fe?q='%C3%A4'&r=%22#%C3%BC"
    ]


@both
def test_source_is_named_and_linked_and_never_passed_for_a_feed(form: Format) -> None:
    root = strictly(document(form, EVERYTHING))
    assert found(root, f"{ITEM}/dc:source") == ["Port Wire"]
    assert found(root, f"{ITEM}/atom:link[@rel='via']/@href") == ["https://wire.example/harbour?a=1&b=2"]
    assert found(root, f"{ITEM}/source") == []
    unlinked = article(1, source={"name": "W", "url": None})
    assert found(strictly(document(form, unlinked)), "//atom:link[@rel='via']") == []


@both
def test_rights_are_carried(form: Format) -> None:
    root = strictly(document(form, EVERYTHING))
    assert found(root, f"{ITEM}/dc:rights | {ITEM}/atom:rights") == [
        "© 2026 Harbour Gazette – Not to be changed; credit the Harbour Gazette."
    ]
    assert found(root, f"{ITEM}/dcterms:rightsHolder") == ["Harbour Gazette"]
    assert found(root, f"{ITEM}/dcterms:valid") == ["end=2027-11-20T00:00:00Z;scheme=W3C-DTF"]
    assert found(root, f"{ITEM}/media:restriction[@relationship='allow'][@type='country']") == ["FR BE"]
    assert found(root, f"{ITEM}/dcterms:spatial") == ["Marseille"]


@both
@pytest.mark.parametrize(
    ("ai", "permits", "prohibits"),
    [
        ({"train": False, "ground": None, "summarise": None}, ["search ai-index ai-input"], ["ai-train"]),
        ({"train": True, "ground": True, "summarise": True}, ["search ai-index ai-input ai-train"], []),
        ({"train": None, "ground": False, "summarise": True}, ["search"], ["ai-index ai-input ai-train"]),
        ({"train": None, "ground": None, "summarise": False}, ["search"], ["ai-index ai-input ai-train"]),
    ],
)
def test_terms_for_machines_are_those_of_the_article_and_else_of_the_site(
    form: Format, ai: dict[str, bool | None], permits: list[str], prohibits: list[str]
) -> None:
    root = strictly(document(form, article(1, rights=rights(ai=ai))))
    assert found(root, "//rsl:license/rsl:permits[@type='usage']") == permits
    assert found(root, "//rsl:license/rsl:prohibits[@type='usage']") == prohibits
    assert found(root, "//rsl:license/rsl:permits[@type='geo']") == ["FR BE"]
    assert found(root, "//rsl:content/@url") == [str(article(1).links.self)]
    assert found(root, "//rsl:alternate") == [article(1).url]


@both
def test_terms_are_left_to_the_site_where_the_article_says_nothing(form: Format) -> None:
    silent = rights(ai={"train": None, "ground": None, "summarise": None})
    root = strictly(document(form, article(1, rights=silent), PLAIN))
    assert found(root, "//rsl:*") == []
    assert found(root, "//atom:link[@rel='license']/@href") == ["https://api.newsroom.example/license.xml"]


@both
@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"copyright_notice": None, "usage_terms": None}, ["© Harbour Gazette"]),
        ({"copyright_notice": None, "copyright_holder": None}, ["Not to be changed; credit the Harbour Gazette."]),
        ({"copyright_notice": None, "copyright_holder": None, "usage_terms": None}, []),
    ],
)
def test_rights_line_says_what_is_known(form: Format, changes: dict[str, None], line: list[str]) -> None:
    assert (
        found(strictly(document(form, article(1, rights=rights(**changes)))), f"{ITEM}/dc:rights | {ITEM}/atom:rights")
        == line
    )
