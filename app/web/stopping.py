"""What is done at once when the server is told to stop, while it still waits for what is under way.

The end of the lifespan is too late for that: servers come to it when the last answer is complete.
"""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def when_told_to_stop(act: Callable[[], None]) -> Iterator[None]:
    """Has `act` run on this loop when the process is told to stop, beside what the server does then.

    Only the main thread hears signals; elsewhere, and for a signal that no server handles, nothing is done.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    theirs = {told: handler for told in STOP_SIGNALS if callable(handler := signal.getsignal(told))}

    def hear(number: int, frame: FrameType | None) -> None:
        with suppress(RuntimeError):  # of a loop that is closed
            loop.call_soon_threadsafe(act)
        theirs[signal.Signals(number)](number, frame)

    for told in theirs:
        signal.signal(told, hear)
    try:
        yield
    finally:
        for told, handler in theirs.items():
            if signal.getsignal(told) is hear:
                signal.signal(told, handler)
