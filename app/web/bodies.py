"""Routes that take JSON: who may write is asked first, then what type the body is, then whether it is JSON.

What the JSON must contain is for the types that a route declares; its size is for the `limits` middleware.
"""

import json
import math
import re
from collections.abc import Awaitable, Callable, Coroutine
from email.message import Message
from typing import Any, TypeVar

from fastapi import Request
from fastapi.params import Body
from fastapi.routing import APIRoute
from starlette.responses import Response

from app.core.errors import Fault, InvalidBody, MalformedBody, UnsupportedMediaType
from app.web.validation import malformed, pointer, summary

Caller = TypeVar("Caller")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

JSON = "application/json"
CHARSETS = ("utf-8", "utf8", "us-ascii")
MAX_DEPTH = 100
# A sign that a text may nest too deep, or hold what no text may hold: only then is it worth a walk.
SUSPECT = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")


class JsonRequest(Request):
    """A request whose JSON is read by our rules, which are stricter than the framework's."""

    async def json(self) -> Any:
        """The body as JSON. Raises MalformedBody, or InvalidBody for a text with NUL in it."""
        if not hasattr(self, "_json"):
            self._json = parse_json(await self.body())
        return self._json


async def _directly(request: Request, _caller: object, handle: Handler) -> Response:
    return await handle(request)


def guarded(
    authenticate: Callable[[Request], Awaitable[Caller]],
    *,
    around: Callable[[Request, Caller, Handler], Awaitable[Response]] = _directly,
) -> type[APIRoute]:
    """A class of routes that await `authenticate(request)` before anything else of a request is looked at.

    A caller without a key thus learns nothing about bodies. Then `around` decides, before the body is understood,
    whether and how the request is handled. Bodies may have the type that the route declares with
    `Body(media_type=...)`, and always `application/json`.
    """

    class WriteRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            handle = super().get_route_handler()
            media_types = _media_types(self)

            async def handle_read(request: Request) -> Response:
                if media_types and await request.body():
                    require_media_type(request, media_types)
                    # Here and not in the framework, which takes every failure to read a body for the same one.
                    await request.json()
                return await handle(request)

            async def handle_guarded(request: Request) -> Response:
                caller = await authenticate(request)
                return await around(JsonRequest(request.scope, request.receive), caller, handle_read)

            return handle_guarded

    return WriteRoute


def require_media_type(request: Request, accepted: tuple[str, ...]) -> None:
    """Nothing, when the body is declared as one of the `accepted` types, in UTF-8 and not compressed.

    Raises UnsupportedMediaType, naming what is accepted (RFC 9110, 15.5.16).
    """
    declared = request.headers.get("content-type", "")
    message = Message()
    message["content-type"] = declared
    charset = message.get_content_charset("utf-8")
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if declared and message.get_content_type() in accepted and charset in CHARSETS and coding == "identity":
        return
    field = "Accept-Patch" if request.method == "PATCH" else "Accept"
    wanted = " or ".join(accepted)
    raise UnsupportedMediaType(f"Send the body as {wanted}, uncompressed.", headers={field: ", ".join(accepted)})


def parse_json(body: bytes) -> Any:
    """The value of one JSON text (RFC 8259) that every other reader would understand in the same way (RFC 7493).

    Raises MalformedBody for anything else, and InvalidBody where a text holds NUL, which no database takes.
    """
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=_object, parse_float=_number, parse_constant=_constant)
    except UnicodeDecodeError:
        raise MalformedBody("The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise malformed(error.msg, text=text, position=error.pos) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        # Python refuses to read integers of thousands of digits.
        raise MalformedBody("The body holds a number that is too long.") from None
    if text.count("[") + text.count("{") > MAX_DEPTH or SUSPECT.search(text):
        _inspect(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise MalformedBody("An object of the body has the same name twice.")
    return found


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise MalformedBody("The body holds a number that is too large.")
    return number


def _constant(name: str) -> float:
    raise MalformedBody(f"The body holds {name}, which is not JSON.")


def _inspect(value: Any) -> None:
    # A loop with a stack of its own: the recursion that this guards against must not happen here.
    pending: list[tuple[Any, tuple[int | str, ...]]] = [(value, ())]
    while pending:
        found, path = pending.pop()
        if isinstance(found, str):
            _inspect_text(found, path)
        elif isinstance(found, dict | list):
            if len(path) >= MAX_DEPTH:
                raise _too_deep()
            items = found.items() if isinstance(found, dict) else enumerate(found)
            for name, child in items:
                if isinstance(name, str):
                    _inspect_text(name, path)
                if isinstance(child, str | dict | list):
                    pending.append((child, (*path, name)))


def _inspect_text(text: str, path: tuple[int | str, ...]) -> None:
    if "\0" in text:
        fault = Fault("The character NUL is not allowed", pointer=pointer(path))
        raise InvalidBody(summary([fault]), errors=[fault])
    try:
        text.encode()
    except UnicodeEncodeError:
        raise MalformedBody("The body holds half of a surrogate pair.") from None


def _too_deep() -> MalformedBody:
    return MalformedBody(f"The body is nested more than {MAX_DEPTH} levels deep.")


def _media_types(route: APIRoute) -> tuple[str, ...]:
    if route.body_field is None:
        return ()
    info = route.body_field.field_info
    declared = info.media_type if isinstance(info, Body) else JSON
    return tuple(dict.fromkeys((declared, JSON)))
