"""Query parameters held to what the route declares: none unknown, none repeated unless a list, none badly encoded.

What each value must look like is declared with the types of `parameters`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Annotated, Any, get_args, get_origin
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.core.errors import BadParameter, Fault, UnknownParameter
from app.web.validation import MAX_NAME_LENGTH, safe, summary

SEQUENCES = (list, tuple, set, frozenset)
BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
MAX_NAMED = 20
# C0, DEL and C1: no name or value of ours has them, and PostgreSQL cannot take a NUL.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Declared:
    """The names of a route's query parameters, and which of them are lists."""

    names: frozenset[str]
    lists: frozenset[str]


async def known_parameters(request: Request) -> None:
    """A dependency for routers: refuses a query that is not made of the parameters of the matched route.

    Raises UnknownParameter or BadParameter naming each fault; what dependencies declare counts as the route's.
    """
    query: bytes = request.scope["query_string"]
    if not query:
        return
    declared = _declared(request)
    pairs = list(read_pairs(query))
    if unknown := _unknown(pairs, declared):
        raise UnknownParameter(summary(unknown), errors=unknown)
    if repeated := _repeated(pairs, declared):
        raise BadParameter(summary(repeated), errors=repeated)


async def own_parameters(request: Request) -> list[tuple[str, str]]:
    """A dependency for addresses outside the API: the parameters of the matched route, in order; others are ignored.

    Raises BadParameter naming each fault.
    """
    declared = _declared(request)
    query: bytes = request.scope["query_string"]
    parts = [part for part in query.split(b"&") if plain_name(part) in declared.names]
    pairs = list(read_pairs(b"&".join(parts)))
    if repeated := _repeated(pairs, declared):
        raise BadParameter(summary(repeated), errors=repeated)
    return pairs


def parameters_outside(app: FastAPI, prefix: str) -> frozenset[str]:
    """The names of all query parameters of routes whose path does not begin with this."""
    known: frozenset[str] | None = getattr(app.state, "parameters_outside", None)
    if known is None:
        contexts = [
            context for context in iter_route_contexts(app.routes) if not (context.path or "").startswith(prefix)
        ]
        dependants = [context.dependant for context in contexts if isinstance(context.original_route, APIRoute)]
        known = frozenset(name for dependant in dependants for name, _ in _query_fields(dependant))
        app.state.parameters_outside = known
    return known


def plain_name(part: bytes) -> str:
    """The name of one part of a query, however badly it is encoded."""
    return unquote_to_bytes(part.partition(b"=")[0].replace(b"+", b" ")).decode("utf-8", errors="replace")


def read_pairs(query: bytes) -> Iterator[tuple[str, str]]:
    """The names and values of a query, in order. Raises BadParameter at the first that is badly encoded."""
    for part in query.split(b"&"):
        if not part:
            continue
        name, _, value = part.partition(b"=")
        read = _decoded(name)
        yield read, _decoded(value, of=read)


def _decoded(raw: bytes, *, of: str = "") -> str:
    if BROKEN_ESCAPE.search(raw):
        raise _badly_encoded("a percent sign must be followed by two hexadecimal digits", of)
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        raise _badly_encoded("is not UTF-8", of) from None
    if CONTROL.search(text):
        raise _badly_encoded("holds a control character", of)
    return text


def _badly_encoded(reason: str, name: str) -> BadParameter:
    fault = Fault(reason, parameter=_shown(name))
    return BadParameter(summary([fault]), errors=[fault])


def _unknown(pairs: list[tuple[str, str]], declared: Declared) -> list[Fault]:
    names = dict.fromkeys(name for name, _ in pairs if name not in declared.names)
    # Looking for what was meant takes time, and a query has room for thousands of names.
    return [Fault(_did_you_mean(name, declared), parameter=_shown(name)) for name in islice(names, MAX_NAMED)]


def _did_you_mean(name: str, declared: Declared) -> str:
    close = get_close_matches(name[:MAX_NAME_LENGTH], sorted(declared.names), n=1)
    return f"unknown query parameter; did you mean {close[0]}?" if close else "unknown query parameter"


def _repeated(pairs: list[tuple[str, str]], declared: Declared) -> list[Fault]:
    counted = Counter(name for name, _ in pairs)
    twice = [name for name, count in counted.items() if count > 1 and name not in declared.lists]
    return [Fault("may be given only once", parameter=name) for name in twice]


def _shown(name: str) -> str:
    return safe(name, length=MAX_NAME_LENGTH)


def _declared(request: Request) -> Declared:
    # Kept with the application, whose routes live as long as it does: routes have an equality but no hash.
    known: dict[int, Declared] = request.app.state.__dict__.setdefault("declared_parameters", {})
    route: APIRoute = request.scope["route"]
    if id(route) not in known:
        known[id(route)] = _declared_by(request.app, route)
    return known[id(route)]


def _declared_by(app: FastAPI, route: APIRoute) -> Declared:
    # A route alone does not know the dependencies of the routers that include it; its contexts in the tree do.
    contexts = [context for context in iter_route_contexts(app.routes) if context.original_route is route]
    dependants = [context.dependant for context in contexts] or [route.dependant]
    fields = [field for dependant in dependants for field in _query_fields(dependant)]
    return Declared(
        names=frozenset(name for name, _ in fields),
        lists=frozenset(name for name, annotation in fields if _is_list(annotation)),
    )


def _query_fields(dependant: Dependant) -> Iterator[tuple[str, Any]]:
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from ((_name(info, name), info.annotation) for name, info in annotation.model_fields.items())
        else:
            yield field.validation_alias or field.alias, annotation
    for dependency in dependant.dependencies:
        yield from _query_fields(dependency)


def _name(info: FieldInfo, name: str) -> str:
    return info.validation_alias if isinstance(info.validation_alias, str) else info.alias or name


def _is_list(annotation: Any) -> bool:
    if annotation in SEQUENCES or get_origin(annotation) in SEQUENCES:
        return True
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _is_list(arguments[0])
    # Only unions are looked into: the arguments of anything else are not what the parameter is.
    return bool(arguments) and type(None) in arguments and any(_is_list(argument) for argument in arguments)
