"""What routes are handed: the open database and the settings of this process."""

from typing import Annotated

from fastapi import Depends, Request

from app.db import Database
from app.settings import Settings


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


Db = Annotated[Database, Depends(_database)]
Config = Annotated[Settings, Depends(_settings)]
