"""What a run records of itself, judged by OpenLineage's own classes and JSON schemas."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from lakehouse.lineage import Dataset, JobRun, recorded
from openlineage.client import event_v2 as openlineage
from openlineage.client.facet_v2 import (
    dataset_version_dataset,
    error_message_run,
    parent_run,
)
from openlineage.client.serde import Serde
from referencing import Registry

from tests.support.dictionary_s3 import DictionaryS3

ID = "6f9619ff-8b86-4011-b42d-00c04fc964ff"
EXECUTION = "arn:aws:states:us-east-1:000000000000:execution:project6-state-machine:nightly"
RUN = JobRun("silver-events", "silver", ID, datetime(2026, 1, 20, 12, tzinfo=UTC), EXECUTION)
FOLDER = f"_lineage/silver-events/2026-01-20T12-00-00_{ID}/"
READ = Dataset("bronze", "events/", keys=["events/a.json", "events/b.json"])
FACETS: dict[str, Any] = {
    "parent": lambda f: parent_run.ParentRunFacet(
        run=parent_run.Run(**f["run"]), job=parent_run.Job(**f["job"])
    ),
    "errorMessage": lambda f: error_message_run.ErrorMessageRunFacet(**f),
    "version": lambda f: dataset_version_dataset.DatasetVersionDatasetFacet(**f),
}


def event(s3: DictionaryS3, kind: str) -> dict[str, Any]:
    return json.loads(s3.objects[f"{FOLDER}{kind}.json"])


@cache
def registry() -> Registry:
    files = (Path(__file__).parents[1] / "support/openlineage").glob("*.json")
    schemas = [json.loads(file.read_text()) for file in files]
    return Registry().with_contents((schema["$id"], schema) for schema in schemas)


def assert_by_schema(found: dict[str, Any]) -> None:
    """The event by its schema, and each facet by the one that it names: the event's leaves them
    open."""
    datasets = [*found["inputs"], *found["outputs"]]
    facets = [facet for of in (found["run"], *datasets) for facet in of["facets"].values()]
    for document, reference in [
        (found, found["schemaURL"]),
        *((facet, facet["_schemaURL"]) for facet in facets),
    ]:
        Draft202012Validator(
            {"$ref": reference}, registry=registry(), format_checker=FormatChecker()
        ).validate(document)


def read_by_openlineage(found: dict[str, Any]) -> dict[str, Any]:
    """The event once more, from the classes: an unknown member or a wrong value raises."""

    def facets(of: dict[str, Any]) -> dict[str, Any]:
        made = {}
        for name, facet in of.get("facets", {}).items():
            plain = {key: value for key, value in facet.items() if not key.startswith("_")}
            if name in FACETS:
                made[name] = FACETS[name](plain)
        return made

    def datasets(kind: type, key: str) -> list[Any]:
        return [kind(d["namespace"], d["name"], facets=facets(d)) for d in found[key]]

    assert_by_schema(found)
    run, job = found["run"], found["job"]
    assert found["schemaURL"] == openlineage.RunEvent._get_schema()
    return json.loads(
        Serde.to_json(
            openlineage.RunEvent(
                eventType=openlineage.RunState(found["eventType"]),
                eventTime=found["eventTime"],
                producer=found["producer"],
                run=openlineage.Run(run["runId"], facets=facets(run)),
                job=openlineage.Job(job["namespace"], job["name"]),
                inputs=datasets(openlineage.InputDataset, "inputs"),
                outputs=datasets(openlineage.OutputDataset, "outputs"),
            )
        )
    )


def test_a_run_leaves_its_start_and_its_end_as_openlineage_reads_them():
    s3 = DictionaryS3({})
    with recorded(s3, RUN, [READ]) as made:
        assert list(s3.objects) == [f"{FOLDER}events.txt.gz", f"{FOLDER}START.json"]
        made.append(Dataset("silver", "fact_bookings", version=7))
    for kind in ("START", "COMPLETE"):
        told = read_by_openlineage(event(s3, kind))
        facets = event(s3, kind)["run"]["facets"]
        parent = told["run"]["facets"]["parent"]
        assert parent["job"]["name"] == EXECUTION
        assert facets["parent"]["_schemaURL"] == parent["_schemaURL"]
    version = told["outputs"][0]["facets"]["version"]
    assert version["datasetVersion"] == "7"
    ours = event(s3, "COMPLETE")["outputs"][0]
    assert ours["facets"]["version"]["_schemaURL"] == version["_schemaURL"]
    assert (ours["namespace"], ours["name"]) == ("s3://silver", "fact_bookings")


def test_the_objects_that_were_read_are_a_file_that_the_events_name():
    s3 = DictionaryS3({})
    with recorded(s3, RUN, [READ]):
        pass
    objects = event(s3, "COMPLETE")["inputs"][0]["facets"]["lakehouse_objects"]
    assert (objects["count"], objects["list"]) == (2, f"s3://silver/{FOLDER}events.txt.gz")
    body = s3.objects[f"{FOLDER}events.txt.gz"]
    assert gzip.decompress(body) == b"events/a.json\nevents/b.json"


def test_a_run_that_fails_says_so_without_what_the_error_may_quote():
    s3 = DictionaryS3({})
    with pytest.raises(ValueError), recorded(s3, RUN, [READ]):
        raise ValueError("guest@example.com is no number")
    told = read_by_openlineage(event(s3, "FAIL"))
    assert told["run"]["facets"]["errorMessage"]["message"] == "ValueError"
    assert f"{FOLDER}COMPLETE.json" not in s3.objects
    assert b"guest@example.com" not in s3.objects[f"{FOLDER}FAIL.json"]


def test_the_schemas_refuse_what_is_no_event():
    """Else they would judge nothing: a run without a UUID, a facet without its producer."""
    s3 = DictionaryS3({})
    with recorded(s3, RUN, [READ]):
        pass
    found = event(s3, "COMPLETE")
    assert_by_schema(found)
    del found["inputs"][0]["facets"]["lakehouse_objects"]["_producer"]
    with pytest.raises(ValidationError):
        assert_by_schema(found)
    for broken in ({"runId": "nightly"}, {}):
        with pytest.raises(ValidationError):
            assert_by_schema({**event(s3, "START"), "run": {"facets": {}, **broken}})


def test_the_note_of_a_commit_is_short_and_leads_to_the_events():
    assert json.loads(RUN.note) == {"run": {"id": ID, "lineage": FOLDER, "execution": EXECUTION}}
