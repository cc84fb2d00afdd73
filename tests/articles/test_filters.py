"""Filters as clients write them: what is refused and named, and what the accepted ones mean."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import httpx
import pytest

from app.articles.filters import Filters
from app.core.errors import BadParameter
from tests.newsroom_client import Newsroom

LISTS = ("/v1/articles", "/v1/timeline")
NOT_A_CURSOR = "AQAABkPeAwC-JwGanFqKPHxBnV4va3ocDhFq9c3B"

BAD = [
    ("limit=1&limit=2", "limit"),
    ("section=world&section=sport", "section"),
    ("language=en&language=fr", "language"),
    ("breaking=yes", "breaking"),
    ("breaking=True", "breaking"),
    ("breaking=", "breaking"),
    ("langage=en", "langage"),
    ("Limit=3", "Limit"),
    ("since=2025-05-18", "since"),
    ("tz=Mars/Olympus", "tz"),
    ("tz=", "tz"),
    ("tz=../../etc/passwd", "tz"),
    ("tz=europe/paris", "tz"),
    ("tz=%2B02:00", "tz"),
    ("tag=", "tag"),
    ("tag=a,,b", "tag"),
    ("storyline=", "storyline"),
    ("storyline=a&storyline=b", "storyline"),
    ("collapse=tag", "collapse"),
    ("collapse=storyline&collapse=storyline", "collapse"),
    ("storyline=" + ",".join(f"s{n}" for n in range(21)), "tag"),
    ("section=world,", "section"),
    ("contributor=,", "contributor"),
    ("language=english", "language"),
    ("language=en_GB", "language"),
    ("language=*", "language"),
    ("from=yesterday", "from"),
    ("from=2025-02-30", "from"),
    ("from=2025-05-18T14:08:00", "from"),
    ("from=2025-05-18T14:08:00+02:00", "from"),  # a plus that was not escaped is a space
    ("to=2025-05-18T25:00:00Z", "to"),
    ("to=2025-05-18 14:08:00Z", "to"),
    ("from=0001-01-01", "from"),
    ("from=0999-12-31", "from"),
    ("to=0000-01-01", "to"),
    ("to=0001-01-01T00:00:00Z", "to"),
    ("to=9999-12-31T23:59:59Z", "to"),
    ("to=10000-01-01", "to"),
    (f"cursor={NOT_A_CURSOR}", "cursor"),
    ("cursor=", "cursor"),
    ("cursor=abc", "cursor"),
    ("cursor=" + "A" * 40, "cursor"),
    ("cursor=" + "é" * 40, "cursor"),
    ("tag=" + ",".join(f"t{n}" for n in range(21)), "tag"),
    ("limit=5;tag=x", "limit"),
]
# Of each zone a day, its first instant, and the first of what follows.
DAYS = [
    ("UTC", "2025-05-18", "2025-05-18T00:00:00Z", "2025-05-19T00:00:00Z"),
    ("Asia/Kathmandu", "2025-05-18", "2025-05-17T18:15:00Z", "2025-05-18T18:15:00Z"),
    # Clocks go forward at midnight: the day begins at one o'clock, and has 23 hours.
    ("Africa/Cairo", "2024-04-26", "2024-04-25T22:00:00Z", "2024-04-26T21:00:00Z"),
    ("America/Havana", "2025-03-09", "2025-03-09T05:00:00Z", "2025-03-10T04:00:00Z"),
    # Clocks go back into the day before (Cairo), or from one to midnight (Havana): the day is 25 hours long.
    ("Africa/Cairo", "2024-10-31", "2024-10-30T21:00:00Z", "2024-10-31T22:00:00Z"),
    ("America/Havana", "2025-11-02", "2025-11-02T04:00:00Z", "2025-11-03T05:00:00Z"),
    # Samoa crossed the date line and never had the 30th.
    ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"),
    ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"),
    ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"),
]
HOSTILE = [
    "%00",
    "%FF",
    "%ZZ",
    "%",
    "a%0Ab",
    "%C3%28",
    "%ED%A0%80",
    "%F0%9F%97%9E",
    "'%20OR%201=1--",
    "%25",
    "_%25_",
    "a" * 7900,
    "%E2%80%AE",
    "{{7*7}}",
    "$(id)",
    "\\",
    "%5Cu0000",
    ",".join("abcdefghijklmnopqrst"),
]


def named(response: httpx.Response) -> list[str]:
    """The parameters that a refusal names."""
    assert response.status_code == 400, response.text
    assert response.headers["content-type"] == "application/problem+json"
    return [fault["parameter"] for fault in response.json()["errors"]]


async def shown(newsroom: Newsroom, query: str) -> list[str]:
    """External ids, as headlines, of what a list shows."""
    return [card["headline"] for card in await newsroom.data(f"/v1/articles?{query}")]


async def test_limits_are_never_clamped(newsroom: Newsroom) -> None:
    for limit in ("0", "101", "abc", "1e2", "-1", "+1", "1.0", "", " 1", "1_0", "١", "9" * 30, "0x10"):
        assert named(await newsroom.get(LISTS[0], params={"limit": limit})) == ["limit"]


async def test_bad_parameter_is_refused_and_named(newsroom: Newsroom) -> None:
    for query, parameter in BAD:
        for path in LISTS:
            assert named(await newsroom.get(f"{path}?{query}")) == [parameter], query


async def test_every_fault_of_a_request_is_named(newsroom: Newsroom) -> None:
    response = await newsroom.get("/v1/timeline?limit=0&breaking=maybe&tz=Nowhere")

    assert sorted(named(response)) == ["breaking", "limit", "tz"]


async def test_probe_names_its_own_parameter(newsroom: Newsroom) -> None:
    for query, parameter in {
        "": "after",
        "after=abc": "after",
        f"after={NOT_A_CURSOR}": "after",
        "after=x&cursor=y": "cursor",
    }.items():
        assert named(await newsroom.get(f"/v1/timeline/new?{query}")) == [parameter]


async def test_extreme_days_are_answered(newsroom: Newsroom) -> None:
    zones = ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "America/New_York")
    days = ("1000-01-01", "1000-01-02", "1582-10-10", "1883-11-18", "9998-12-31", "9999-12-31")
    for tz, day in product(zones, days):
        assert await newsroom.data(f"/v1/timeline?from={day}&to={day}&tz={tz}") == []


async def test_filters_mean_what_the_contract_says(newsroom: Newsroom) -> None:
    ines, jonas = {"name": "Inès Caradec"}, {"name": "Jonas Weir", "role": "photographer"}
    gaza, oil, rain = ({"name": name} for name in ("Gaza", "Oil", "Rain"))
    articles: dict[str, dict[str, Any]] = {
        "A": {"section": "world", "tags": [gaza, oil], "contributors": [ines], "breaking": True},
        "B": {"section": "Sport", "tags": [oil], "contributors": [ines, jonas], "language": "en-GB"},
        "C": {"section": "world", "tags": [rain, gaza], "contributors": [jonas], "language": "fr-CA"},
        "D": {"tags": [rain], "language": "zh-Hant-TW"},
    }
    for name, fields in articles.items():
        await newsroom.publish(name, headline=name, **fields)

    cases = {
        "": "DCBA",
        "section=world": "CA",
        "section=sport,world": "CBA",
        "section=none": "",
        "tag=oil": "BA",
        "tag=oil,rain": "DCBA",
        "tag=gaza&tag=oil": "A",
        "tag=gaza&tag=oil,rain": "CA",
        "tag=gaza&tag=gaza": "CA",
        "tag=unheard": "",
        "contributor=ines-caradec": "BA",
        "contributor=ines-caradec&contributor=jonas-weir": "B",
        "contributor=ines-caradec,jonas-weir": "CBA",
        "language=en": "BA",
        "language=EN-gb": "B",
        "language=fr": "C",
        "language=fr-FR": "",
        "language=en-GB,fr": "CB",
        "language=zh-Hant": "D",
        "language=zh-Han": "",
        "breaking=true": "A",
        "breaking=false": "DCB",
        "breaking=true&language=en&section=world&tag=gaza&contributor=ines-caradec": "A",
        "breaking=true&language=fr": "",
    }
    for query, expected in cases.items():
        assert "".join(await shown(newsroom, query)) == expected, query


async def test_bare_day_is_the_day_of_the_zone(newsroom: Newsroom) -> None:
    for at in sorted({at for _, _, first, end in DAYS for at in (before(first), first, before(end), end)}):
        await newsroom.publish(at.replace(":", ""), headline=at, published_at=at)

    for tz, day, first, end in DAYS:
        local = await shown(newsroom, f"from={day}&to={next_day(day)}&tz={tz}&limit=100")
        instants = await shown(newsroom, f"from={first}&to={end}&limit=100")

        assert local == instants, (tz, day)
        assert not local or (local[0], local[-1]) == (before(end), first)


async def test_instants_are_read_with_their_offset(newsroom: Newsroom) -> None:
    await newsroom.publish("one", headline="one", published_at="2025-05-18T14:08:00Z")

    assert await shown(newsroom, "from=2025-05-18T16:08:00%2B02:00") == ["one"]
    assert await shown(newsroom, "from=2025-05-18T14:08:00.000001Z") == []
    assert await shown(newsroom, "to=2025-05-18T14:08:00Z") == []
    assert await shown(newsroom, "to=2025-05-18t14:08:00.1z") == ["one"]
    assert await shown(newsroom, "from=2026-01-01&to=2025-01-01") == []


async def test_hostile_values_are_answered_or_refused(newsroom: Newsroom) -> None:
    await newsroom.publish("one")
    names = (
        "section",
        "tag",
        "contributor",
        "storyline",
        "language",
        "from",
        "to",
        "breaking",
        "tz",
        "limit",
        "cursor",
        "x",
        "",
    )
    for name, value in product(names, HOSTILE):
        response = await newsroom.client.get(f"/v1/timeline?{name}={value}")
        assert response.status_code in (200, 400, 414), (name, value[:20], response.text)
        assert response.status_code != 200 or response.json()["data"] == []


async def test_query_that_is_too_long_is_414(newsroom: Newsroom) -> None:
    response = await newsroom.client.get("/v1/timeline?tag=" + "a" * 32 * 1024)

    assert response.status_code == 414
    assert response.headers["content-type"] == "application/problem+json"


def test_filters_together_are_bounded() -> None:
    Filters(sections=("a",) * 5, languages=("en",) * 5, tags=(("a",) * 5,), contributors=(("a",) * 5,))
    with pytest.raises(BadParameter):
        Filters(sections=("a",) * 6, languages=("en",) * 5, tags=(("a",) * 5,), contributors=(("a",) * 5,))


def next_day(day: str) -> str:
    """The day after, by the calendar alone."""
    return datetime.fromordinal(datetime.fromisoformat(day).toordinal() + 1).date().isoformat()


def before(at: str) -> str:
    """A second earlier."""
    return datetime.fromtimestamp(datetime.fromisoformat(at).timestamp() - 1, UTC).isoformat()[:19] + "Z"
