"""A reader who asks every public operation of the OpenAPI document about everything that he has heard of.

A new endpoint is asked from the day it is in the document.
"""

import asyncio
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI

from app.core.clock import utc_now
from app.web.openapi import operations
from app.web.paging import Cursor
from app.web.paths import is_private

HIDDEN = "∎"
UNKNOWN = "019a9c5e-8a3c-7c41-9d5e-2f6b7a1c0e11"
OWN_OF_THE_EXCHANGE = frozenset({b"date", b"x-request-id", b"content-length", b"cache-status"})
FILTERS = dict.fromkeys(("tag", "section", "contributor", "q", "articles"), HIDDEN)
FILTERS["url"] = f"https://www.newsroom.example/{HIDDEN}"
NAMING = {"articles", "url"}
RESOLVING = "/v1/resolve"
FORMER_SITE = "https://old.newsroom.example"
OPTIONS = {
    "after": ["0"],
    "view": ["document"],
    "include": ["related,timeline,storyline"],
    "language": ["en"],
    "limit": ["1"],
    "collapse": ["storyline"],
}
NUMBERS = range(1, 5)
PLACES = {"month": f"{utc_now():%Y-%m}"}
PARAMETER = re.compile(r"\{(\w+)\}")
SILENCE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, with what the reader sent taken out, so that an echo is no answer."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def but(self, *names: bytes) -> "Answer":
        """The same without these header fields."""
        return replace(self, headers=tuple(field for field in self.headers if field[0] not in names))

    def is_same(self, other: "Answer") -> bool:
        """Whether the two tell the same; a date of change appears by itself, two seconds after the change."""
        dated = [b"last-modified" in dict(answer.headers) for answer in (self, other)]
        return self == other if all(dated) else self.but(b"last-modified") == other.but(b"last-modified")

    @property
    def text(self) -> str:
        """All of it, to be searched; whatever is escaped, unescaped."""
        head = b"\n".join(value for _, value in self.headers).decode("latin-1")
        return f"{head}\n{self.body.decode(errors='replace')}".casefold()


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: the path with what stands for a guess, and the guess."""

    path: str
    guess: str = ""

    @property
    def address(self) -> str:
        """What is asked for."""
        return self.path.replace(HIDDEN, quote(self.guess, safe=""))


class Reader:
    """Asks as anybody on the internet may."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        document = app.openapi()
        self.public = [
            (path, operation)
            for path, method, operation in operations(document)
            if method == "get" and not is_private(path)
        ]

    def questions(
        self, refs: Sequence[str], words: Sequence[str], names: Sequence[str], instants: Sequence[str]
    ) -> Iterator[Ask]:
        """Every operation: plain, with what else it takes, of each ref or name in its path, each word as a filter."""
        for path, operation in self.public:
            declared = {p["name"]: p for p in operation.get("parameters", ()) if p["in"] == "query"}
            required = [f"{name}={_example(p)}" for name, p in declared.items() if p.get("required")]
            queries = list(_queries(declared, instants))
            known = names if "{vocabulary}" in path else refs
            for number, filled in enumerate(_fill(path, operation)):
                # What is written in another format is found in the same way.
                for query in ["", *([] if number else queries)]:
                    address = _joined(filled, [*required, *([query] if query else [])])
                    yield from (Ask(address, ref) for ref in (known if HIDDEN in filled else [""]))
            place = next(_fill(path, operation))
            for name in [] if HIDDEN in place else sorted(declared.keys() & FILTERS.keys()):
                others = [one for one in required if not one.startswith(f"{name}=")]
                is_naming = name in NAMING or path == RESOLVING
                for value in [FILTERS[name], *([f"{FORMER_SITE}/{HIDDEN}"] if path == RESOLVING else [])]:
                    address = _joined(place, [*others, f"{name}={value}"])
                    yield from (Ask(address, word) for word in (refs if is_naming else words))

    async def hear(self, asks: Iterable[Ask]) -> dict[Ask, Answer]:
        """The answer to each."""
        return {ask: await self.ask(ask) for ask in asks}

    async def ask(self, ask: Ask) -> Answer:
        """One answer; of a stream, what comes until it falls silent."""
        path, _, query = ask.address.partition("?")
        gone, sent = asyncio.Event(), asyncio.Queue[Any]()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "https",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(b"host", b"api.newsroom.example")],
            "client": ("127.0.0.1", 1),
            "server": ("api.newsroom.example", 443),
            "app": self.app,
        }

        async def receive() -> dict[str, Any]:
            await gone.wait()
            return {"type": "http.disconnect"}

        exchange = asyncio.create_task(self.app(scope, receive, sent.put))
        start = await asyncio.wait_for(sent.get(), 10)
        is_stream = any(value.startswith(b"text/event-stream") for _, value in start["headers"])
        body = await _body(sent, silence=SILENCE_SECONDS if is_stream else 10)
        gone.set()
        await asyncio.wait_for(exchange, 10)
        return _without(ask.guess, start, body)


async def _body(sent: asyncio.Queue[Any], *, silence: float) -> bytes:
    body = b""
    while True:
        try:
            message = await asyncio.wait_for(sent.get(), silence)
        except TimeoutError:
            return body
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            return body


def _without(guess: str, start: Mapping[str, Any], body: bytes) -> Answer:
    echoes = [guess.encode(), quote(guess, safe="").encode(), json.dumps(guess)[1:-1].encode()] if guess else []

    def cleaned(value: bytes) -> bytes:
        for echo in echoes:
            value = value.replace(echo, HIDDEN.encode())
        return value

    headers = sorted((name, cleaned(value)) for name, value in start["headers"] if name not in OWN_OF_THE_EXCHANGE)
    return Answer(start["status"], tuple(headers), re.sub(rb'"request_id":"[^"]*"', b"", cleaned(body)))


def _queries(declared: Mapping[str, Any], instants: Sequence[str]) -> Iterator[str]:
    """What else may be asked of an operation."""
    for name, values in (OPTIONS | {"as_of": instants}).items():
        is_number = name in declared and declared[name]["schema"].get("type") == "integer"
        if name in declared and not declared[name].get("required") and (name != "after" or is_number):
            yield from (f"{name}={quote(value, safe='')}" for value in values)
    if {"from", "to"} <= declared.keys() and "tag" not in declared:
        yield from (f"from={number}&to={number + 1}" for number in NUMBERS)


def _fill(path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    """The path with the place of a name marked, and all that may stand anywhere else."""
    declared = {p["name"]: p["schema"] for p in operation.get("parameters", ()) if p["in"] == "path"}
    choices = {name: _choices(name, declared[name]) for name in PARAMETER.findall(path)}
    for chosen in product(*choices.values()):
        yield path.format(**dict(zip(choices, chosen, strict=True)))


def _choices(name: str, schema: Mapping[str, Any]) -> Sequence[str]:
    if schema.get("type") == "integer":
        return [str(number) for number in NUMBERS]
    return schema.get("enum") or [PLACES.get(name, HIDDEN)]


def _joined(path: str, query: Sequence[str]) -> str:
    return f"{path}?{'&'.join(query)}" if query else path


def _example(parameter: Mapping[str, Any]) -> str:
    given = parameter.get("example") or next(iter(parameter.get("schema", {}).get("examples", ())), None)
    return quote(str(given or {"after": Cursor.beginning().encode()}.get(parameter["name"], "x")), safe="")
