from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

import pytest

from app.core.clock import LAST_YEAR
from app.search.numbers import WINDOW, candidates, floor
from tests.press import NOON

ID = UUID("01930000-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    "at", [datetime(1000, 1, 1, tzinfo=UTC), NOON, datetime(LAST_YEAR, 12, 31, 23, 59, tzinfo=UTC)]
)
def test_number_is_of_its_moment_and_fits_a_column(at: datetime) -> None:
    for number in islice(candidates(ID, at), 64):
        assert 0 <= floor(at) <= number < floor(at) + WINDOW < 1 << 63


def test_numbers_follow_the_dates_but_for_a_quarter_of_a_second() -> None:
    later = NOON + timedelta(milliseconds=256)
    assert all(number < floor(later) for number in islice(candidates(ID, NOON), 64))


def test_numbers_never_run_out() -> None:
    assert len(set(islice(candidates(ID, NOON), 1000))) > 990
