"""Every operation of the real service, asked with thousands of good and bad inputs that its own document suggests.

What each should answer in particular is tested with the packages.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.articles.listing import article_id, page
from app.changes import freshness
from app.core.clock import utc_now
from app.db import Database, open_database
from app.db.migrating import migrate
from app.main import create_app
from app.newsroom.sample import load
from app.partners.keys import create
from app.settings import Settings
from tests.newsroom.taking_in import SITE
from tests.test_openapi import OPERATIONS
from tests.web.server import serving

GOOD, BAD = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
EXAMPLES = {GOOD: 40, BAD: 20}
# What is longer never reaches us: httptools refuses it, and uvicorn says so in plain text.
LONGEST_TARGET = 65_535
WITHOUT_INPUT = {"check_health", "check_readiness", "get_metrics"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its document, bound to where it runs, and what some of its articles are called."""

    document: Any
    refs: list[str]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with the sample newsroom."""
    url = f"sqlite:///{tmp_path_factory.mktemp('fuzzing') / 'dateline.db'}"
    migrate(url)
    key, refs = asyncio.run(_furnished(url))
    app = create_app(Settings(database_url=url, site_url=SITE, log_level="error", worker_inside=False))
    with pytest.MonkeyPatch.context() as patch, serving(app) as port:
        patch.setattr(freshness, "WAIT_SECONDS", 0.01)
        assert httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200
        # As if it were about to stop: streams end where they are, and long polls answer at once.
        app.state.follower.close()
        schema = schemathesis.openapi.from_dict(app.openapi())
        schema.config.update(base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {key}"})
        yield Service(schema, refs)


@pytest.mark.parametrize(
    ("name", "mode"),
    [(name, mode) for name in OPERATIONS for mode in (GOOD, BAD) if mode is GOOD or name not in WITHOUT_INPUT],
)
def test_every_answer_is_documented(service: Service, name: str, mode: GenerationMode) -> None:
    method, path = OPERATIONS[name]

    @given(service.document[path][method].as_strategy(generation_mode=mode), st.sampled_from(service.refs))
    @settings(
        max_examples=EXAMPLES[mode],
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any, ref: str) -> None:
        if mode is GOOD and "{ref}" in path:
            case.path_parameters["ref"] = ref
        response = case.call(timeout=10)
        case.validate_response(response, checks=[check for check in CHECKS if not _is_excused(check, case, response)])

    ask()


def _is_excused(check: Any, case: Any, response: Any) -> bool:
    """Whether the answer is not ours, or promised: 503 for what is not there yet, 501 for a format of oEmbed."""
    if len(response.request.path_url) > LONGEST_TARGET:
        return check is content_type_conformance
    promised = {503: "min_seq", 501: "format"}.get(response.status_code)
    return check is not_a_server_error and promised is not None and promised in (case.query or {})


async def _furnished(url: str) -> tuple[str, list[str]]:
    """A key of the newsroom that is now in this database, and names of its articles, good and bad."""
    database: Database = open_database(url)
    try:
        await database.write(load, now=utc_now(), site_url=SITE)
        key = await database.write(create, "fuzzing", scopes=["newsroom"], now=utc_now())
        cards = (await database.read(page, limit=3)).cards
        slugs = [json.loads(card)["slug"] for card in cards]
        return key, [*(str(article_id(card)) for card in cards), *slugs, "sample-001", "sample-002", "nobody"]
    finally:
        await database.close()
