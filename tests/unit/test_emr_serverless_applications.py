"""Applications: what is accepted, their states, and when one is idle."""

from __future__ import annotations

from typing import Any

import pytest
from localstack.aws.api import CommonServiceException

from services.edge.emr_serverless.documents import application_states as states
from services.edge.emr_serverless.documents import applications

ARN = "arn:aws:emr-serverless:us-east-1:000000000000:"


def made(state: str = "CREATED", **request: Any) -> dict[str, Any]:
    given = {"releaseLabel": "emr-7.12.0", "type": "SPARK", **request}
    return {**applications.created(given, ARN, "00abc", 100.0), "state": state}


def refusal(call: Any) -> str:
    with pytest.raises(CommonServiceException) as caught:
        call()
    assert caught.value.code == "ValidationException"
    return str(caught.value.message)


@pytest.mark.parametrize("label", ["emr-6.6.0", "emr-6.15.0", "emr-7.0.0", "emr-7.12.0"])
def test_the_releases_that_exist_are_accepted(label: str) -> None:
    assert made(releaseLabel=label)["releaseLabel"] == label


@pytest.mark.parametrize("label", ["emr-6.5.0", "emr-6.16.0", "emr-7.13.0", "emr-7.1", "7.1.0"])
def test_other_releases_are_refused(label: str) -> None:
    assert refusal(lambda: made(releaseLabel=label)) == (
        f"Type 'SPARK' is not supported for release label '{label}' or release label does not exist"
    )


def test_hive_is_refused() -> None:
    assert "Unsupported engine HIVE" in refusal(lambda: made(type="HIVE"))


def test_the_idle_time_out_has_awss_bounds() -> None:
    for minutes in (0, 10081):
        stop = {"idleTimeoutMinutes": minutes}
        assert f"found {minutes}" in refusal(lambda s=stop: made(autoStopConfiguration=s))


def test_an_update_keeps_the_settings_that_it_does_not_name() -> None:
    before = made(autoStopConfiguration={"idleTimeoutMinutes": 3})
    after = applications.updated(before, {"releaseLabel": "emr-7.1.0"}, 200.0)
    assert after["autoStopConfiguration"] == {"enabled": True, "idleTimeoutMinutes": 3}
    assert (after["releaseLabel"], after["updatedAt"]) == ("emr-7.1.0", 200.0)


def test_a_started_application_is_not_deleted() -> None:
    assert refusal(lambda: states.terminated(made("STARTED"), 1.0)) == (
        "Application 00abc must be in one of the following statuses [CREATED, STOPPED]."
        " Current status: STARTED"
    )


def test_a_stop_meanwhile_is_not_undone_by_the_end_of_the_start() -> None:
    assert states.started(made("STOPPED"), 1.0)["state"] == "STOPPED"


def test_an_application_that_does_not_start_on_its_own_refuses_jobs() -> None:
    at_rest = made(autoStartConfiguration={"enabled": False})
    assert "StartApplication" in refusal(lambda: states.ready_for_job(at_rest, 1.0))


@pytest.mark.parametrize(
    ("runs", "now", "idle"),
    [
        ([], 159.0, False),
        ([], 160.0, True),
        ([{"endedAt": 130.0}], 189.0, False),
        ([{"endedAt": 130.0}], 190.0, True),
        ([{"endedAt": 130.0}, {}], 9999.0, False),
    ],
)
def test_an_application_is_idle_one_time_out_after_its_last_run(
    runs: list[dict[str, Any]], now: float, idle: bool
) -> None:
    started = made("STARTED", autoStopConfiguration={"idleTimeoutMinutes": 1})
    assert states.idle(started, runs, now) is idle
