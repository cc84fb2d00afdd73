"""A process of its own that writes notes: `python -m tests.db.writer URL FIRST COUNT PAUSE`.

PAUSE is where it stops for ever: `within` its last transaction, `after` it, or `never`. It says `ready` when there.
"""

import asyncio
import sys
import time

from sqlalchemy.orm import Session

from app.db import open_database
from app.db.dialect import ring
from tests.db import notes


def stop_here() -> None:
    print("ready", flush=True)
    time.sleep(300)


def add(session: Session, number: int) -> None:
    notes.add(session, number)
    ring(session)


def add_and_stop(session: Session, number: int) -> None:
    add(session, number)
    stop_here()


async def main(url: str, first: int, amount: int, pause: str) -> None:
    database = open_database(url)
    last = first + amount - 1
    for number in range(first, last + 1):
        await database.write(add_and_stop if pause == "within" and number == last else add, number)
    if pause == "after":
        stop_here()
    await database.close()


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
