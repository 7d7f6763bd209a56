"""Wait states until a timestamp, as RFC 3339 writes them, on a machine in any time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError

from tests.support.state_machines import passes


def wait(**until: str) -> dict[str, dict[str, object]]:
    return {"W": {"Type": "Wait", "Next": "I", **until}, "I": passes()}


def test_a_wait_ends_at_its_moment_whatever_offset_it_is_written_with(machine):
    moment = datetime.now(UTC) + timedelta(seconds=3)
    for hours in (-8, 5.5):
        text = moment.astimezone(timezone(timedelta(hours=hours))).isoformat()
        ended = machine(wait(TimestampPath="$.at")).run({"at": text})
        assert ended["status"] == "SUCCEEDED"
        assert ended["stopDate"] >= moment


def test_a_written_moment_may_have_an_offset_and_a_fraction(machine):
    assert machine(wait(Timestamp="2026-01-01T00:00:00.25+02:00")).output({"a": 1}) == {"a": 1}


def test_what_is_no_timestamp_is_refused_or_fails(machine):
    with pytest.raises(ClientError, match="2026-01-01 00:00:00"):
        machine(wait(Timestamp="2026-01-01 00:00:00"))
    assert machine(wait(TimestampPath="$.at")).error({"at": "noon"}) == ("FAILED", "States.Runtime")
