"""The deployed jobs, started as the deployed state machine does, on a proof's own places."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from aws_bootstrap.proof.sides import Side, UnjudgedError, state_machine
from pipeline.names import ResourceNames

Document = dict[str, Any]

RUN_A_JOB = ":states:::emr-serverless:startJobRun.sync"
FLAGS = ("--execution", "--input")
FREE_KEYS = ("Tags", "Properties")  # their members are names of the user's
ENDED = ("SUCCESS", "FAILED", "CANCELLED")
POLL_SECONDS = 1.0
CANCEL_SECONDS = 120.0


def stages(definition: Document) -> list[list[Document]]:
    """The parameters of the Spark jobs, in the order of the states; parallel ones together."""
    found, name = [], definition["StartAt"]
    while name:
        state = definition["States"][name]
        if together := list(_jobs(state)):
            found.append(together)
        name = state.get("Next")
    return found


def request_of(parameters: Document, side: Side) -> Document:
    """What StartJobRun takes: all as deployed, but for the places that the job reads and writes.

    Raises UnjudgedError where an argument is none that the repository's jobs take, as it may name
    a place with the pipeline's own data.
    """
    request: Document = _as_api(parameters)
    submit = request["jobDriver"]["sparkSubmit"]
    given = submit.pop("entryPointArguments.$", None)
    arguments = submit.get("entryPointArguments", []) if given is None else literals(given)
    submit["entryPointArguments"] = [
        _moved(argument, side, submit["entryPoint"]) for argument in positional(arguments)
    ]
    request["name"] = f"{request.get('name', 'job')}-prove"
    return request


def literals(intrinsic: str) -> list[str | None]:
    """The elements of `States.Array('a', $.b, ...)`: texts, and None for what is computed."""
    inner = re.fullmatch(r"States\.Array\((.*)\)", intrinsic, re.DOTALL)
    if inner is None:
        raise UnjudgedError(
            f"Expected the deployed jobs to take States.Array(...), found {intrinsic}:"
            " apply this repository there first"
        )
    found = re.findall(r"'((?:[^'\\]|\\.)*)'|([^',\s][^',]*)", inner[1])
    return [None if computed else text for text, computed in found]


def positional(arguments: Sequence[str | None]) -> list[str]:
    """Those before the flags, which tell a job of which execution it is a part: here of none."""
    plain, flags = [], list(arguments)
    while flags and (flags[0] is None or not flags[0].startswith("--")):
        plain.append(str(flags.pop(0)))
    if unknown := [each for each in flags if each and each not in FLAGS]:
        raise UnjudgedError(
            f"Expected the deployed jobs to take the flags {', '.join(FLAGS)}, found"
            f" {', '.join(unknown)}: apply this repository there first"
        )
    return plain


def run_all(side: Side, goes_on: Callable[[], None], say: Callable[[str], None]) -> None:
    """Run the jobs stage by stage; `goes_on` raises where the proof is being ended.

    Raises UnjudgedError where a run does not succeed. Ended early, no run goes on writing.
    """
    machine = side.make_client("stepfunctions").describe_state_machine(
        stateMachineArn=state_machine(side)
    )
    emr = side.make_client("emr-serverless")
    for stage in stages(json.loads(machine["definition"])):
        started: list[tuple[str, str]] = []
        try:
            for parameters in stage:
                request = request_of(parameters, side)
                started.append(_start(emr, request))
                say(f"{side.name}: {request['name']}")
            for run in started:
                _succeeded(emr, run, side, goes_on)
        except BaseException:
            _cancel(emr, started)
            raise


def _jobs(state: Document) -> Iterator[Document]:
    if str(state.get("Resource", "")).endswith(RUN_A_JOB):
        yield state["Parameters"]
    for branch in state.get("Branches", []):
        for stage in stages(branch):
            yield from stage


def _as_api(value: Any) -> Any:
    """Step Functions writes members' names with a capital, the API without."""
    if isinstance(value, list):
        return [_as_api(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key[0].lower() + key[1:]: each if key in FREE_KEYS else _as_api(each)
        for key, each in value.items()
    }


def _moved(argument: str, side: Side, script: str) -> str:
    names: ResourceNames = side.names
    moved = {
        names.bronze_bucket: names.bronze_bucket,
        "events/": f"{side.folder}events/",
        "marketing/": f"{side.folder}marketing/",
        names.silver_bucket: side.place(names.silver_bucket),
        names.gold_bucket: side.place(names.gold_bucket),
    }
    if argument not in moved:
        raise UnjudgedError(
            f"Expected the deployed job {script} on the {side.name} to take buckets of"
            f" {names.prefix}, found the argument {argument!r}: apply this repository there first"
        )
    return moved[argument]


def _start(emr: Any, request: Document) -> tuple[str, str]:
    answer = emr.start_job_run(**request)
    return answer["applicationId"], answer["jobRunId"]


def _succeeded(emr: Any, run: tuple[str, str], side: Side, goes_on: Callable[[], None]) -> None:
    while (found := _found(emr, run))["state"] not in ENDED:
        goes_on()
        time.sleep(POLL_SECONDS)
    if found["state"] != "SUCCESS":
        raise UnjudgedError(
            f"The job {found['name']} on the {side.name} is {found['state']}:"
            f" {found.get('stateDetails') or 'no reason given'} (job run {run[1]})"
        )


def _found(emr: Any, run: tuple[str, str]) -> Document:
    return dict(emr.get_job_run(applicationId=run[0], jobRunId=run[1])["jobRun"])


def _cancel(emr: Any, runs: list[tuple[str, str]]) -> None:
    going = [run for run in runs if _found(emr, run)["state"] not in ENDED]
    for application, run in going:
        emr.cancel_job_run(applicationId=application, jobRunId=run)
    deadline = time.monotonic() + CANCEL_SECONDS
    while going and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS / 4)
        going = [run for run in going if _found(emr, run)["state"] not in ENDED]
