"""Whether search finds what somebody knows to be there: each article of the gold data, by rare words and by headline.

Asked are three rare words of the article, and its headline with one word dropped; counted is how often the article
comes first. `python -m tests.quality.known_items [DATABASE_URL]`: without one, a new SQLite database is filled.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import httpx

from app.core.markup import plain_text
from app.core.text import fold, words
from tests.command import PROGRAM
from tests.processes import serving
from tests.quality.__main__ import GOLD, exported, followed, run

RAREST, WORDS, FEWEST_IN_HEADLINE = 3, 3, 4
GOALS = {"rare words": 0.95, "headline": 0.99}

Query = tuple[str, str]


def main(url: str | None) -> None:
    """Import, serve, ask and print."""
    if not GOLD.is_dir():
        sys.exit("quality: skipped: there is no gold data beside this checkout")
    options = {} if url is None else {"database_url": url}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        articles = folder / "articles.jsonl.gz"
        gold = GOLD / "dev" / "news_en.jsonl.gz"
        run([sys.executable, str(GOLD / "to_articles.py"), str(gold), str(articles)], folder)
        run([str(PROGRAM), "import", str(articles)], folder, refusals=1, **options)
        with (
            serving(folder=folder, program=(str(PROGRAM),), port=None, **options) as served,
            httpx.Client(base_url=served.url, timeout=60) as client,
        ):
            followed(client)  # or the index of related stories takes half of the machine
            measure(client)


def measure(client: httpx.Client) -> None:
    """Ask for every article in both ways, and print how often it came first."""
    documents = list(exported(client))
    headlines = {document["id"]: fold(document["headline"]) for document in documents}
    for kind, queries in {"rare words": list(by_words(documents)), "headline": list(by_headline(documents))}.items():
        started_at, firsts, copies = time.monotonic(), 0, 0
        for query, id in queries:
            found = client.get("/v1/search", params={"q": query, "limit": 3}).json()["data"]
            first = found[0]["id"] if found else None
            firsts += first == id
            copies += first is not None and first != id and headlines[first] == headlines[id]
            if first != id and "--misses" in sys.argv:
                print(f"  {query!r}: {headlines.get(first or '')!r} before {headlines[id]!r}")
        took = (time.monotonic() - started_at) / len(queries)
        print(
            f"{kind}: {firsts / len(queries):.4f} of {len(queries)} first, goal {GOALS[kind]}; "
            f"{copies} times another with the same headline; {took * 1000:.1f} ms each"
        )


def by_words(documents: Sequence[dict[str, Any]]) -> Iterator[Query]:
    """Of each article three words that at most three articles hold."""
    random = Random(6)
    said = {document["id"]: sorted(set(spoken(document))) for document in documents}
    common = Counter(word for found in said.values() for word in found)
    for id, found in said.items():
        rare = [word for word in found if common[word] <= RAREST]
        if len(rare) >= WORDS:
            yield " ".join(random.sample(rare, WORDS)), id


def by_headline(documents: Sequence[dict[str, Any]]) -> Iterator[Query]:
    """Each headline with a word left out."""
    random = Random(6)
    for document in documents:
        headline = document["headline"].split()
        if len(headline) >= FEWEST_IN_HEADLINE:
            del headline[random.randrange(len(headline))]
            yield " ".join(headline)[:500], document["id"]


def spoken(document: dict[str, Any]) -> Iterator[str]:
    """The words of an article that are written in letters alone."""
    html = plain_text(" ".join(block.get("html", "") for block in document["body"]))
    for word in words(f"{document['headline']} {document['summary'] or ''} {html}"):
        if word.isalpha() and len(word) > 3:
            yield fold(word)


if __name__ == "__main__":
    main(next((argument for argument in sys.argv[1:] if "://" in argument), None))
