"""Where each stage of the code pipeline stands, from what CodePipeline lists."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pipeline.code_runs import code_run


def at(second: int) -> datetime:
    return datetime(2026, 1, 16, 10, 0, second, tzinfo=UTC)


def execution(status: str) -> dict[str, Any]:
    return {"status": status, "startTime": at(0), "lastUpdateTime": at(9)}


def action(stage: str, status: str, start: int, end: int, message: str = "") -> dict[str, Any]:
    result = {"errorDetails": {"code": "JobFailed", "message": message}} if message else {}
    return {
        "stageName": stage,
        "actionName": f"{stage}It",
        "status": status,
        "startTime": at(start),
        "lastUpdateTime": at(end),
        "output": {"executionResult": result},
    }


STAGES = ["Source", "Deploy", "Update"]


def test_a_running_stage_has_no_end_and_the_next_one_waits():
    run = code_run(
        STAGES,
        execution("InProgress"),
        [action("Deploy", "InProgress", 2, 3), action("Source", "Succeeded", 0, 1)],
    )

    assert not run.ended
    assert [(s.name, s.status, s.left) for s in run.stages] == [
        ("Source", "succeeded", at(1)),
        ("Deploy", "running", None),
        ("Update", "waiting", None),
    ]


def test_a_failed_run_names_its_action_and_what_came_after_is_skipped():
    run = code_run(
        STAGES,
        execution("Failed"),
        [action("Deploy", "Failed", 2, 3, "no bucket"), action("Source", "Succeeded", 0, 1)],
    )

    assert run.ended
    assert [s.status for s in run.stages] == ["succeeded", "failed", "skipped"]
    assert run.cause == "DeployIt: no bucket"


def test_of_a_repeated_action_the_latest_attempt_counts():
    run = code_run(
        ["Deploy"],
        execution("Succeeded"),
        [action("Deploy", "Succeeded", 6, 8), action("Deploy", "Failed", 2, 3, "no bucket")],
    )

    assert [(s.status, s.entered, s.left) for s in run.stages] == [("succeeded", at(6), at(8))]
    assert run.cause is None
