"""How a process hears that something was committed, by itself or by any other, as an interface.

What rings is for `sqlite_doorbell` and `postgres_doorbell`; what has changed, whoever waits reads for himself.
"""

from abc import ABC, abstractmethod


class Doorbell(ABC):
    """Saves waiting, and promises nothing else: it may ring for nothing, and whoever waits must look from time to time.

    For one who waits. Beginning to listen, again after a loss too, counts as rung: nobody knows what came before.
    """

    @abstractmethod
    async def wait(self, seconds: float) -> bool:
        """Whether it rang since the last call: True as soon as it does, False after `seconds` or when it cannot."""

    @abstractmethod
    async def close(self) -> None:
        """Ends its connection. It does not ring any more."""
