"""A browser and a service for each file, a page for each test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import Site, chromium, site
from tests.syndication.embed.desk import Desk, Visit, open_desk, visiting


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. Its tests are not asynchronous: while it runs, this thread has a loop that is Playwright's."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service that the tests of a file share: each keeps to a section of its own. Not without a browser."""
    with open_desk(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@pytest.fixture
def partner() -> Iterator[Site]:
    """The site of a partner, at another origin than the service."""
    with site() as opened:
        yield opened


@pytest.fixture
def visit(browser: Browser, partner: Site) -> Iterator[Visit]:
    """A reader of the partner's site."""
    with visiting(browser, partner) as opened:
        yield opened
