"""Of all who ask for the same at one time one asks the application, and the others have what he gets.

What is asked for and what is made of an answer is for `edge`.
"""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass, field
from time import monotonic

from app.web.kept import Kept


@dataclass(slots=True, eq=False)
class Flight:
    """One computation under way. It lands with its answer, or with None where that is for nobody else."""

    began_at: float
    landed: asyncio.Future[Kept | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    async def wait(self, seconds: float) -> Kept | None:
        """The answer; None also where there is none after so long."""
        await asyncio.wait({self.landed}, timeout=max(seconds, 0.0))
        return self.landed.result() if self.landed.done() else None


class Flights:
    """The computations under way, by what they are to answer."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, Flight] = {}

    def find(self, key: Hashable) -> Flight | None:
        """The one under way, to be waited for."""
        return self._under_way.get(key)

    def begin(self, key: Hashable) -> Flight:
        """Another one, where there is none."""
        flight = self._under_way[key] = Flight(monotonic())
        return flight

    def land(self, key: Hashable, flight: Flight, answer: Kept | None) -> None:
        """Whoever waits goes on. A second landing of the same changes nothing."""
        if not flight.landed.done():
            del self._under_way[key]
            flight.landed.set_result(answer)
