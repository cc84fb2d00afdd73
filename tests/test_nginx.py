"""nginx in front, as docs/caching.md has it: what it keeps, for how long, and what it lets through."""

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.newsroom_client import Json, article
from tests.processes import LIMIT_SECONDS, Served, free_port, serving

PAGE = Path(__file__).parents[1] / "docs" / "caching.md"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
FRESH_SECONDS, RENEWED_SECONDS = 5, 15

pytestmark = pytest.mark.skipif(NGINX is None, reason="there is no nginx")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The service behind it."""
    with serving(folder=tmp_path_factory.mktemp("served")) as up:
        yield up


@pytest.fixture(scope="module")
def key(served: Served) -> dict[str, str]:
    """A key of its newsroom."""
    return served.new_key()


@pytest.fixture(scope="module")
def front(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of nginx."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    (folder / "nginx.conf").write_text(configuration(folder, listens=port, asks=served.port))
    with running(folder), httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        until(lambda: is_up(client))
        yield client


def configuration(folder: Path, *, listens: int, asks: int) -> str:
    """What the page says, with the places of this test."""
    (told,) = re.findall(r"```nginx\n(.*?)```", PAGE.read_text(), re.DOTALL)
    for its, ours in {
        "/var/cache/nginx/dateline": f"{folder}/cache",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{asks};",
        "listen 8080;": f"listen 127.0.0.1:{listens};",
    }.items():
        assert told.count(its) == 1
        told = told.replace(its, ours)
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    own = f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;"
    return f"{own}\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{told}}}\n"


@contextmanager
def running(folder: Path) -> Iterator[None]:
    """nginx with the configuration of the folder."""
    assert NGINX is not None
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    with subprocess.Popen(command) as process:
        try:
            yield
        finally:
            process.terminate()
            process.wait(LIMIT_SECONDS)


def is_up(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False


def until(is_so: Callable[[], bool], *, seconds: float = LIMIT_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def publish(served: Served, key: dict[str, str], name: str, **fields: Json) -> tuple[str, int]:
    """The id of the article of this slug, and the number of the change."""
    url = f"{served.url}/v1/newsroom/articles/{name}?publish=true"
    answer = httpx.put(url, json=article(slug=name, **fields), headers=key)
    answer.raise_for_status()
    return answer.json()["data"]["id"], int(answer.headers["dateline-seq"])


def state(answer: httpx.Response) -> str:
    return answer.headers["x-cache-status"]


def test_second_reader_gets_a_copy_and_who_has_it_a_304(
    front: httpx.Client, served: Served, key: dict[str, str]
) -> None:
    publish(served, key, "kept")
    first, second = front.get("/v1/articles/kept"), front.get("/v1/articles/kept")
    assert (state(first), state(second)) == ("MISS", "HIT")
    assert second.json() == first.json()
    unchanged = front.get("/v1/articles/kept", headers={"If-None-Match": first.headers["etag"]})
    assert (unchanged.status_code, state(unchanged), unchanged.content) == (304, "HIT", b"")


def test_longest_requests_and_answers_of_the_most_keys_come_through(
    front: httpx.Client, served: Served, key: dict[str, str]
) -> None:
    topics = [{"name": f"Topic number {n} of so many", "kind": "topic"} for n in range(20)]
    made = [publish(served, key, f"among-many-{n}", tags=topics)[0] for n in range(20)]
    links = "&".join(f"q=https://www.former.example/news/{'a-long-address/' * 12}{n}" for n in range(100))
    for path in (f"/v1/related?articles={','.join(made)}", "/v1/timeline?limit=100", f"/v1/resolve?{links}"):
        answer = front.get(path)
        assert (answer.status_code, state(answer)) == (200, "MISS"), path[:40]


def test_publication_shows_when_the_copy_was_renewed_and_with_min_seq_at_once(
    front: httpx.Client, served: Served, key: dict[str, str]
) -> None:
    before = front.get("/v1/timeline?tag=renewed")
    _, seq = publish(served, key, "renewed", tags=[{"name": "Renewed", "kind": "topic"}])
    at_once = front.get(f"/v1/timeline?tag=renewed&min_seq={seq}")
    assert [card["slug"] for card in at_once.json()["data"]] == ["renewed"]
    assert front.get("/v1/timeline?tag=renewed").json() == before.json()  # it is a copy
    until(lambda: len(front.get("/v1/timeline?tag=renewed").json()["data"]) == 1, seconds=FRESH_SECONDS + 2)


def test_copy_is_not_shown_beyond_what_it_allows(front: httpx.Client, served: Served, key: dict[str, str]) -> None:
    front.get("/v1/timeline?tag=unasked")
    publish(served, key, "unasked", tags=[{"name": "Unasked", "kind": "topic"}])
    time.sleep(RENEWED_SECONDS + 1)
    assert [card["slug"] for card in front.get("/v1/timeline?tag=unasked").json()["data"]] == ["unasked"]


def test_each_coding_and_format_has_one_copy(front: httpx.Client, served: Served, key: dict[str, str]) -> None:
    publish(served, key, "coded")
    for accepted, coding in (
        ("gzip, deflate", "gzip"),
        ("GZIP;q=0.9, br", "br"),
        ("br, gzip", "br"),
        ("identity", None),
    ):
        for _ in range(2):
            answer = front.get("/v1/articles/coded", headers={"Accept-Encoding": accepted, "Accept": "text/html, */*"})
            assert answer.headers.get("content-encoding") == coding
            assert answer.json()["data"]["slug"] == "coded"
        assert state(answer) == "HIT"
    atom = front.get("/v1/articles/coded", headers={"Accept": "application/atom+xml"})
    assert (state(atom), atom.headers["content-type"].partition(";")[0]) == ("MISS", "application/atom+xml")


def test_what_a_key_unlocks_is_neither_kept_nor_taken_from_what_is(
    front: httpx.Client, served: Served, key: dict[str, str]
) -> None:
    publish(served, key, "keyed")
    front.get("/v1/articles/keyed")
    for _ in range(2):
        assert state(front.get("/v1/articles/keyed", headers=key)) == "BYPASS"
    draft = front.get("/v1/newsroom/articles/keyed", headers=key)
    assert (draft.status_code, "x-cache-status" in draft.headers) == (200, False)
    assert front.get("/v1/newsroom/articles/keyed").status_code == 401


def test_problems_and_long_polls_are_not_kept(front: httpx.Client) -> None:
    for _ in range(2):
        assert state(front.get("/v1/articles/never-there")) == "MISS"
        assert state(front.get("/v1/changes?after=0&limit=1&wait=1")) == "BYPASS"


def test_requests_may_be_as_long_as_the_service_takes_them(front: httpx.Client) -> None:
    assert front.get("/v1/resolve", params={"q": ["x" * 490] * 60}).status_code == 200


def test_event_of_a_stream_comes_at_once(front: httpx.Client, served: Served, key: dict[str, str]) -> None:
    with front.stream("GET", "/v1/stream", timeout=LIMIT_SECONDS) as stream:
        id, _ = publish(served, key, "streamed")
        began = time.monotonic()
        lines = stream.iter_lines()
        assert any(id in line for line in lines)
        assert time.monotonic() - began < FRESH_SECONDS
