"""A real browser, and sites for it to show: Chromium without a window, which reaches nothing but this host.

Found as Debian's `chromium`, or a build of another name. Where there is none, its tests are skipped; with CI=true in
the environment they fail.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Of a loaded machine; what is expected is looked for again until then.
LIMIT_MILLISECONDS = 30_000
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, with a profile of its own. Skips the test where there is none."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        told = "needs Chromium: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    expect.set_options(timeout=LIMIT_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass(frozen=True, slots=True)
class Content:
    """What a site answers at an address."""

    body: str
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})


@dataclass(frozen=True, slots=True)
class Site:
    """A site of somebody else: an origin of its own, with whatever a test puts at its paths."""

    url: str
    contents: dict[str, Content] = field(default_factory=dict)


@contextmanager
def site() -> Iterator[Site]:
    """A site that is up, and empty."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = opened.contents.get(urlsplit(self.path).path)
            self.send_response(200 if found else 404)
            for name, value in found.headers.items() if found else ():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(found.body.encode() if found else b"")

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the test's own output is enough."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        opened = Site(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield opened
        finally:
            server.shutdown()
            thread.join()
