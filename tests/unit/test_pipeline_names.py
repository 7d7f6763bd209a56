"""The names that console and dashboard share are those that the jobs and the template use."""

from __future__ import annotations

from pathlib import Path

from lakehouse.gold import GOLD_TABLES

from pipeline import names

TEMPLATE = Path(__file__).resolve().parents[2] / "aws_bootstrap" / "template.yaml"


def test_the_gold_tables_are_those_that_the_job_writes():
    assert tuple(table.name for table in GOLD_TABLES) == names.GOLD


def test_buckets_and_code_pipeline_are_those_of_the_template():
    template = TEMPLATE.read_text()
    for name in (names.BRONZE_BUCKET, names.SILVER_BUCKET, names.GOLD_BUCKET, names.CODE_PIPELINE):
        assert f": {name}\n" in template
