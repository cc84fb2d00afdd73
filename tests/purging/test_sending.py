"""What a service answers may be compressed: Cloudflare says in the body whether it has taken a purge."""

import gzip

import httpx
import pytest

from app.purging.sending import NotSent, send
from app.purging.services import Call, Service

CLOUDFLARE = Service("cloudflare", "https://cdn.example", "t0ken", "zone")


async def told(body: bytes) -> None:
    answer = httpx.Response(200, content=gzip.compress(body), headers={"Content-Encoding": "gzip"})
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer)) as client:
        await send(client, CLOUDFLARE, Call("https://cdn.example/purge", {}, b"{}"))


async def test_compressed_success_is_a_success() -> None:
    await told(b'{"success":true}')


async def test_compressed_failure_is_a_failure() -> None:
    with pytest.raises(NotSent):
        await told(b'{"success":false}')
