from datetime import UTC, datetime, timedelta

import pytest

from app.newsroom.lifecycle import (
    Command,
    Correct,
    Decision,
    Edit,
    ImpossibleTransition,
    Publish,
    Receive,
    Standing,
    Status,
    Unschedule,
    Withdraw,
    decide,
    state,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PAST, SOON, LATER = NOW - timedelta(hours=1), NOW + timedelta(hours=1), NOW + timedelta(hours=2)

DRAFT = Standing(Status.DRAFT, is_edited=True)
SCHEDULED = Standing(Status.DRAFT, is_edited=True, scheduled_at=SOON)
PUBLIC = Standing(Status.PUBLISHED, is_edited=False)
EDITED = Standing(Status.PUBLISHED, is_edited=True)
PUBLIC_SCHEDULED = Standing(Status.PUBLISHED, is_edited=False, scheduled_at=SOON)
EDITED_SCHEDULED = Standing(Status.PUBLISHED, is_edited=True, scheduled_at=SOON)
WITHDRAWN = Standing(Status.WITHDRAWN, is_edited=False)
WITHDRAWN_EDITED = Standing(Status.WITHDRAWN, is_edited=True)
WITHDRAWN_SCHEDULED = Standing(Status.WITHDRAWN, is_edited=False, scheduled_at=SOON)

STANDINGS = {
    "draft": DRAFT,
    "scheduled": SCHEDULED,
    "public": PUBLIC,
    "edited": EDITED,
    "public-scheduled": PUBLIC_SCHEDULED,
    "edited-scheduled": EDITED_SCHEDULED,
    "withdrawn": WITHDRAWN,
    "withdrawn-edited": WITHDRAWN_EDITED,
    "withdrawn-scheduled": WITHDRAWN_SCHEDULED,
}
COMMANDS: dict[str, Command] = {
    "now": Publish(),
    "past": Publish(at=PAST),
    "present": Publish(at=NOW),
    "soon": Publish(at=SOON),
    "later": Publish(at=LATER),
    "receive": Receive(),
    "edit": Edit(),
    "unschedule": Unschedule(),
    "correct": Correct(),
    "withdraw": Withdraw(),
}
REFUSED = None
STAND, SAVE, RELEASE = Decision.STAND, Decision.SAVE, Decision.RELEASE
SCHEDULE, CANCEL = Decision.SCHEDULE, Decision.UNSCHEDULE
CORRECT, WITHDRAW = Decision.CORRECT, Decision.WITHDRAW

# One line a standing; the columns are the commands in their order.
TABLE = {
    # now, past, present, soon, later, receive, edit, unschedule, correct, withdraw
    "draft":               (RELEASE, RELEASE, RELEASE, SCHEDULE, SCHEDULE, SAVE, SAVE, REFUSED, REFUSED, REFUSED),
    "scheduled":           (RELEASE, RELEASE, RELEASE, STAND, SCHEDULE, SAVE, SAVE, CANCEL, REFUSED, REFUSED),
    "public":              (STAND, STAND, STAND, SCHEDULE, SCHEDULE, SAVE, SAVE, REFUSED, CORRECT, WITHDRAW),
    "edited":              (RELEASE, RELEASE, RELEASE, SCHEDULE, SCHEDULE, SAVE, SAVE, REFUSED, CORRECT, WITHDRAW),
    "public-scheduled":    (CANCEL, CANCEL, CANCEL, STAND, SCHEDULE, SAVE, SAVE, CANCEL, CORRECT, WITHDRAW),
    "edited-scheduled":    (RELEASE, RELEASE, RELEASE, STAND, SCHEDULE, SAVE, SAVE, CANCEL, CORRECT, WITHDRAW),
    "withdrawn":           (RELEASE, RELEASE, RELEASE, SCHEDULE, SCHEDULE, REFUSED, SAVE, REFUSED, REFUSED, REFUSED),
    "withdrawn-edited":    (RELEASE, RELEASE, RELEASE, SCHEDULE, SCHEDULE, REFUSED, SAVE, REFUSED, REFUSED, REFUSED),
    "withdrawn-scheduled": (RELEASE, RELEASE, RELEASE, STAND, SCHEDULE, REFUSED, SAVE, CANCEL, REFUSED, REFUSED),
}  # fmt: skip
CASES = [
    pytest.param(STANDINGS[standing], COMMANDS[command], decision, id=f"{standing}-{command}")
    for standing, decisions in TABLE.items()
    for command, decision in zip(COMMANDS, decisions, strict=True)
]


@pytest.mark.parametrize(("standing", "command", "decision"), CASES)
def test_every_command_has_its_answer_in_every_standing(
    standing: Standing, command: Command, decision: Decision | None
) -> None:
    if decision is not REFUSED:
        assert decide(standing, command, now=NOW) is decision
        return
    with pytest.raises(ImpossibleTransition) as refused:
        decide(standing, command, now=NOW)
    assert refused.value.status == 409
    assert refused.value.members == {"state": state(standing)}


def test_scheduling_the_same_time_as_minor_is_a_change() -> None:
    assert decide(SCHEDULED, Publish(at=SOON, is_minor=True), now=NOW) is SCHEDULE


@pytest.mark.parametrize(
    ("standing", "word"),
    [
        (DRAFT, "draft"),
        (SCHEDULED, "scheduled"),
        (PUBLIC, "published"),
        (EDITED, "published"),
        (EDITED_SCHEDULED, "published"),
        (WITHDRAWN, "withdrawn"),
        (WITHDRAWN_SCHEDULED, "withdrawn"),
    ],
)
def test_state_is_one_word(standing: Standing, word: str) -> None:
    assert state(standing) == word


@pytest.mark.parametrize(
    ("standing", "command", "told"),
    [
        (DRAFT, Withdraw(), "The article is a draft; only a published article can be withdrawn."),
        (SCHEDULED, Withdraw(), "The article is scheduled; only a published article can be withdrawn."),
        (SCHEDULED, Correct(), "The article is scheduled; only a published article can be corrected."),
        (WITHDRAWN, Receive(), "The article is withdrawn; only publishing it again brings it back."),
        (PUBLIC, Unschedule(), "The article is published; no publication is scheduled."),
    ],
)
def test_refusal_says_where_the_article_stands(standing: Standing, command: Command, told: str) -> None:
    with pytest.raises(ImpossibleTransition, match=told.replace(".", r"\.")):
        decide(standing, command, now=NOW)
