from typing import Any

import pytest

from app.core.errors import InvalidBody
from app.newsroom.inputs import merged, named, read_article
from tests.newsroom.bad_input import INVALID
from tests.newsroom_client import article


@pytest.mark.parametrize(("fields", "pointer"), INVALID)
def test_bad_field_is_named_by_its_pointer(fields: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidBody) as refused:
        read_article(article(**fields))
    assert [fault.pointer for fault in refused.value.errors] == [pointer]


@pytest.mark.parametrize("value", [None, [], "text", 5, True])
def test_input_that_is_no_object_is_refused(value: Any) -> None:
    with pytest.raises(InvalidBody) as refused:
        read_article(value)
    assert [fault.pointer for fault in refused.value.errors] == [""]


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(InvalidBody) as refused:
        read_article({"language": "xx yy", "tags": [{"name": ""}], "colour": "red"})
    pointers = {fault.pointer for fault in refused.value.errors}
    assert pointers == {"/language", "/headline", "/tags/0/name", "/colour"}


def test_faults_never_repeat_a_long_value() -> None:
    with pytest.raises(InvalidBody) as refused:
        read_article(article(language="e" * 10_000, body=[{"type": "x" * 10_000}]))
    assert max(len(fault.detail) for fault in refused.value.errors) <= 200


@pytest.mark.parametrize(
    ("field", "sent", "kept"),
    [
        ("headline", "  Harbour \n reopens  ", "Harbour reopens"),
        ("headline", "x" * 500, "x" * 500),
        ("summary", "", None),
        ("summary", "  \n ", None),
        ("short_headline", " ", None),
        ("section", "", None),
        ("place", "\t", None),
        ("language", "EN-gb", "en-GB"),
        ("language", "ZH-HANT-tw", "zh-Hant-TW"),
        ("slug", "gaza-غزة", "gaza-غزة"),
        ("external_id", "wire/2025/05:18 #4", "wire/2025/05:18 #4"),
        ("tags", [], []),
    ],
)
def test_input_is_cleaned(field: str, sent: Any, kept: Any) -> None:
    assert getattr(read_article(article(**{field: sent})), field) == kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2025-05-18T14:08:00Z", "2025-05-18T14:08:00+00:00"),
        ("2025-05-18t14:08:00z", "2025-05-18T14:08:00+00:00"),
        ("2025-05-18T16:08:00.123456789+02:00", "2025-05-18T14:08:00.123456+00:00"),
        ("2024-02-29T00:00:00-05:30", "2024-02-29T05:30:00+00:00"),
    ],
)
def test_instants_are_read_as_rfc_3339_says(sent: str, kept: str) -> None:
    read = read_article(article(published_at=sent)).published_at
    assert read is not None
    assert read.isoformat() == kept


def test_contract_example_is_accepted_whole() -> None:
    read = read_article(
        {
            "external_id": "wire-123",
            "language": "en",
            "headline": "…",
            "short_headline": None,
            "summary": "…",
            "body": [{"type": "paragraph", "html": "…"}],
            "section": "world",
            "tags": [{"name": "Ukraine", "kind": "place"}],
            "contributors": [{"name": "…", "role": "author"}],
            "image": {"url": "https://a.example/x.jpg", "alt": "…", "caption": "…", "credit": "…"}
            | {"width": 1200, "height": 800, "focal_point": [0.5, 0.4]},
            "place": "Istanbul",
            "source": {"name": "…", "url": "https://wire.example/"},
            "slug": None,
            "breaking": False,
            "translation_of": None,
            "published_at": "2025-05-18T14:08:00Z",
            "updated_at": None,
            "rights": None,
        }
    )
    assert read.image is not None
    assert read.image.focal_point == [0.5, 0.4]


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [  # RFC 7396, appendix A
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_patches_merge_as_rfc_7396_says(target: Any, patch: Any, result: Any) -> None:
    before = repr(target)
    assert merged(target, patch) == result
    assert repr(target) == before


def test_address_gives_the_external_id() -> None:
    assert named(read_article(article()), "wire-1").external_id == "wire-1"
    assert named(read_article(article(external_id="wire-1")), "wire-1").external_id == "wire-1"


@pytest.mark.parametrize(
    ("external_id", "address", "pointer", "parameter"),
    [
        ("wire-2", "wire-1", "/external_id", None),
        (None, "019a9c5e-8a3c-7c41-9d5e-2f6b7a1c0e11", None, "external_id"),
        (None, "019A9C5E-8A3C-7C41-9D5E-2F6B7A1C0E11", None, "external_id"),
        (None, " wire", None, "external_id"),
        (None, "a  b", None, "external_id"),
        (None, "x" * 201, None, "external_id"),
    ],
)
def test_bad_address_is_refused(
    external_id: str | None, address: str, pointer: str | None, parameter: str | None
) -> None:
    with pytest.raises(InvalidBody) as refused:
        named(read_article(article(external_id=external_id)), address)
    assert [(fault.pointer, fault.parameter) for fault in refused.value.errors] == [(pointer, parameter)]
