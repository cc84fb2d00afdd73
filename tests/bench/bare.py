"""The least that uvicorn can do: the same bytes and header fields for every request, in two messages.

What our answers cost is told relative to it. Run as `python -m tests.bench.bare FILE PORT`.
"""

import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

Message = dict[str, Any]
Field = tuple[bytes, bytes]
SENT_BY_UVICORN = (b"date", b"server")


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, header fields and bytes."""

    status: int
    fields: Sequence[Field]
    body: bytes

    def field(self, name: bytes) -> str:
        """The value of a header field that is there, its name in small letters."""
        return dict(self.fields)[name].decode("latin-1")

    def write(self, path: Path) -> None:
        """Keep it in a file."""
        fields = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in self.fields]
        path.write_bytes(json.dumps({"status": self.status, "fields": fields}).encode() + b"\n" + self.body)


def read(path: Path) -> Answer:
    """The answer that was written there, without what uvicorn adds."""
    head, _, body = path.read_bytes().partition(b"\n")
    told = json.loads(head)
    fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told["fields"]]
    return Answer(told["status"], [field for field in fields if field[0].lower() not in SENT_BY_UVICORN], body)


class Bare:
    """The application."""

    def __init__(self, answer: Answer) -> None:
        self._start = {"type": "http.response.start", "status": answer.status, "headers": list(answer.fields)}
        self._body = {"type": "http.response.body", "body": answer.body}

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        """Answer; what starts and ends the application is for nobody."""
        if scope["type"] == "http":
            await send(self._start)
            await send(self._body)


def main() -> None:
    """Serve what the file has, as `dateline serve` does but for the application."""
    path, port = sys.argv[1:]
    config = uvicorn.Config(
        Bare(read(Path(path))),
        port=int(port),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
