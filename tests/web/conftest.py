"""The sample application, asked in process or over a real connection."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from tests.web.sample import API_URL, make_app
from tests.web.server import serving


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Log lines go nowhere: rendering tracebacks for nobody takes longer than the tests."""
    with capture_logs():
        yield


@pytest.fixture
def app() -> FastAPI:
    return make_app()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=API_URL) as client:
        yield client


@pytest.fixture(scope="session")
def port() -> Iterator[int]:
    with serving(make_app()) as port:
        yield port


@pytest.fixture
def wire(port: int) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
        yield client
