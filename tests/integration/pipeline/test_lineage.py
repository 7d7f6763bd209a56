"""After a run of the whole pipeline: each version of gold leads to its run, silver and bronze."""

from __future__ import annotations

import json

import pytest

from pipeline.lineage import Lineage
from pipeline.names import GOLD, ResourceNames
from pipeline.storage import storage_options
from tests.support.stack import Stack

CPB = "gold_cpb_by_channel"


@pytest.fixture
def lineage(filled: Stack) -> Lineage:
    options = storage_options(filled.url, "us-east-1")
    return Lineage(ResourceNames(), options, filled.client("s3"))


def test_the_first_version_of_gold_comes_from_the_first_run_and_from_all_of_bronze(filled, lineage):
    first = filled.first_run["execution_arn"]
    for table in GOLD:
        origin = lineage.origin(table, 0)
        assert origin.is_whole, table
        assert {run.execution for run in (origin.made.run, *origin.runs)} == {first}, table
    objects = lineage.objects_of(lineage.origin(CPB, 0))
    assert len([key for key in objects if key.startswith("events/")]) == filled.summary["accepted"]
    assert len([key for key in objects if key.startswith("marketing/spend_date=")]) == 35


def test_every_commit_of_the_pipeline_names_its_run(lineage):
    for table in ("fact_events", "fact_bookings", "rejected_events", "fact_marketing"):
        assert all(commit.run for commit in lineage.commits(table)), table


def test_openlineage_s_events_tell_the_versions_that_the_run_read_and_made(filled, lineage):
    made = lineage.origin(CPB, 0).made
    body = filled.objects("project6-gold-bucket", made.run.lineage)
    assert sorted(body) == [f"{made.run.lineage}{name}.json" for name in ("COMPLETE", "START")]
    event = json.loads(body[f"{made.run.lineage}COMPLETE.json"])

    def versions(side: str) -> dict[str, str]:
        return {d["name"]: d["facets"]["version"]["datasetVersion"] for d in event[side]}

    assert versions("outputs") == dict.fromkeys(GOLD, "0")
    assert versions("inputs") == {name: str(number) for name, number in made.sources.items()}


def test_a_number_of_gold_is_explained_down_to_a_delivery(filled):
    told = json.loads(filled.lake("explain", CPB, "facebook", "--bookings", "1000", "--json"))
    assert told["row"]["total_bookings_count"] == told["bookings"] == len(told["shown"])
    assert all(booking["run"] for booking in told["shown"])
    booking = told["shown"][0]
    words = filled.lake("explain", "fact_bookings", booking["invitee_id"], "--body")
    assert booking["bronze_key"] in words
    assert "winner" in words
    keys = filled.keys("project6-bronze-bucket", "events/")
    assert booking["bronze_key"] in keys


def test_what_waits_in_bronze_is_told(filled):
    found = json.loads(filled.lake("freshness", "--json"))
    events = next(source for source in found["bronze"] if source["prefix"] == "events/")
    assert events["objects"] == len(filled.keys("project6-bronze-bucket", "events/"))
    assert {table["name"] for table in found["tables"] if table["version"] is not None} >= {*GOLD}
    assert not any(table["behind"] for table in found["tables"])
