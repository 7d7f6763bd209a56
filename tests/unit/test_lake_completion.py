"""What the shell completes, and how an unknown table is refused."""

from __future__ import annotations

import pytest
from typer import BadParameter
from typer.testing import CliRunner

from lake import completion
from lake.app import app


def completed(line: str) -> list[str]:
    words = line.split(" ")
    environment = {
        "_LAKE_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    return CliRunner().invoke(app, [], prog_name="lake", env=environment).stdout.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("lake fre", ["freshness"]),
        ("lake quarantine ", ["list", "show", "retry"]),
        ("lake diff fact_", ["fact_events", "fact_bookings", "fact_marketing"]),
        ("lake explain gold_c", ["gold_cpb_by_channel", "gold_channel_attribution"]),
        ("lake explain rejected", []),
        ("lake dev --run p", ["pipeline"]),
        ("lake dev --run SilverE", ["SilverEvents"]),
        ("lake dev --run silver", ["silver-events", "silver-marketing"]),
        ("lake debug g", ["gold"]),
        ("lake debug mark", ["marketing-bronze"]),
        ("lake logs glue", ["glue", "glue-errors"]),
    ],
)
def test_commands_tables_and_logs_are_completed(line, expected):
    assert completed(line) == expected


def test_an_unknown_table_is_refused_with_the_nearest_or_with_all():
    with pytest.raises(BadParameter, match="did you mean fact_bookings"):
        completion.table("fact_booking")
    with pytest.raises(BadParameter, match="there are gold_daily_bookings_by_channel, gold_cpb"):
        completion.table("qqq")
