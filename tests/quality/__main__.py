"""How good related stories and storylines are: the gold data beside the checkout, through the running service.

Every corpus is imported into a new database and served; each article is asked for its ten related stories over HTTP,
and what comes is judged by the scorer that came with the data. `make quality`, or with names of corpora.
"""

import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.command import PROGRAM, environment
from tests.processes import serving

GOLD = Path(__file__).parents[3] / "shared" / "related"
LAG = "dateline_follower_lag_changes{"
FOLLOWED_WITHIN_SECONDS = 1800
RELATED_ASKED = 10


@dataclass(frozen=True, slots=True)
class Corpus:
    """Gold data made into article input with `flags`, judged with `judged`; what nDCG@5 is to be reached."""

    gold: str
    flags: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()
    goal: float | None = None
    with_storylines: bool = False


CORPORA = {
    "undated": Corpus("news_en", ("--undated",), goal=0.950),
    "dated": Corpus("news_en", ("--dated-only",), goal=0.905),
    "mixed": Corpus("news_en", with_storylines=True),
    "itn": Corpus("itn_ml", judged=("--same-lang",), goal=0.90),
    "translated": Corpus("meantime_xl", judged=("--cross-lang",)),
}


def main(names: Sequence[str]) -> None:
    """Measure these corpora, or all."""
    if not GOLD.is_dir():
        sys.exit("quality: skipped: there is no gold data beside this checkout")
    for name in names or CORPORA:
        with tempfile.TemporaryDirectory() as folder:
            measure(name, CORPORA[name], Path(folder))


def measure(name: str, corpus: Corpus, folder: Path) -> None:
    """Import, serve, ask, judge and print."""
    gold = GOLD / "dev" / f"{corpus.gold}.jsonl.gz"
    articles = folder / "articles.jsonl.gz"
    run([sys.executable, str(GOLD / "to_articles.py"), str(gold), str(articles), *corpus.flags], folder)
    run([str(PROGRAM), "import", str(articles)], folder, refusals=1)
    with serving(folder=folder) as served, httpx.Client(base_url=served.url, timeout=60) as client:
        seconds = followed(client)
        documents = list(exported(client))
        rankings = folder / "rankings.jsonl"
        rankings.write_text("".join(json.dumps(line) + "\n" for line in ranked(client, documents)), encoding="utf-8")
    known = {document["external_id"] for document in documents}
    judged = only(gold, known, folder)
    print(f"== {name}: {len(documents)} articles, followed after {seconds:.0f} s, goal {corpus.goal or 'none'}")
    print(run([sys.executable, str(GOLD / "scorer.py"), str(judged), str(rankings), *corpus.judged], folder))
    if corpus.with_storylines:
        precision, recall = b_cubed(gold, documents)
        both = 2 * precision * recall / (precision + recall)
        print(f"storylines: B-cubed precision {precision:.3f}, recall {recall:.3f}, F1 {both:.3f}\n")


def run(command: Sequence[str], folder: Path, *, refusals: int = 0, **settings: str) -> str:
    """What a command prints, which must succeed, or end with the status of `refusals` and tell of them."""
    done = subprocess.run(command, cwd=folder, env=environment(settings), capture_output=True, text=True, check=False)
    if done.returncode not in (0, refusals):
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    print(done.stderr, end="")
    return done.stdout


def followed(client: httpx.Client) -> float:
    """The seconds until every follower of the log has caught up."""
    started_at = time.monotonic()
    while time.monotonic() - started_at < FOLLOWED_WITHIN_SECONDS:
        lags = [line.split()[1] for line in client.get("/metrics").text.splitlines() if line.startswith(LAG)]
        if lags and not any(map(float, lags)):
            return time.monotonic() - started_at
        time.sleep(0.5)
    sys.exit("the followers of the log did not catch up")


def exported(client: httpx.Client) -> Iterator[dict[str, Any]]:
    """Every public document."""
    _, *lines = client.get("/v1/export").text.splitlines()
    yield from map(json.loads, lines)


def ranked(client: httpx.Client, documents: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """For each article its related stories, variants after their entry, by external ids."""
    names = {document["id"]: document["external_id"] for document in documents}
    for document in documents:
        answer = client.get(f"/v1/articles/{document['id']}/related", params={"limit": RELATED_ASKED})
        cards = [card for entry in answer.json()["data"] for card in (entry["article"], *entry["variants"])]
        yield {"id": document["external_id"], "related": [names[card["id"]] for card in cards]}


def only(gold: Path, known: set[str], folder: Path) -> Path:
    """The gold lines of articles that were imported."""
    lines = [line for line in read(gold) if line["id"] in known]
    path = folder / "gold.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def b_cubed(gold: Path, documents: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """Precision and recall of storylines against the gold clusters; an article in none is alone."""
    found = {doc["external_id"]: (doc["storyline"] or {"id": doc["id"]})["id"] for doc in documents}
    true = {line["id"]: line["cluster"] for line in read(gold) if line["id"] in found}
    together, right = members(found), members(true)
    shared = {name: len(together[found[name]] & right[true[name]]) for name in true}
    precision = sum(shared[name] / len(together[found[name]]) for name in true) / len(true)
    recall = sum(shared[name] / len(right[true[name]]) for name in true) / len(true)
    return precision, recall


def members(labels: dict[str, str]) -> dict[str, set[str]]:
    """The names under each label."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, label in labels.items():
        found[label].add(name)
    return found


def read(gold: Path) -> Iterator[dict[str, Any]]:
    """The lines of gold data."""
    with gzip.open(gold, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main(sys.argv[1:])
