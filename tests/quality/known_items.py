"""Whether search finds what somebody knows to be there: each article of the gold data, by rare words and by headline.

Asked are three rare words of the article, and its headline with one word dropped; counted is how often the article
comes first, of all and of the decidable ones: many articles are told twice, in the same words. Decidable are those
whose words no other article of the same file has, those of a headline in its headline.
`python -m tests.quality.known_items [DATABASE_URL]` (an empty one; a new SQLite database without), `--misses` to see
them.
"""

import gzip
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx

from app.core.markup import plain_text
from app.core.text import fold, words
from app.search.routes import LONGEST_QUERY
from tests.command import PROGRAM
from tests.processes import serving
from tests.quality.__main__ import GOLD, exported, followed, run

CORPORA = ("news_en", "itn_ml", "meantime_xl")

RAREST, WORDS, FEWEST_IN_HEADLINE = 3, 3, 4
GOALS = {"rare words": 0.95, "headline": 0.99}


Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for an article; `is_decidable` when no other has all of these words."""

    text: str
    id: str
    is_decidable: bool


def main(url: str | None) -> None:
    """Import, serve, ask and print."""
    if not GOLD.is_dir():
        sys.exit("quality: skipped: there is no gold data beside this checkout")
    options = {} if url is None else {"database_url": url}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for corpus in CORPORA:
            articles = folder / f"{corpus}.jsonl.gz"
            gold = GOLD / "dev" / f"{corpus}.jsonl.gz"
            run([sys.executable, str(GOLD / "to_articles.py"), str(gold), str(articles)], folder)
            run([str(PROGRAM), "import", str(articles)], folder, refusals=1, **options)
        with (
            serving(folder=folder, **options) as served,
            httpx.Client(base_url=served.url, timeout=60) as client,
        ):
            followed(client)  # or the index of related stories takes half of the machine
            documents = list(exported(client))
            for corpus in CORPORA:
                with gzip.open(GOLD / "dev" / f"{corpus}.jsonl.gz", "rt", encoding="utf-8") as lines:
                    known = {json.loads(line)["id"] for line in lines}
                measure(client, corpus, [one for one in documents if one["external_id"] in known])


def measure(client: httpx.Client, corpus: str, documents: Sequence[Document]) -> None:
    """Ask for every article in both ways, and print how often it came first."""
    headlines = {document["id"]: document["headline"] for document in documents}
    for kind, queries in {"rare words": list(by_words(documents)), "headline": list(by_headline(documents))}.items():
        started_at, missed = time.monotonic(), []
        for query in queries:
            found = client.get("/v1/search", params={"q": query.text, "limit": 1}).json()["data"]
            first = found[0]["id"] if found else ""
            if first != query.id:
                missed.append(query)
                if "--misses" in sys.argv:
                    sign = "  !" if query.is_decidable else "  ?"
                    print(f"{sign} {query.text!r}: {headlines.get(first)!r} before {headlines[query.id]!r}")
        took = (time.monotonic() - started_at) / len(queries)
        clear = [query for query in queries if query.is_decidable]
        print(
            f"{corpus}, {kind}: {_share(missed, queries)} of {len(queries)} first, "
            f"{_share([query for query in missed if query.is_decidable], clear)} of {len(clear)} "
            f"that are decidable, goal {GOALS[kind]}; {took * 1000:.1f} ms each",
            flush=True,
        )


def by_words(documents: Sequence[Document]) -> Iterator[Query]:
    """Of each article three words that at most three articles hold."""
    random = Random(6)
    said = {document["id"]: set(spoken(document)) for document in documents}
    common = Counter(word for found in said.values() for word in found)
    for id, found in said.items():
        rare = sorted(word for word in found if common[word] <= RAREST)
        if len(rare) >= WORDS:
            chosen = random.sample(rare, WORDS)
            yield Query(" ".join(chosen), id, _is_only(chosen, said))


def by_headline(documents: Sequence[Document]) -> Iterator[Query]:
    """Each headline with a word left out."""
    random = Random(6)
    said = {document["id"]: set(map(fold, words(document["headline"]))) for document in documents}
    for document in documents:
        headline = document["headline"].split()
        if len(headline) >= FEWEST_IN_HEADLINE:
            del headline[random.randrange(len(headline))]
            text = " ".join(headline)[:LONGEST_QUERY]
            yield Query(text, document["id"], _is_only(map(fold, words(text)), said))


def _is_only(wanted: Iterable[str], said: Mapping[str, set[str]]) -> bool:
    needed = set(wanted)
    return sum(needed <= found for found in said.values()) == 1


def _share(missed: Sequence[Query], queries: Sequence[Query]) -> str:
    return f"{1 - len(missed) / len(queries):.4f}"


def spoken(document: Document) -> Iterator[str]:
    """The words of an article that are written in letters alone."""
    html = plain_text(" ".join(block.get("html", "") for block in document["body"]))
    for word in words(f"{document['headline']} {document['summary'] or ''} {html}"):
        if word.isalpha() and len(word) > 3:
            yield fold(word)


if __name__ == "__main__":
    main(next((argument for argument in sys.argv[1:] if "://" in argument), None))
