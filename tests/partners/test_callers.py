import pytest

from app.core.clock import utc_now
from app.partners.keys import create, revoke
from tests.newsroom_client import Newsroom

PATH = "/v1/newsroom/articles/wire-1"

# How keys are kept is tested on both databases in `test_keys`.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def told(key: str) -> list[tuple[str | None, int]]:
    """What to send as Authorization, and the status that it deserves."""
    return [
        (None, 401),
        ("", 401),
        (key, 401),
        (f"Basic {key}", 401),
        ("Bearer", 401),
        ("Bearer ", 401),
        ("Bearer nonsense", 401),
        (f"Bearer {key}x", 401),
        (f"Bearer {key[:-2]}xx", 401),
        (f"Bearer {key}, Bearer {key}", 401),
        (f"Bearer {key}", 404),
        (f"bearer  {key}", 404),
    ]


async def test_only_a_good_key_opens_the_newsroom(newsroom: Newsroom) -> None:
    for value, status in told(newsroom.key):
        headers = {} if value is None else {"Authorization": value}
        response = await newsroom.get(PATH, headers=headers)
        assert response.status_code == status, value
        assert response.headers["cache-control"] == "no-store"
        if status == 401:
            assert response.headers["www-authenticate"] == 'Bearer realm="Dateline"'
            assert response.json()["type"] == "https://api.newsroom.example/problems/unauthorized"
            assert newsroom.key not in response.text


async def test_key_without_the_scope_is_forbidden(newsroom: Newsroom) -> None:
    key = await newsroom.app.state.database.write(create, "reader", scopes=[], now=utc_now())
    response = await newsroom.get(PATH, headers={"Authorization": f"Bearer {key}"})
    assert response.status_code == 403
    assert response.json()["type"] == "https://api.newsroom.example/problems/forbidden"
    assert "newsroom" in response.json()["detail"]


async def test_revoked_key_opens_nothing(newsroom: Newsroom) -> None:
    assert (await newsroom.put("wire-1")).status_code == 201
    await newsroom.app.state.database.write(revoke, newsroom.key[3:15], now=utc_now())
    assert (await newsroom.put("wire-2")).status_code == 401


async def test_key_is_asked_for_before_anything_is_looked_at(newsroom: Newsroom) -> None:
    paths = ["PUT ", "PUT /wire-1", "POST ", "GET /wire-1", "HEAD /wire-1", "PATCH /wire-1"]
    paths += [f"POST /wire-1/{verb}" for verb in ("publish", "unschedule", "withdraw")]
    for method, _, rest in (path.partition(" ") for path in paths):
        response = await newsroom.client.request(method, f"/v1/newsroom/articles{rest}?colour=red", content=b"{no json")
        assert response.status_code == 401, (method, rest)
