"""Reading article input from JSON values, with every fault named by its place."""

from functools import reduce
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError

from app.core.errors import Fault, InvalidBody
from app.newsroom.schemas import ArticleIn, ExternalId
from app.web.validation import problem_of

_EXTERNAL_ID: TypeAdapter[str] = TypeAdapter(ExternalId)


def read_article(value: Any, *, within: tuple[str, ...] = ()) -> ArticleIn:
    """The article that a parsed JSON value describes. Raises InvalidBody with pointers to what is wrong.

    `within` names the places of the body that lead to the value.
    """
    try:
        return ArticleIn.model_validate(value)
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *within, *fault["loc"])} for fault in error.errors(include_url=False)]
        body = reduce(lambda inner, name: {name: inner}, reversed(within), value)
        raise problem_of(RequestValidationError(faults, body=body)) from None


def merged(target: Any, patch: Any) -> Any:
    """`target` with `patch` applied, as RFC 7396 says: null removes, objects merge, all else replaces."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def named(article: ArticleIn, external_id: str) -> ArticleIn:
    """The article under the external id of its address. Raises InvalidBody where the two differ, or it is not one."""
    try:
        _EXTERNAL_ID.validate_python(external_id)
    except ValidationError as error:
        detail = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise InvalidBody(f"The external id {detail}.", errors=[Fault(detail, parameter="external_id")]) from None
    if article.external_id not in (None, external_id):
        detail = "differs from the external id of the address"
        raise InvalidBody(f"/external_id: {detail}", errors=[Fault(detail, pointer="/external_id")])
    return article.model_copy(update={"external_id": external_id})
