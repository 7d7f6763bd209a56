"""The names that console and dashboard share are those that the jobs use, and fit AWS."""

from __future__ import annotations

import pytest
from lakehouse.gold import GOLD_TABLES

from pipeline import names


def test_the_gold_tables_are_those_that_the_job_writes():
    assert tuple(table.name for table in GOLD_TABLES) == names.GOLD


@pytest.mark.parametrize("prefix", ["abc", "acme-bookings-dev-2", "a1234567890123456789"])
def test_a_prefix_that_fits_every_service_is_taken(prefix: str):
    assert names.ResourceNames(prefix).bronze_bucket == f"{prefix}-bronze-bucket"


@pytest.mark.parametrize(
    "prefix", ["", "ab", "Acme", "1acme", "acme_dev", "acme--dev", "acme-", "a12345678901234567890"]
)
def test_a_prefix_that_a_service_would_refuse_is_refused_with_the_rule(prefix: str):
    with pytest.raises(ValueError, match=f"3 to 20 lower-case letters.*found '{prefix}'"):
        names.ResourceNames(prefix)
