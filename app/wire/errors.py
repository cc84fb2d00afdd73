"""What can go wrong for who follows the log, as clients are told it."""

from collections.abc import Mapping
from typing import ClassVar

from app.core.errors import Conflict


class SeqAhead(Conflict):
    """The position asked for is one that the log has not come to."""

    slug = "seq-ahead"
    title = "The log has not come that far"
    explanation = (
        "The position lies above the newest change, whose number is `seq`. Positions come from the log, an export or "
        "`Dateline-Seq`, so yours is from another service, or from before this one was restored from a backup. What "
        "you keep may then differ from what is public: take a new export and follow from its `seq`."
    )
    example_detail = "The position asked for is 5000, and the log has come to 4711."
    fields = ("Dateline-Seq",)
    example_members: ClassVar[Mapping[str, object]] = {"seq": 4711}

    def __init__(self, asked: int, *, head: int) -> None:
        detail = f"The position asked for is {asked}, and the log has come to {head}."
        super().__init__(detail, headers={"Dateline-Seq": str(head)}, seq=head)


def check_reached(after: int, *, head: int) -> None:
    """Nothing, where the log has come to this position. Raises SeqAhead."""
    if after > head:
        raise SeqAhead(after, head=head)
