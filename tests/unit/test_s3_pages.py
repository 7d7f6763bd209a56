"""Pages of S3's listings from SQLite, against a listing that has all keys in memory."""

from __future__ import annotations

from itertools import chain, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from localstack.services.s3.models import S3DeleteMarker, S3Object

from services.edge.s3.listings.pages import after, following, page
from services.edge.s3.storage.metadata import Metadata

KEYS = st.lists(
    st.text("ab/-=\0é\ud7ff\ue000\U0010ffff", min_size=1, max_size=6), max_size=25, unique=True
)
TEXTS = st.text("ab/\U0010ffff", max_size=2)


def listed_at_once(keys: list[str], start: str, prefix: str, delimiter: str) -> list[str]:
    """Keys, and each common prefix once, at the place of its first key."""
    found: list[str] = []
    for key in sorted(keys):
        if key < start or not key.startswith(prefix):
            continue
        head, mark, _ = key[len(prefix) :].partition(delimiter) if delimiter else (key, "", "")
        name = prefix + head + mark if mark else key
        if name not in found:
            found.append(name)
    return found


@pytest.fixture(scope="module")
def metadata(tmp_path_factory):
    found = Metadata(tmp_path_factory.mktemp("pages") / "metadata.sqlite")
    yield found
    found.close()


@settings(max_examples=60, deadline=None)
@given(KEYS, TEXTS, TEXTS, TEXTS, st.integers(1, 7))
def test_all_pages_together_are_the_listing(metadata, keys, start, prefix, delimiter, limit):
    metadata.delete_bucket("b", "arn")
    for key in keys:
        metadata.set_object("b", key, "null", S3Object(key=key, size=1))
        metadata.set_object("other", key, "null", S3Object(key=key, size=1))
    deleted = keys[::4]
    for key in deleted:
        metadata.set_object("b", key, "v", S3DeleteMarker(key, "v"))
    pages, at = [], start
    while at is not None:
        found = page(lambda *ends: metadata.current("b", *ends), at, prefix, delimiter, limit)
        pages.append([one if isinstance(one, str) else one.key for one in found.listed])
        at = found.following and found.following.key
    there = [key for key in keys if key not in deleted]
    assert list(chain.from_iterable(pages)) == listed_at_once(there, start, prefix, delimiter)
    assert all(len(one) == limit for one in pages[:-1])
    assert pages[-1] or len(pages) == 1


@given(KEYS, st.text("ab\ud7ff\U0010ffff", min_size=1, max_size=3))
def test_the_text_behind_a_prefix_parts_the_keys(keys, prefix):
    end = following(prefix)
    for key in keys:
        begins = key.startswith(prefix)
        assert begins == (prefix <= key and (end is None or key < end))


def test_order_is_that_of_utf_8_in_sqlite_too(metadata):
    keys = ["a", "a\0", "a\0b", "aé", "a\ud7ff", "a\ue000", "a\U0001f600", "a\U0010ffff", "b"]
    for key in reversed(keys):
        metadata.set_object("order", key, "null", S3Object(key=key, size=1))
    assert [entry.key for entry in metadata.current("order", "", None)] == keys
    assert keys == sorted(keys, key=str.encode)
    for first, second in pairwise(keys):
        assert first < after(first) <= second
