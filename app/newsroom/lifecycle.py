"""What a newsroom may do with an article, and what follows: rules without I/O, tested as a table of cases."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from app.core.errors import Conflict


class Status(StrEnum):
    """Where an article stands. A draft may be scheduled, and so may a new version of a published article."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


State = Literal["draft", "scheduled", "published", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a decision depends on; `is_edited` says that the draft differs from what is public."""

    status: Status
    is_edited: bool
    scheduled_at: datetime | None = None
    is_scheduled_minor: bool = False


@dataclass(frozen=True, slots=True)
class Publish:
    """Make public now, or at a time."""

    at: datetime | None = None
    is_minor: bool = False


@dataclass(frozen=True, slots=True)
class Receive:
    """Replace the draft by what a CMS or an import sends."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Change the draft in the newsroom."""


@dataclass(frozen=True, slots=True)
class Unschedule:
    """Do not publish at the time that was set."""


@dataclass(frozen=True, slots=True)
class Correct:
    """Change what readers see, and tell them."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take the public article back."""


Command = Publish | Receive | Edit | Unschedule | Correct | Withdraw


class Decision(StrEnum):
    """What to do. `STAND`: all is as asked already."""

    STAND = "stand"
    SAVE = "save"
    RELEASE = "release"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


class ImpossibleTransition(Conflict):
    """The article's state does not allow the command."""

    slug = "impossible-transition"
    title = "The article's state does not allow this"
    explanation = (
        "The command does not fit where the article stands. `state` says where that is: draft, scheduled, published or "
        "withdrawn. A withdrawn article comes back only by publishing it again; only a public one can be corrected, or "
        "withdrawn."
    )
    example_detail = "The article is a draft; only a published article can be withdrawn."


def decide(standing: Standing, command: Command, *, now: datetime) -> Decision:
    """What this command does to an article that stands so. Raises ImpossibleTransition."""
    match command:
        case Publish():
            return _publish(standing, command, now)
        case Receive():
            if standing.status is Status.WITHDRAWN:
                raise _impossible(standing, "only publishing it again brings it back")
            return Decision.SAVE
        case Edit():
            return Decision.SAVE
        case Unschedule():
            if standing.scheduled_at is None:
                raise _impossible(standing, "no publication is scheduled")
            return Decision.UNSCHEDULE
        case Correct():
            if standing.status is not Status.PUBLISHED:
                raise _impossible(standing, "only a published article can be corrected")
            return Decision.CORRECT
        case Withdraw():
            if standing.status is not Status.PUBLISHED:
                raise _impossible(standing, "only a published article can be withdrawn")
            return Decision.WITHDRAW


def state(standing: Standing) -> State:
    """The state in one word, as the newsroom is told it."""
    if standing.status is Status.DRAFT and standing.scheduled_at is not None:
        return "scheduled"
    return standing.status.value


def _publish(standing: Standing, command: Publish, now: datetime) -> Decision:
    if command.at is not None and command.at > now:
        is_set = (command.at, command.is_minor) == (standing.scheduled_at, standing.is_scheduled_minor)
        return Decision.STAND if is_set else Decision.SCHEDULE
    if standing.status is Status.PUBLISHED and not standing.is_edited:
        return Decision.STAND if standing.scheduled_at is None else Decision.UNSCHEDULE
    return Decision.RELEASE


def _impossible(standing: Standing, rule: str) -> ImpossibleTransition:
    word = state(standing)
    return ImpossibleTransition(f"The article is {'a draft' if word == 'draft' else word}; {rule}.", state=word)
