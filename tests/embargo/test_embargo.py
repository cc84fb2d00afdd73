"""Random lifecycles, and after each step the question whether any reader could know what was not published.

Two readings of "know": no byte of what is hidden is anywhere; and what changes drafts alone changes no public byte.
"""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.core.clock import format_instant, utc_now
from app.newsroom.publishing import release_due
from app.settings import Settings
from tests.embargo.desk import Editor, Story
from tests.embargo.reader import UNKNOWN, Answer, Ask, Reader
from tests.newsroom_client import open_newsroom

MOST_STORIES = 2
NUMBERS = st.integers(0, MOST_STORIES - 1)
NEVER_FOUND = {"/problems/∎"}
NEVER_STILL = {"/metrics"}  # which tells of the process, and of every question asked
SCHEDULED = "2071-02-03T04:05:06Z"
SITE, API = "https://www.newsroom.example", "https://api.newsroom.example"
Heard = dict[Ask, Answer]


class Embargo(RuleBasedStateMachine):
    """An editor, and a reader who looks over every public answer after each of his steps."""

    database_url: ClassVar[Any]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.heard: Heard = {}
        self.instants: list[str] = []
        self.released = 0

    def run(self, work: Any) -> Any:
        """The result of a coroutine, on the one loop of this run."""
        return self.runner.run(work)

    @initialize()
    def open(self) -> None:
        service = Settings(
            database_url=type(self).database_url(self.stack), site_url=SITE, api_url=API, worker_inside=False
        )
        self.newsroom = self.run(self.stack.enter_async_context(open_newsroom(service)))
        self.editor, self.reader = Editor(self.newsroom), Reader(self.newsroom.app)

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()

    def pick(self, number: int) -> Story:
        """One of the stories."""
        return self.editor.stories[number % len(self.editor.stories)]

    def silently(self, work: Any) -> None:
        """A step that readers cannot notice."""
        before = self.heard
        self.run(work)
        self.heard = self.run(self.look())
        for ask in before.keys() & self.heard.keys():
            if ask.path in NEVER_STILL:
                continue
            assert before[ask].is_same(self.heard[ask]), ask.address

    def openly(self, work: Any) -> None:
        """A step that changes what is public."""
        self.instants.append(format_instant(utc_now()))
        self.run(work)
        self.heard = self.run(self.look())

    @precondition(lambda self: len(self.editor.stories) < MOST_STORIES)
    @rule()
    def write(self) -> None:
        self.silently(self.editor.write(None))

    @precondition(lambda self: self.editor.stories)
    @rule(number=NUMBERS, verb=st.sampled_from(["rewrite", "rewrite", "change", "schedule", "unschedule", "preview"]))
    def edit(self, number: int, verb: str) -> None:
        """What is the newsroom's own affair."""
        story, editor = self.pick(number), self.editor
        match verb:
            case "rewrite":
                self.silently(editor.write(story))
            case "change":
                self.silently(editor.change(story))
            case "preview":
                self.silently(editor.preview(story))
            case "unschedule" if story.is_scheduled:
                self.silently(editor.unschedule(story))
            case _:
                self.silently(editor.schedule(story, SCHEDULED))

    @precondition(lambda self: len(self.editor.stories) > 1)
    @rule(number=NUMBERS, field=st.sampled_from(["pinned", "blocked"]))
    def choose(self, number: int, field: str) -> None:
        """What is to be read after a story shows only when both are public."""
        story, other = self.pick(number), self.pick(number + 1)
        work = self.editor.choose(story, other, field=field)
        (self.openly if story.is_public and other.is_public else self.silently)(work)

    @precondition(lambda self: self.editor.stories)
    @rule(number=NUMBERS)
    def publish(self, number: int) -> None:
        self.openly(self.editor.publish(self.pick(number)))

    @precondition(lambda self: any(not story.is_public for story in self.editor.stories))
    @rule()
    def release(self) -> None:
        """Its time comes, as this newsroom's clock has it: ten minutes later with every release."""
        story = next(story for story in self.editor.stories if not story.is_public)
        self.released += 1
        at = utc_now() + timedelta(minutes=10 * self.released)
        self.run(self.editor.schedule(story, format_instant(at)))

        async def come() -> None:
            database = self.newsroom.app.state.database
            assert await database.write(release_due, now=at, site_url=SITE, limit=10) == 1
            self.editor.went_out(story)

        self.openly(come())

    @precondition(lambda self: any(story.is_public for story in self.editor.stories))
    @rule()
    def correct(self) -> None:
        self.openly(self.editor.correct(next(story for story in self.editor.stories if story.is_public)))

    @precondition(lambda self: any(story.is_public for story in self.editor.stories))
    @rule(number=NUMBERS)
    def withdraw(self, number: int) -> None:
        public = [story for story in self.editor.stories if story.is_public]
        self.openly(self.editor.withdraw(public[number % len(public)]))

    @precondition(lambda self: any(story.is_public for story in self.editor.stories))
    @rule()
    def group(self) -> None:
        """What is public becomes a storyline, titled by a headline."""
        self.openly(self.editor.group())

    @precondition(lambda self: self.editor.grouped)
    @rule()
    def retitle(self) -> None:
        self.openly(self.editor.retitle())

    @invariant()
    def readers_know_nothing_that_is_hidden(self) -> None:
        hidden = self.editor.hidden()
        unpublished = {story.id for story in self.editor.stories if not story.was_public}
        for ask, answer in self.heard.items():
            told = {secret for secret in hidden | unpublished | {SCHEDULED[:10]} if secret in answer.text}
            assert not told, (ask.address, answer)

    @invariant()
    def unpublished_is_unknown(self) -> None:
        """Who guesses a draft's name hears what he would hear of a name that nobody ever gave."""
        for story in self.editor.stories:
            if story.was_public:
                continue
            names = {
                story.id,
                story.external_id,
                *(story.draft[name] for name in ("slug", "section", "short_headline")),
                *filed(story),
            }
            for ask, answer in self.heard.items():
                if ask.guess in names:  # the validator covers the echo
                    nobody = self.heard[Ask(ask.path, UNKNOWN if ask.guess == story.id else "nobody")]
                    assert answer.but(b"etag").is_same(nobody.but(b"etag")), ask.address

    async def look(self) -> Heard:
        """All that a reader who guesses every name can hear."""
        refs = [UNKNOWN, "nobody"]
        for story in self.editor.stories:
            refs += [story.id, story.external_id, story.draft["slug"], *sorted(story.slugs)]
        refs += [str(self.editor.storyline), *self.titles()] if self.editor.storyline else []
        words = ["nobody", *(story.draft["section"] for story in self.editor.stories), *self.titles()]
        names = [*words, *(name for story in self.editor.stories for name in filed(story))]
        asks = self.reader.questions(list(dict.fromkeys(refs)), words, names, self.instants[-2:])
        return await self.reader.hear(asks)

    def titles(self) -> list[str]:
        """What a storyline may be or have been called, newest first."""
        headlines = [story.draft["short_headline"] for story in self.editor.stories]
        return [*headlines, *sorted(self.editor.titles)[-1:]]


def filed(story: Story) -> list[str]:
    """What its draft is filed under, beside its section."""
    return [named["name"] for kind in ("tags", "contributors") for named in story.draft[kind]]


def sqlite_copies(template: Path) -> Any:
    """A fresh database for every run, of a migrated file."""

    def fresh(stack: AsyncExitStack) -> str:
        path = Path(stack.enter_context(TemporaryDirectory())) / "dateline.db"
        copyfile(template, path)
        return f"sqlite:///{path}"

    return fresh


def machine_on(database_url: Any) -> type[Embargo]:
    """The machine, over databases that this makes."""
    return type("Embargo", (Embargo,), {"database_url": staticmethod(database_url)})


@pytest.mark.parametrize(("examples", "steps"), [(3, 12), pytest.param(200, 25, marks=pytest.mark.soak)])
def test_no_reader_learns_of_what_is_not_public(sqlite_template: Path, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        machine_on(sqlite_copies(sqlite_template)),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_withdrawn_words_title_no_storyline(database_url: str) -> None:
    life = machine_on(lambda stack: database_url)()
    steps: list[Callable[[], Any]] = [
        life.open,
        life.write,
        life.write,
        lambda: life.publish(0),
        lambda: life.publish(1),
        life.group,
        life.correct,  # the title follows
        lambda: life.withdraw(0),
        lambda: life.withdraw(0),
        lambda: life.publish(0),
        life.group,
        life.retitle,
        lambda: life.withdraw(0),
    ]
    try:
        for step in steps:
            step()
            life.readers_know_nothing_that_is_hidden()
            life.unpublished_is_unknown()
    finally:
        life.teardown()


def test_no_reader_learns_of_what_was_taken_back(database_url: str) -> None:
    life = machine_on(lambda stack: database_url)()
    steps: list[Callable[[], Any]] = [
        life.open,
        life.write,
        lambda: life.edit(0, "schedule"),
        lambda: life.publish(0),
        lambda: life.edit(0, "rewrite"),
        lambda: life.publish(0),
        life.group,
        life.correct,
        lambda: life.edit(0, "rewrite"),
        lambda: life.edit(0, "schedule"),
        lambda: life.withdraw(0),
        lambda: life.edit(0, "change"),
        life.release,
        life.correct,
    ]
    answered: set[str] = set()
    try:
        for step in steps:
            step()
            life.readers_know_nothing_that_is_hidden()
            life.unpublished_is_unknown()
            answered |= {ask.path.partition("?")[0] for ask, answer in life.heard.items() if answer.status == 200}
        assert answered >= {path for ask in life.heard if (path := ask.path.partition("?")[0]) not in NEVER_FOUND}
    finally:
        life.teardown()
