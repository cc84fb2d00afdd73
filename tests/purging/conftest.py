from collections.abc import Iterator

import pytest

from tests.purging.cdn import Cdn, listening


@pytest.fixture
def cdn() -> Iterator[Cdn]:
    """A CDN with memory."""
    with listening() as opened:
        yield opened
