"""How signatures are kept: term ids as 32-bit and weights as 8-bit numbers, little-endian, one run after the other."""

import sys
from array import array
from collections.abc import Collection, Mapping

_BIG = sys.byteorder == "big"


def pack_weights(weights: Mapping[int, int]) -> bytes:
    """The ids, then their weights (0 to 255), in the order of the mapping."""
    return _packed(array("I", weights)) + bytes(weights.values())


def unpack_weights(packed: bytes) -> dict[int, int]:
    """What `pack_weights` was given."""
    size = len(packed) // 5
    return dict(zip(_unpacked(packed[: 4 * size]), packed[4 * size :], strict=True))


def pack_hashes(hashes: Collection[int]) -> bytes:
    """32-bit hashes, ascending."""
    return _packed(array("I", sorted(hashes)))


def unpack_hashes(packed: bytes) -> frozenset[int]:
    """What `pack_hashes` was given."""
    return frozenset(_unpacked(packed))


def _packed(numbers: "array[int]") -> bytes:
    if _BIG:
        numbers.byteswap()
    return numbers.tobytes()


def _unpacked(packed: bytes) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(packed)
    if _BIG:
        numbers.byteswap()
    return numbers
