"""Which files of a Delta log are read, and which rows a deletion vector names."""

from __future__ import annotations

import struct

import pytest

from services.edge.delta.deletion_vectors import Descriptor, positions
from services.edge.delta.segments import Segment, newest

UUID = "80a083e8-7026-4e79-81be-64bd76c43a11"


def commit(version: int) -> str:
    return f"{version:020}.json"


def test_commits_follow_the_newest_whole_checkpoint() -> None:
    parts = [f"{7:020}.checkpoint.{n:010}.{2:010}.parquet" for n in (1, 2)]
    broken = f"{9:020}.checkpoint.{1:010}.{2:010}.parquet"
    names = [*parts, broken, *map(commit, range(5, 11)), "_last_checkpoint", f"{8:020}.crc"]

    assert newest(names) == Segment(10, tuple(parts), tuple(map(commit, (8, 9, 10))))
    assert newest([f"{3:020}.checkpoint.{UUID}.json"]) == Segment(
        3, (f"{3:020}.checkpoint.{UUID}.json",), ()
    )
    assert newest(["_last_checkpoint"]) is None


def test_a_commit_that_is_missing_is_named() -> None:
    with pytest.raises(ValueError, match=r"expected commit 00000000000000000001\.json"):
        newest([commit(0), commit(2)])
    with pytest.raises(ValueError, match=r"expected commit 00000000000000000000\.json"):
        newest([commit(1)])


def test_each_container_of_a_roaring_bitmap_is_read() -> None:
    array = struct.pack("<HHH", 1, 5, 65535)
    bits = bytearray(8192)
    for value in range(0, 65536, 8):
        bits[value // 8] = 1
    runs = struct.pack("<HHH", 1, 10, 2)
    heads = struct.pack("<HHHHHH", 0, 2, 1, 8191, 3, 2)
    cookie = struct.pack("<I", 12347 | (3 - 1) << 16) + bytes([0b100])
    body = cookie + heads + array + bytes(bits) + runs
    vector = struct.pack("<iqi", 1681511377, 1, 1) + body

    base = 1 << 32
    assert positions(vector) == [
        *(base + one for one in (1, 5, 65535)),
        *(base + 65536 + one for one in range(0, 65536, 8)),
        *(base + 3 * 65536 + one for one in (10, 11, 12)),
    ]


def test_the_file_of_a_vector_is_named_by_its_uuid() -> None:
    """The example of Delta's protocol."""
    given = {"storageType": "u", "pathOrInlineDv": "ab^-aqEH.-t@S}K{vb[*k^", "sizeInBytes": 40}

    found = Descriptor.of({**given, "offset": 4})

    assert found is not None
    assert found.path == "ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin"
