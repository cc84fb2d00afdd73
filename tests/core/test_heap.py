"""What is freed goes back to the system."""

import subprocess
import sys

import pytest

# In a process of its own: what else a test run has in memory decides where the holes are.
PROGRAM = """
import asyncio
from app.core import heap
from tests.bench.meters import megabytes

HOLES = 40_000

async def main():
    heap.EVERY_SECONDS = 0.01
    kept = [bytes(1000 + n % 50) for n in range(2 * HOLES)]
    del kept[::2]
    kept.append(bytes(1000))  # at the end: else the C library gives back by itself
    before = megabytes("VmRSS")
    loop = asyncio.create_task(heap.keep_giving_back())
    del kept[: HOLES - 1]
    for _ in range(200):
        await asyncio.sleep(0.05)
        if megabytes("VmRSS") < before - 0.5 * HOLES * 1000 / 2**20:
            return
    raise SystemExit(f"{megabytes('VmRSS')} of {before} MiB are still taken")

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it is GNU's C library that can")
def test_holes_are_given_back() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
