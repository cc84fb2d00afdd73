"""How Alembic reaches the database: the connection that `app.db.migrating` gives it, or one made the same way.

What there is to compare with is every package's `tables`.
"""

import os
from importlib import import_module
from logging.config import fileConfig
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, make_url

from app.db.base import Base, Instant, Uid
from app.db.migrating import exclusively

TABLES = ("articles", "changes", "newsroom", "partners", "purging", "related", "search", "taxonomy")


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Our own column types by their names."""
    if kind == "type" and isinstance(item, (Instant, Uid)):
        name = type(item).__name__
        autogen.imports.add(f"from app.db.base import {name}")
        return f"{name}()"
    return False


def run(**target: Any) -> None:
    context.configure(
        target_metadata=Base.metadata, compare_type=True, render_item=render_item, transactional_ddl=True, **target
    )
    with context.begin_transaction():
        context.run_migrations()


def run_on(connection: Connection) -> None:
    run(connection=connection, render_as_batch=connection.dialect.name == "sqlite")


def main() -> None:
    config = context.config
    if config.config_file_name:
        fileConfig(config.config_file_name, disable_existing_loggers=False)
    for package in TABLES:
        import_module(f"app.{package}.tables")
    url = config.attributes.get("url") or os.environ.get("DATELINE_DATABASE_URL", "sqlite:///dateline.db")
    if context.is_offline_mode():
        run(dialect_name=make_url(url).get_backend_name(), literal_binds=True, dialect_opts={"paramstyle": "named"})
    elif "connection" in config.attributes:
        run_on(config.attributes["connection"])
    else:
        with exclusively(url) as connection:
            run_on(connection)


main()
