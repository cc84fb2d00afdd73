from datetime import timedelta

import pytest

from app.articles.filters import Filters
from app.core.clock import parse_instant
from app.db import Database
from app.search import finding
from app.search.finding import Place, newest
from app.web.paging import Cursor
from tests.press import NOON, after
from tests.search.archive import ask, best, dated, filled, ids, walk


async def test_words_are_found_in_every_form_and_language(database: Database) -> None:
    await filled(database)
    for query, found in {
        "harbour": {"ends", "begins", "band"},
        "HARBOURS": {"ends", "begins", "band"},
        "harbour strike": {"ends", "begins"},
        "strike": {"ends", "begins"},
        "the strike of the harbour": {"ends", "begins"},
        '"harbour strike"': {"ends"},
        '"strike harbour"': set(),
        "harbour -strike": {"band"},
        'harbour -"nine days" -rain': {"begins"},
        "greve": {"greve"},
        "GRÈVES": {"greve"},
        "usine": {"begins", "greve"},
        "bethune": {"greve"},
        "الإضراب": {"arabic"},
        "اضراب": {"arabic"},
        "العمال": {"arabic"},
        "東京": {"tokyo"},
        "労働者": {"tokyo"},
        "Löhne": {"hafen"},
        "die Arbeiter": {"hafen"},
        "state-of-the-art": {"begins"},
        "bold": {"band"},
        "ines": set(),
    }.items():
        assert await ids(database, query) == found, query


async def test_stop_words_alone_find_headlines(database: Database) -> None:
    await filled(database)
    assert await ids(database, "the who") == {"band"}
    assert await ids(database, '"the who"') == {"band"}
    assert await ids(database, "in the") == set()


async def test_phrase_does_not_reach_from_one_field_into_the_next(database: Database) -> None:
    await filled(database)
    assert await ids(database, '"days dockers"') == set()
    assert await ids(database, '"voted cranes"') == set()
    assert await ids(database, '"dockers union voted"') == {"ends"}


@pytest.mark.parametrize(
    "query",
    [
        '"', '""', "'", "\\", "*", "har*", "NEAR(harbour strike)", "headline:harbour", "{headline}: x", "a AND",
        "NOT", "OR", "harbour & | ! <-> :*", "'harbour':A", "harbour'); DROP TABLE articles; --", "%", "_",
        "^harbour", "-", "--", "+", "harbour^2", "=l_en", "en_harbour", "=b1", "\u200b", "\ufdfa", "ⓗ ⑴ ㎡ ½",
        "x" * 500, "a b c d e f " * 40, "東" * 400, "\U0010ffff", "🙂", "<script>",
    ],
)  # fmt: skip
async def test_nothing_typed_is_an_operator(database: Database, query: str) -> None:
    await filled(database)
    for asked in (query, f"{query} harbour", f'harbour "{query}"', f"harbour -{query}"):
        await ask(database, asked)
        await dated(database, asked)


async def test_operators_are_words(database: Database) -> None:
    extra = {"external_id": "near", "headline": "Near miss and not or", "body_text": "Near."}
    await filled(database, extra)
    assert await best(database, "NEAR(miss)") == ["Near miss and not or"]
    assert await ids(database, "en_harbour") == set()
    assert await ids(database, "=l_en") == set()


async def test_filters_narrow_what_is_found(database: Database) -> None:
    await filled(database)
    for filters, found in (
        (Filters(sections=("world",)), {"ends", "begins"}),
        (Filters(sections=("world", "culture")), {"ends", "begins", "band"}),
        (Filters(sections=("nowhere",)), set()),
        (Filters(tags=(("strike",), ("cap-selvan", "unheard-of"))), {"ends"}),
        (Filters(contributors=(("ines-moreau",),)), {"ends"}),
        (Filters(languages=("en",)), {"ends", "begins", "band"}),
        (Filters(languages=("en-GB",)), {"band"}),
        (Filters(languages=("fr",)), set()),
        (Filters(is_breaking=True), {"begins"}),
        (Filters(is_breaking=False), {"ends", "band"}),
        (Filters(since=after(1)), {"begins", "band"}),
        (Filters(since=after(1), until=after(2)), {"begins"}),
        (Filters(until=NOON), set()),
        (Filters(storylines=("nothing",)), set()),
    ):
        assert await ids(database, "harbour", filters) == found, filters


async def test_headline_counts_more_than_body_and_new_a_little_more_than_old(database: Database) -> None:
    await filled(database, *(
        {"external_id": f"old{n}", "headline": "Ferry sails", "body_text": "The tide.", "published_at": at}
        for n, at in enumerate(["2020-01-01T00:00:00Z", "2026-11-01T00:00:00Z"])
    ), {"external_id": "body", "headline": "Tide turns", "body_text": "A ferry."})  # fmt: skip
    found = await ask(database, "ferry")
    assert [one.card.partition('"headline":"')[2][:5] for one in found.shown] == ["Ferry", "Ferry", "Tide "]
    scores = [one.score or 0 for one in found.shown]
    assert scores == sorted(scores, reverse=True)
    assert 1 < scores[0] / scores[1] < 1.3
    assert "2026-11-01" in found.shown[0].card


async def test_headline_as_typed_comes_first(database: Database) -> None:
    await filled(
        database,
        {"external_id": "x", "headline": "Woman has the third ferry", "body_text": "x"},
        {"external_id": "y", "headline": "Third woman ferry", "body_text": "x"},
    )
    assert (await best(database, "woman has third ferry"))[0] == "Woman has the third ferry"
    assert (await best(database, "third woman ferry"))[0] == "Third woman ferry"


async def test_where_nothing_has_all_words_some_do(database: Database) -> None:
    await filled(database)
    found = await ask(database, "harbour zeppelin")
    assert found.is_relaxed
    assert found.total == 3
    assert not (await ask(database, "harbour -zeppelin")).is_relaxed
    assert (await ask(database, "zeppelin")).total == 0
    assert (await ask(database, '"strike harbour"')).total == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("harbor", "harbour"),
        ("hrabour strike", "harbour strike"),
        ("hurbour -strike", "harbour -strike"),
        ('"harbuor strike"', '"harbour strike"'),
        ("Griève", "greve"),
        ("greves", None),
        ("grve", "greve"),
        ("zeppelin", None),
        ("harbour2", None),
        ("harbour", None),
    ],
)
async def test_mistyped_words_are_guessed(database: Database, typed: str, meant: str | None) -> None:
    await filled(database)
    assert (await ask(database, typed)).did_you_mean == meant


async def test_facets_count_all_that_is_found(database: Database) -> None:
    await filled(database)
    facets = (await ask(database, "harbour", limit=1)).facets
    told = {name: [(one.value, one.name, one.count) for one in values] for name, values in facets.items()}
    assert told == {
        "section": [("world", "World", 2), ("culture", "Culture", 1)],
        "tag": [("strike", "Strike", 2), ("cap-selvan", "Cap Selvan", 1)],
        "language": [("en", "en", 2), ("en-GB", "en-GB", 1)],
        "year": [("2026", "2026", 3)],
    }


async def test_what_is_too_much_is_counted_so_far(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_HITS", 2)
    old = {"headline": "The very harbour", "body_text": "x", "published_at": "2001-01-01T00:00:00Z"}
    await filled(database, old | {"external_id": "old"})
    found = await ask(database, "harbour")
    assert (found.total, found.is_capped) == (2, True)
    assert [one.count for one in found.facets["year"]] == [2]
    assert "The very harbour" in await best(database, "harbour")  # in whose headline it stands


async def test_pages_by_date_show_every_article_once(database: Database) -> None:
    same = [
        {"external_id": f"s{n}", "headline": f"Same harbour {n}", "published_at": "2010-05-01T00:00:00Z"}
        for n in range(9)
    ]
    press = await filled(database, *same)
    whole = await walk(database, "harbour", limit=100)
    assert len(whole) == 12
    documents = [await press.public(f"s{n}") for n in range(9)]
    assert whole[3:] == [d.headline for d in sorted(documents, key=lambda document: document.id, reverse=True)]
    for limit in (1, 2, 5, 11, 12):
        assert await walk(database, "harbour", limit=limit) == whole


async def test_pages_by_date_go_both_ways_and_can_be_polled(database: Database) -> None:
    press = await filled(database)
    first = await database.scan(newest, "harbour", limit=2)
    assert first.older is not None
    second = await database.scan(newest, "harbour", cursor=first.older, limit=2)
    assert second.older is None
    assert (await database.scan(newest, "harbour", cursor=second.newer, limit=2)).cards == first.cards
    nothing = await database.scan(newest, "harbour", cursor=first.newer, limit=2)
    assert (nothing.cards, nothing.newer) == ([], first.newer)

    await press.put("new", headline="Harbour again", now=NOON + timedelta(hours=1))
    news = await database.scan(newest, "harbour", cursor=nothing.newer, limit=2)
    assert len(news.cards) == 1
    assert news.older is not None
    empty = await database.scan(newest, "zeppelin", limit=2)
    assert (empty.cards, empty.older, empty.newer) == ([], None, Cursor.beginning())


async def test_pages_by_relevance_keep_to_their_moment(database: Database) -> None:
    press = await filled(database)
    whole = [one.card for one in (await ask(database, "harbour")).shown]
    first = await ask(database, "harbour", limit=2)
    assert first.moment is not None
    assert not first.is_last
    await press.put("new", headline="Harbour harbour harbour", now=NOON + timedelta(hours=1))
    second = await ask(database, "harbour", place=Place(first.moment, 2), limit=2)
    assert [one.card for one in (*first.shown, *second.shown)] == whole
    assert second.is_last


async def test_both_databases_find_the_same_in_the_same_order(sqlite: Database, postgresql: Database) -> None:
    for each in (sqlite, postgresql):
        await filled(
            each,
            *(
                {"external_id": f"n{n}", "headline": f"Port {n % 7} of call", "body_text": "harbour " * (n % 5)}
                for n in range(30)
            ),
        )
    for query in (
        "harbour",
        "port",
        "harbour strike",
        '"port 3"',
        "harbour -port",
        "the",
        "dockers grève",
        "zeppelin call",
        "harbor",
    ):
        found = [await ask(each, query, limit=100) for each in (sqlite, postgresql)]
        told = [
            [(one.highlight, one.score) for one in each.shown]
            + [each.total, each.is_relaxed, each.did_you_mean, each.facets]
            for each in found
        ]
        assert told[0] == told[1], query
        assert await walk(sqlite, query, limit=7) == await walk(postgresql, query, limit=7)


async def test_dates_are_exact_within_the_blur_of_numbers(database: Database) -> None:
    times = [f"2010-05-01T00:00:00.{n:06}Z" for n in (0, 1, 2, 50_000, 100_000, 255_999, 256_000)]
    await filled(database, *(
        {"external_id": f"t{n}", "headline": f"Instant zeppelin {n}", "published_at": at} for n, at in enumerate(times)
    ))  # fmt: skip
    assert [one[-1] for one in await walk(database, "zeppelin", limit=1)] == list("6543210")
    for n, at in enumerate(times):
        since, until = Filters(since=parse_instant(at)), Filters(until=parse_instant(at))
        assert (await ask(database, "zeppelin", since)).total == 7 - n
        assert (await ask(database, "zeppelin", until)).total == n
