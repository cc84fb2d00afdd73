"""A real service with a newsroom, and somebody else's page in a real browser that shows its headlines."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Locator, Page

from tests.browser import Content, Site
from tests.command import run
from tests.newsroom_client import article
from tests.processes import LIMIT_SECONDS, Served, serving

KEY = "$DATELINE key create tests --scope newsroom"


@dataclass(frozen=True, slots=True)
class Desk:
    """The newsroom of a service that is up."""

    served: Served
    client: httpx.Client

    @property
    def script(self) -> str:
        """Where partners take the element from."""
        return f"{self.served.url}/embed/headlines.js"

    def publish(self, name: str, **fields: Any) -> None:
        """An article, or the next version of it."""
        content = article(headline=name) | fields
        answer = self.client.put(f"/v1/newsroom/articles/{name}?publish=true", json=content)
        assert answer.status_code in (200, 201), answer.text

    def withdraw(self, name: str) -> None:
        """Take an article back."""
        answer = self.client.post(f"/v1/newsroom/articles/{name}/withdraw", json={"reason": "error"})
        assert answer.status_code == 200, answer.text

    def timeline(self, query: str) -> list[dict[str, Any]]:
        """The cards that the API answers with."""
        cards: list[dict[str, Any]] = httpx.get(f"{self.served.url}/v1/timeline?{query}").json()["data"]
        return cards


@contextmanager
def open_desk(folder: Path, *, port: str = "", **settings: str) -> Iterator[Desk]:
    """A service over the database of this folder, with a key of its newsroom."""
    with serving(folder=folder, port=port, **settings) as served:
        # By a process of its own: in this one, Playwright keeps a loop running.
        key = run(KEY, folder=folder, **settings).out.strip()
        with httpx.Client(base_url=served.url, headers={"Authorization": f"Bearer {key}"}) as client:
            yield Desk(served, client)


@dataclass(frozen=True, slots=True)
class Visit:
    """One reader on the page of a partner; what went wrong in the page is remembered."""

    page: Page
    site: Site
    requested: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def show(self, script: str, elements: str, *, style: str = "", **headers: str) -> None:
        """Open a page with these elements."""
        html = (
            f'<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Partner</title><style>{style}</style>'
            f'<script src="{script}" async></script>{elements}'
        )
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        self.site.contents["/"] = Content(html, {"Content-Type": "text/html; charset=utf-8"} | fields)
        self.page.goto(self.site.url)

    @property
    def headlines(self) -> Locator:
        """The headlines on the page."""
        return self.part("headline")

    def part(self, name: str) -> Locator:
        """All parts of this name."""
        return self.page.locator(f"dateline-headlines [part={name}]")

    @property
    def message(self) -> Locator:
        """What the element says beside the list."""
        return self.page.locator("dateline-headlines [role=status] > span")

    @property
    def streams(self) -> list[str]:
        """The queries of the streams that the page asked for."""
        return [url.partition("?")[2] for url in self.requested if "/v1/stream?" in url]

    def focused(self) -> str:
        """The text of what has the focus inside the element."""
        inside = "document.querySelector('dateline-headlines').shadowRoot.activeElement"
        return str(self.page.evaluate(f"{inside}?.textContent"))

    def retried_until(self, headlines: list[str]) -> None:
        """Returns once the page shows these, with its clock (which must be installed) run through its pauses."""
        deadline = time.monotonic() + LIMIT_SECONDS
        while (shown := self.headlines.all_text_contents()) != headlines:
            assert time.monotonic() < deadline, f"shown are {shown}"
            self.page.clock.fast_forward("01:30")
            time.sleep(0.5)

    def hide(self, *, hidden: bool) -> None:
        """As when the reader turns to another tab, or back."""
        self.page.evaluate(
            "hidden => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });"
            " document.dispatchEvent(new Event('visibilitychange')) }",
            hidden,
        )


@contextmanager
def visiting(browser: Browser, site: Site, **options: Any) -> Iterator[Visit]:
    """A reader in Tokyo who reads English; nothing in the page may go wrong, and nobody else is asked for anything."""
    context = browser.new_context(**{"locale": "en-GB", "timezone_id": "Asia/Tokyo"} | options)
    visit = Visit(context.new_page(), site)
    visit.page.on("request", lambda request: visit.requested.append(request.url))
    visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
    yield visit
    context.close()
    assert visit.errors == []
    assert [url for url in visit.requested if not re.match(r"http://127\.0\.0\.1:\d+/", url)] == []
