"""Pipelines that an earlier version stored by their name are found by their ARN."""

from __future__ import annotations

from pathlib import Path

from services.edge.codepipeline.store import Store
from services.edge.store.records import Records

ARN = "arn:aws:codepipeline:eu-west-1:000000000000:p"


def test_pipelines_runs_and_jobs_of_an_earlier_version_are_kept(tmp_path: Path) -> None:
    records = Records(tmp_path / "edge.sqlite")
    declaration = {"name": "p", "version": 3, "stages": []}
    records.put("codepipeline", "p", {"declaration": declaration, "arn": ARN})
    records.put("codepipeline_version", "p\n3", declaration)
    run = {"id": "1", "pipeline": "p", "status": "InProgress", "overrides": {"Source": "abc"}}
    records.put("codepipeline_execution", "p\n1", run)
    records.put("codepipeline_job", "j", {"id": "j", "pipeline": "p"})

    for store in (Store(records), Store(records)):  # the second start finds nothing to do
        assert store.required_pipeline(ARN)["declaration"] == declaration
        assert store.pipeline("p") is None
        assert store.version(ARN, 3) == declaration
        assert [found["id"] for found in store.active(ARN)] == ["1"]
        assert store.executions(ARN)[0]["overrides"] == {"Source": {"COMMIT_ID": "abc"}}
        job = store.job("j")
        assert job is not None
        assert job["arn"] == ARN
