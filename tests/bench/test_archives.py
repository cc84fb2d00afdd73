"""Archives to be read: one that is complete stays, one that was interrupted is made anew."""

from pathlib import Path

import pytest

from tests.bench import archives
from tests.bench.archives import Archives


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    sizes: list[int] = []

    def make(url: str, size: int) -> None:
        sizes.append(size)
        path = Path(url.removeprefix("sqlite:///"))
        assert not path.exists()
        path.write_text("half")
        if len(sizes) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(archives, "make", make)
    monkeypatch.setattr(archives, "migrate", lambda url: None)
    return sizes


def test_interrupted_archive_is_made_anew_and_a_complete_one_is_not(tmp_path: Path, made: list[int]) -> None:
    kept = Archives(tmp_path, "sqlite")
    with pytest.raises(KeyboardInterrupt):
        kept.ready(2_000)
    assert kept.ready(2_000) == kept.ready(2_000)
    assert made == [2_000, 2_000]


def test_archive_is_a_multiple_of_its_base() -> None:
    with pytest.raises(ValueError, match="1500 is no multiple of 1000"):
        archives.make("sqlite://", 1_500)
