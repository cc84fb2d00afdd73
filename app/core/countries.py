"""Countries by their two-letter codes (ISO 3166-1 alpha-2), as the time zone database lists them."""

from functools import cache
from importlib.resources import files


def is_country(code: str) -> bool:
    """Whether `code` is assigned, in capitals."""
    return code in _codes()


@cache
def _codes() -> frozenset[str]:
    table = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text(encoding="utf-8")
    return frozenset(line.split("\t")[0] for line in table.splitlines() if not line.startswith("#"))
