"""The `dateline` command: parse, then call. What a command does is in the package that owns it."""

import asyncio
import gc
import os
import sys
from collections.abc import Awaitable, Callable
from importlib import metadata
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

from app.db.errors import CannotOpen, Overloaded, SchemaTooNew
from app.settings import PREFIX, Settings, SettingsError, unknown_variables

# Each command imports what it needs, so that `dateline --help` answers at once.

T = TypeVar("T")

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Dateline: publish once, deliver everywhere.",
)
keys = typer.Typer(no_args_is_help=True, help="API keys.")
cli.add_typer(keys, name="key")
indexes = typer.Typer(no_args_is_help=True, help="Make anew what followers of the log compute.")
cli.add_typer(indexes, name="reindex")

USAGE, FAILURE, INTERRUPTED = 2, 1, 130
LONGEST_KEY_NAME = 200
OBJECTS_BETWEEN_COLLECTIONS = 50_000


def main() -> None:
    """Run the command line; what a person can mend is told in one line on stderr."""
    # What starting loads stays: looking through it for garbage again and again takes a tenth of the start.
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    try:
        cli()
    except (SettingsError, CannotOpen, SchemaTooNew, Overloaded) as error:
        _fail(str(error))
    except BrokenPipeError:
        # Whoever read our output has had enough. Nothing may be written when Python closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILURE)


def _tell_version(is_asked: bool) -> None:
    if is_asked:
        print(f"dateline {metadata.version('dateline')}")
        raise typer.Exit


Version = typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version.")


@cli.callback()
def options(version: Annotated[bool, Version] = False) -> None:
    """What every command takes."""


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer requests.")] = 1,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Leave the background loops to `dateline work`.")
    ] = False,
    sample: Annotated[bool, typer.Option("--sample", help="Fill an empty database with the sample newsroom.")] = False,
) -> None:
    """Migrate if needed, then serve."""
    from app import serving

    if "api_url" not in Settings.load().model_fields_set:
        os.environ[f"{PREFIX}API_URL"] = serving.address(host, port)
    if no_worker:
        os.environ[f"{PREFIX}WORKER_INSIDE"] = "false"
    try:
        serving.serve(_ready(), host=host, port=port, workers=workers, with_sample=sample)
    except serving.CannotListen as error:
        _fail(str(error))


@cli.command()
def work() -> None:
    """Run the background loops alone."""
    from app import logs, serving

    settings = _ready()
    logs.configure(settings)
    asyncio.run(serving.work(settings))


@cli.command()
def migrate() -> None:
    """Bring the database to the current schema."""
    from app.db.migrating import current
    from app.db.migrating import migrate as upgrade

    settings = _settings()
    changed = upgrade(settings.database_url)
    print(f"{'migrated to' if changed else 'already at'} {current(settings.database_url)}")


@cli.command(name="import")
def import_files(
    files: Annotated[list[str], typer.Argument(help="JSON Lines of article input; .gz too; - for standard input.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")] = False,
) -> None:
    """Publish articles from files, upserting by `external_id`.

    A bad line is reported with its number and reason, and the rest go on; the exit status is then 1.
    """
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

    from app.articles.refreshing import rendered_for
    from app.db import Database
    from app.newsroom.importing import Import, Refusal
    from app.newsroom.rehearsing import Rehearsal

    settings = _ready()
    console = Console(stderr=True)
    sizes = [Path(name).stat().st_size if name != "-" and Path(name).is_file() else 0 for name in files]
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("importing", total=sum(sizes) or None)

        def tell(refusal: Refusal) -> None:
            console.print(
                f"{refusal.file}:{refusal.line}: {refusal.reason}", markup=False, highlight=False, soft_wrap=True
            )

        async def run(database: Database) -> Import:
            # A shell that is not told the site must not publish for another one than the service beside it.
            known = None if "site_url" in settings.model_fields_set else await database.read(rendered_for)
            site_url, rehearsal = known or settings.site_url, Rehearsal() if dry_run else None
            imported = Import(database, site_url, rehearsal, tell, lambda count: progress.advance(task, count))
            for name in files:
                await imported.read(name)
            return imported

        report = _with_database(settings, run).report
    counts = [f"{count} {outcome}" for outcome, count in report.outcomes.items()]
    refused = [f"{report.refused} refused"] if report.refused else []
    print(("would be: " if dry_run else "") + (", ".join(counts + refused) or "nothing"))
    if report.refused:
        raise typer.Exit(FAILURE)


@cli.command()
def export() -> None:
    """Print every public document as JSON Lines, after a line with the `seq` to follow from."""
    from app.articles.export import lines
    from app.db import Database

    settings = _ready()

    async def run(database: Database) -> None:
        async for line in lines(database, api_url=settings.api_url):
            sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()

    _with_database(settings, run)


@cli.command()
def render() -> None:
    """Render anew what was stored in an older format or for another site. The background loops do so too."""
    from app.articles.refreshing import refresh_all
    from app.db import Database

    settings = _ready()

    async def run(database: Database) -> int:
        return await refresh_all(database, site_url=settings.site_url)

    print(f"{_with_database(settings, run)} rendered anew")


@indexes.command(name="related")
def reindex_related() -> None:
    """Make the index of related stories anew from the log. Called again after an interruption, it goes on.

    Articles, storylines and what editors chose stay as they are; lists fill again as the index comes by.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from app.changes.positions import Position
    from app.db import Database
    from app.related.rebuilding import rebuild

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("reindexing", total=None)

        def tell(position: Position) -> None:
            progress.update(task, completed=position.seq, total=position.head)

        async def run(database: Database) -> None:
            await rebuild(database, tell=tell)

        _with_database(_ready(), run)


@indexes.command(name="search")
def reindex_search() -> None:
    """Make the index of search anew. Called again after an interruption, it starts over; searches are answered."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from app.db import Database
    from app.search import filling

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("reindexing", total=None)

        def tell(step: filling.Progress) -> None:
            progress.update(task, completed=step.done, total=step.total)

        async def run(database: Database) -> int:
            return await filling.refill(database, tell=tell)

        filled = _with_database(_ready(), run)
    print(f"{filled} articles in the index of search")


@keys.command(name="create")
def create_key(
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    scope: Annotated[list[str], typer.Option(help="What it allows: newsroom. May be repeated.")],
) -> None:
    """Print a new key, this once."""
    from app.core.clock import utc_now
    from app.db import Database
    from app.partners.keys import create

    if not (0 < len(name) <= LONGEST_KEY_NAME and name.isprintable()):
        _fail(f"a key's name is a line of at most {LONGEST_KEY_NAME} characters", status=USAGE)

    async def run(database: Database) -> str:
        return await database.write(create, name, scopes=scope, now=utc_now())

    try:
        key = _with_database(_ready(), run)
    except ValueError as error:
        _fail(str(error), status=USAGE)
    print(key)


@keys.command(name="list")
def list_keys() -> None:
    """Print every key's prefix, dates, scopes and name."""
    from app.core.clock import format_instant
    from app.db import Database
    from app.partners import keys as store

    async def run(database: Database) -> list[store.KeyLine]:
        return await database.read(store.list_keys)

    for key in _with_database(_ready(), run):
        state = f"revoked {format_instant(key.revoked_at)}" if key.revoked_at else "active"
        print("\t".join((key.prefix, state, format_instant(key.created_at), key.scopes, key.name)))


@keys.command(name="revoke")
def revoke_key(prefix: Annotated[str, typer.Argument(help="The key's prefix, from `dateline key list`.")]) -> None:
    """End a key at once."""
    from app.core.clock import utc_now
    from app.db import Database
    from app.partners.keys import revoke

    async def run(database: Database) -> bool:
        return await database.write(revoke, prefix, now=utc_now())

    if not _with_database(_ready(), run):
        _fail(f"no key that still works has the prefix {prefix!r}")


def _settings() -> Settings:
    from app.db.opening import parse_url

    settings = Settings.load()
    try:
        parse_url(settings.database_url)
    except ValueError as error:
        raise SettingsError(f"{PREFIX}DATABASE_URL: {error}") from None
    for name in unknown_variables():
        print(f"dateline: {name} is no setting of this version and is ignored; see .env.example", file=sys.stderr)
    return settings


def _ready() -> Settings:
    """The settings, with their database at the current schema."""
    from app import exactness
    from app.db.migrating import migrate as upgrade

    settings = _settings()
    exactness.register()
    upgrade(settings.database_url)
    return settings


def _with_database(settings: Settings, use: Callable[..., Awaitable[T]]) -> T:
    """What `use` returns, given the open database."""
    from app.db import open_database

    async def run() -> T:
        database = open_database(settings.database_url)
        try:
            return await use(database)
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _fail(reason: str, *, status: int = FAILURE) -> NoReturn:
    print(f"dateline: {reason}", file=sys.stderr)
    sys.exit(status)
