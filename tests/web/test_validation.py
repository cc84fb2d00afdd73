"""Where a fault is, and what is said of it."""

from typing import Annotated, Any, Literal

import pytest
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from app.core.errors import Fault, Problem
from app.web.validation import malformed, pointer, problem_of, safe


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Paragraph(Strict):
    type: Literal["paragraph"]
    html: str


class Image(Strict):
    type: Literal["image"]
    image: str
    url: str = ""


class Named(Strict):
    kind: str
    name: dict[str, int]


class Doc(Strict):
    body: list[Annotated[Paragraph | Image, Field(discriminator="type")]] = []
    place: str | Paragraph | None = None
    size: list[float] | None = None
    who: Named | None = None


def faults(body: Any, model: Any = Doc) -> list[Fault]:
    return list(problem(body, model).errors)


def problem(body: Any, model: Any = Doc) -> Problem:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(model).validate_python(body, from_attributes=True)
    errors = [{**error, "loc": ("body", *error["loc"])} for error in caught.value.errors()]
    return problem_of(RequestValidationError(errors, body=body))


PARAGRAPH = {"type": "paragraph", "html": "x"}


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"body": [PARAGRAPH, PARAGRAPH, PARAGRAPH, {"type": "paragraph", "html": 5}]}, ["/body/3/html"]),
        ({"body": [{"type": "paragraph"}]}, ["/body/0/html"]),
        ({"body": [{"type": "image"}]}, ["/body/0/image"]),
        ({"body": [{"type": "image", "image": 5}]}, ["/body/0/image"]),
        ({"body": [{"type": "image", "image": "x", "url": 5}]}, ["/body/0/url"]),
        ({"body": [{"type": "image", "image": "x", "paragraph": 5}]}, ["/body/0/paragraph"]),
        ({"body": [{"type": "video"}]}, ["/body/0"]),
        ({"body": [{}]}, ["/body/0"]),
        ({"body": "x"}, ["/body"]),
        ({"place": 5}, ["/place"]),
        ({"place": {"type": "paragraph"}}, ["/place", "/place/html"]),
        ({"size": [1.5, "x"]}, ["/size/1"]),
        ({"who": {"kind": "name", "name": {"first": "x"}}}, ["/who/name/first"]),
        ({"a/b": 1, "m~n": 2}, ["/a~1b", "/m~0n"]),
        ([], [""]),
    ],
)
def test_pointer_leads_to_the_fault(body: Any, pointers: list[str]) -> None:
    assert list(dict.fromkeys(fault.pointer for fault in faults(body))) == pointers


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"body": [{"type": "x" * 10_000}]}, "'type' must be one of 'paragraph', 'image'"),
        ({"body": [{}]}, "'type' is required"),
        ({"x": 1}, "Unknown field"),
        ({"body": [{"type": "paragraph"}]}, "Required"),
        ([], "Input should be an object"),
        ({"body": [{"type": "paragraph", "html": 5}]}, "Input should be a valid string"),
    ],
)
def test_detail_says_what_is_wrong(body: Any, detail: str) -> None:
    assert faults(body)[0].detail == detail


def test_message_never_repeats_a_long_value() -> None:
    secret = "s3cret" * 1000
    told = problem({"place": {"type": secret}, secret: 1})
    assert all(len(fault.detail) <= 200 and len(fault.pointer or "") <= 101 for fault in told.errors)


def test_faults_are_counted_in_the_detail_and_limited() -> None:
    told = problem({f"field{n}": n for n in range(80)})
    assert len(told.errors) == 50
    assert told.detail == "/field0: Unknown field (and 49 more: see errors)"


def test_parameters_come_before_the_body() -> None:
    errors = [
        {"type": "missing", "loc": ("body", "name"), "msg": "Field required"},
        {"type": "int_parsing", "loc": ("query", "limit"), "msg": "Input should be a valid integer"},
        {"type": "missing", "loc": ("header", "if-match"), "msg": "Field required"},
    ]
    told = problem_of(RequestValidationError(errors, body={}))
    assert (told.status, [fault.parameter for fault in told.errors]) == (400, ["limit", "if-match"])


def test_missing_body_is_named_as_such() -> None:
    told = problem_of(
        RequestValidationError([{"type": "missing", "loc": ("body",), "msg": "Field required"}], body=None)
    )
    assert (told.status, told.detail) == (422, "A JSON body is required")


@pytest.mark.parametrize(
    ("text", "position", "line", "column"),
    [("", 0, 1, 1), ("{x", 1, 1, 2), ('{\n  "a": x', 9, 2, 8), ("\n\n", 2, 3, 1)],
)
def test_malformed_counts_lines_and_columns_from_one(text: str, position: int, line: int, column: int) -> None:
    assert malformed("?", text=text, position=position).members == {"line": line, "column": column}


@pytest.mark.parametrize(
    ("names", "expected"),
    [((), ""), (("a", 0), "/a/0"), (("",), "/"), (("a/b", "m~n"), "/a~1b/m~0n"), (("a\x00",), "/a\ufffd")],
)
def test_pointer(names: tuple[int | str, ...], expected: str) -> None:
    assert pointer(names) == expected


def test_safe_text_is_short_and_visible() -> None:
    assert safe("été أخبار") == "été أخبار"
    assert safe("a\x00b\u202ec\ud800") == "a\ufffdb\ufffdc\ufffd"
    assert len(safe("x" * 1000)) == 200
