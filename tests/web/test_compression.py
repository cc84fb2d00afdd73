"""Which coding a client gets: what the memory of answers takes for its key is what the library would choose."""

import httpx
import pytest
from fastapi import FastAPI

from app.web.compression import coding_of
from tests.web.sample import API_URL


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, zstd;q=0.1", "zstd"),
        ("br;q=0, gzip", "gzip"),
        ("GZIP", "gzip"),
        ("deflate", ""),
        ("nonsense;;,", ""),
        ("*", "zstd"),
    ],
)
async def test_coding_is_the_one_that_answers_have(app: FastAPI, accept_encoding: str, coding: str) -> None:
    assert coding_of(accept_encoding.encode()) == coding
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=API_URL) as client:
        answer = await client.get("/v1/things", headers={"Accept-Encoding": accept_encoding})
        assert answer.headers.get("content-encoding", "") == coding
