"""How long something took, in words."""

from __future__ import annotations

import pytest

from pipeline.durations import duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (-0.2, "0.0 s"),
        (0.04, "0.0 s"),
        (59.94, "59.9 s"),
        (59.99, "1 min 0 s"),
        (125, "2 min 5 s"),
        (3599.6, "1 h 0 min"),
        (3840, "1 h 4 min"),
        (266_400, "3 d 2 h"),
    ],
)
def test_durations_are_written_in_two_units_at_most(seconds, words):
    assert duration(seconds) == words
