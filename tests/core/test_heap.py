"""What is freed goes back to the system."""

import asyncio
import sys

import pytest

from app.core import heap
from tests.bench.meters import megabytes

HOLES = 40_000


@pytest.mark.skipif(sys.platform != "linux", reason="it is GNU's C library that can")
async def test_holes_are_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heap, "EVERY_SECONDS", 0.01)
    kept = [bytes(1000 + n % 50) for n in range(2 * HOLES)]
    del kept[::2]
    kept.append(bytes(1000))  # at the end: else the C library gives back by itself
    before = megabytes("VmRSS")
    loop = asyncio.create_task(heap.keep_giving_back())
    del kept[: HOLES - 1]
    await asyncio.sleep(0.2)
    loop.cancel()
    assert megabytes("VmRSS") < before - 0.5 * HOLES * 1000 / 2**20
