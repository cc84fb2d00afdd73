"""Sending to a CDN what `services` says: a time limit, a little of the answer, and nothing of it in the log."""

import asyncio
import logging
from typing import Final

import httpx

from app.purging.services import Call, Service, is_done, is_refused

SECONDS: Final = 10.0
MOST_BYTES: Final = 65_536


class NotSent(Exception):  # noqa: N818 - says what became of it
    """The service has not taken it; the text says why, without an address or a key."""


class Refused(NotSent):
    """Nor will it, however often it is asked."""


def open_client() -> httpx.AsyncClient:
    """What requests are sent with; to be closed."""
    # httpx logs every address, and that of a webhook may be a secret.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, headers={"User-Agent": "Dateline"})


async def send(client: httpx.AsyncClient, service: Service, call: Call) -> None:
    """Returns once the service has taken it. Raises NotSent."""
    try:
        async with asyncio.timeout(SECONDS):
            status, body = await _exchange(client, call)
    except TimeoutError:
        raise NotSent("no answer in time") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise NotSent(type(error).__name__) from None  # what it says may repeat what was sent
    if is_refused(status):
        raise Refused(f"answered {status}")
    if not is_done(service, status, body):
        raise NotSent(f"answered {status}")


async def _exchange(client: httpx.AsyncClient, call: Call) -> tuple[int, bytes]:
    body = b""
    async with client.stream("POST", call.url, headers=call.headers, content=call.body) as answer:
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > MOST_BYTES:
                raise NotSent("answered too much")
    return answer.status_code, body
