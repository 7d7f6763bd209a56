"""`lake diff` over tables on the endpoint: versions chosen, compared, and refused."""

from __future__ import annotations

import pyarrow as pa
import pytest

from tests.support.console_lake import ConsoleLake

CPB = "gold_cpb_by_channel"


@pytest.fixture(scope="module")
def lake(processes) -> ConsoleLake:
    made = ConsoleLake(processes, "diffed")
    for bookings in (118, 120, 127):
        rows = {
            "channel": ["facebook"],
            "total_bookings_count": [bookings],
            "total_spend": [20260.42],
            "cpb": [20260.42 / bookings],
        }
        made.write(CPB, pa.table(rows))
    return made


def test_the_last_two_versions_are_compared_in_words(lake):
    told = lake.printed("diff", CPB).splitlines()
    assert told[0].startswith("version 1 of 20")
    assert told[1:] == [
        "gold_cpb_by_channel: 1 changed",
        "facebook: 168.84 -> 159.53 per booking; bookings +7, spend +0.00",
    ]


def test_any_two_versions_are_compared_as_json(lake):
    found = lake.document("diff", CPB, "0", "2")
    assert (found["before"], found["after"], found["changed"]) == (0, 2, 1)
    assert found["rows"][0]["key"] == {"channel": "facebook"}
    assert found["rows"][0]["before"]["total_bookings_count"] == 118
    assert found["words"] == ["facebook: 171.70 -> 159.53 per booking; bookings +9, spend +0.00"]


def test_versions_and_tables_that_are_not_there_are_refused_with_what_there_is(lake):
    assert "Expected a version of" in (said := lake.refused("diff", CPB, "0", "9"))
    assert "from 0 to 2, found 9" in said
    assert "did you mean gold_cpb_by_channel?" in lake.refused("diff", "gold_cpb_by_chanel")
    assert "There is no table at s3://diffed-gold-bucket/gold_booking_outcomes yet" in (
        lake.refused("diff", "gold_booking_outcomes")
    )
