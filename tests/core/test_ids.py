from uuid import UUID

import pytest

from app.core.ids import is_id, new_id, parse_id


def test_new_ids_are_standard_version_7_and_ascend() -> None:
    ids = [new_id() for _ in range(1000)]
    assert {type(one) for one in ids} == {UUID}
    assert {one.version for one in ids} == {7}
    assert ids == sorted(set(ids))


def test_id_survives_writing_and_reading() -> None:
    made = new_id()
    assert parse_id(str(made)) == made
    assert parse_id(str(made).upper()) == made


@pytest.mark.parametrize(
    "text",
    [
        "",
        "wire-123",
        "01890a5dac96774bbcceb302099a8057",
        "{01890a5d-ac96-774b-bcce-b302099a8057}",
        "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057",
        "01890a5d-ac96-774b-bcce-b302099a805",
        "01890a5d-ac96-774b-bcce-b302099a80577",
        "01890a5d-ac96-774b-bcce-b302099a805g",
        "01890a5d-ac96-774b-bcce-b302099a8057\n",
        "0189-0a5dac96-774b-bcce-b302099a8057",
        "٠1890a5d-ac96-774b-bcce-b302099a8057",
    ],
)
def test_only_the_canonical_form_is_an_id(text: str) -> None:
    assert not is_id(text)
    assert parse_id(text) is None
