"""A CDN with memory, over real sockets: what it was told to forget, and how it fails when it is asked to."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Told:
    """One request that it was sent."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        """Its body, parsed."""
        return json.loads(self.body)

    @property
    def keys(self) -> list[str]:
        """What is to be forgotten, in whatever way a vendor says that."""
        return [key for name in ("keys", "tags", "surrogate_keys") for key in self.said.get(name, [])]

    @property
    def is_everything(self) -> bool:
        """Whether all is to be forgotten."""
        return self.path.endswith("purge_all") or any(
            self.said.get(name) for name in ("everything", "purge_everything")
        )


@dataclass
class Cdn:
    """`answer` is the status of the next answers, 0 to hang up, `takes` whether it would take what it is told.

    `told` is what it has taken, `refused` what not.
    """

    url: str = ""
    answer: int = 200
    body: bytes = b'{"success": true}'
    delay_seconds: float = 0.0
    on_purge: Callable[[Told], None] | None = None
    takes: Callable[[Told], bool] = lambda _: True
    told: list[Told] = field(default_factory=list)
    refused: list[Told] = field(default_factory=list)

    @property
    def keys(self) -> set[str]:
        """All that it was told by key."""
        return {key for told in self.told for key in told.keys}

    def wait(self, holds: Callable[[], bool]) -> None:
        """Returns when it holds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < deadline, f"told {len(self.told)}, refused {len(self.refused)}: {self.keys}"
            time.sleep(0.02)

    def wait_for(self, *keys: str) -> None:
        """Returns when it was told to forget these."""
        self.wait(lambda: self.keys.issuperset(keys))

    def status_for(self, told: Told) -> int:
        """What this is answered with."""
        return self.answer if self.takes(told) else 400

    def take(self, told: Told) -> None:
        """Keep in mind what it was told."""
        if 200 <= self.status_for(told) < 300:
            if self.on_purge:
                self.on_purge(told)
            self.told.append(told)
        else:
            self.refused.append(told)


@contextmanager
def listening() -> Iterator[Cdn]:
    """A CDN on a free port of this host."""
    cdn = Cdn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            told = Told(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            cdn.take(told)
            time.sleep(cdn.delay_seconds)
            if cdn.answer:
                self.send_response(cdn.status_for(told))
                self.send_header("Content-Length", str(len(cdn.body)))
                self.end_headers()
                self.wfile.write(cdn.body)
            self.close_connection = True

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    cdn.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield cdn
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
