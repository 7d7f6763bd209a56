"""The jobs of the deployed state machine: found by name, and run alone as their states run them.

A job is run by a state machine of its own, which goes when it is done: so whatever its state
says of the job, and of the execution that it is part of, is evaluated as ever.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from lake.errors import StackError
from pipeline import failures, task_output
from pipeline.addresses import state_machine_arn
from pipeline.executions import execution_cause
from pipeline.task_logs import task_runs

Clients = Callable[[str], Any]
EMR, GLUE = "emr-serverless", "glue"
POLL_SECONDS = 0.2
RUNNING, SUCCEEDED = "RUNNING", "SUCCEEDED"


@dataclass(frozen=True)
class Job:
    """`definition` is the state's; `role` that of the machine it is part of."""

    state: str
    service: str
    definition: Mapping[str, Any]
    role: str = ""

    @property
    def script(self) -> str:
        """The file's name; a Glue job names it elsewhere, and there is one."""
        if self.service == GLUE:
            return "project6-marketing-bronze.py"
        submit = self.definition["Parameters"]["JobDriver"]["SparkSubmit"]
        return str(submit["EntryPoint"]).rpartition("/")[2]

    @property
    def names(self) -> tuple[str, ...]:
        stem = self.script.removesuffix(".py")
        return (self.state, self.script, stem, stem.partition("-")[2])


@dataclass(frozen=True)
class Run:
    job: Job
    execution: str


@dataclass(frozen=True)
class End:
    """`lines` are the job's standard output where it succeeded, else the end of its log."""

    succeeded: bool
    reason: str
    lines: tuple[str, ...]


def jobs(clients: Clients, stack: str) -> list[Job]:
    """Those of the deployed state machine, in its order."""
    machine = state_machine_arn(clients("cloudformation"), stack)
    found = clients("stepfunctions").describe_state_machine(stateMachineArn=machine)
    return list(of_definition(json.loads(found["definition"]), str(found["roleArn"])))


def of_definition(definition: Mapping[str, Any], role: str = "") -> Iterator[Job]:
    for name, state in definition["States"].items():
        for branch in state.get("Branches", []):
            yield from of_definition(branch, role)
        service = str(state.get("Resource", "")).removeprefix("arn:aws:states:::").split(":")[0]
        if service in (EMR, GLUE):
            yield Job(name, service, state, role)


def named(known: list[Job], name: str) -> Job:
    """By its state or script, such as SilverToGold, gold, project6-gold.py; raises StackError."""
    for job in known:
        if name.lower() in (one.lower() for one in job.names):
            return job
    names = ", ".join(f"{job.state} or {job.names[-1]}" for job in known)
    raise StackError(f"Expected a job of the state machine ({names}), found {name!r}")


def machine_of(job: Job, driver_environment: Mapping[str, str]) -> dict[str, Any]:
    """The definition that runs the job's state alone, with more variables for its driver."""
    state: dict[str, Any] = json.loads(json.dumps(job.definition))
    state.pop("Next", None)
    state["End"] = True
    confs = [f"spark.emr-serverless.driverEnv.{n}={v}" for n, v in driver_environment.items()]
    if confs and job.service == EMR:
        submit = state["Parameters"]["JobDriver"]["SparkSubmit"]
        words = [submit.get("SparkSubmitParameters", ""), *(f"--conf {conf}" for conf in confs)]
        submit["SparkSubmitParameters"] = " ".join(words).strip()
    elif confs:
        state["Parameters"].setdefault("Arguments", {})["--conf"] = " --conf ".join(confs)
    return {"StartAt": job.state, "States": {job.state: state}}


@contextmanager
def running(
    clients: Clients, job: Job, driver_environment: Mapping[str, str] | None = None
) -> Iterator[Run]:
    """The job, started. Leaving it by an exception, Ctrl-C too, cancels the job first."""
    states = clients("stepfunctions")
    machine = states.create_state_machine(
        name=f"inner-loop-{uuid.uuid4().hex[:12]}",
        definition=json.dumps(machine_of(job, driver_environment or {})),
        roleArn=job.role,
    )["stateMachineArn"]
    try:
        started = states.start_execution(stateMachineArn=machine, input="{}")
        run = Run(job, started["executionArn"])
        try:
            yield run
        except BaseException:
            states.stop_execution(executionArn=run.execution)
            wait(clients, run)
            raise
    finally:
        states.delete_state_machine(stateMachineArn=machine)


def is_running(clients: Clients, run: Run) -> bool:
    found = clients("stepfunctions").describe_execution(executionArn=run.execution)
    return bool(found["status"] == RUNNING)


def wait(clients: Clients, run: Run) -> None:
    while is_running(clients, run):
        time.sleep(POLL_SECONDS)


def finished(clients: Clients, run: Run) -> End:
    """Wait for its end."""
    wait(clients, run)
    states, logs = clients("stepfunctions"), clients("logs")
    described = states.describe_execution(executionArn=run.execution)
    if described["status"] != SUCCEEDED:
        failed = failures.of_execution(states, logs, run.execution)
        return End(False, execution_cause(described) or "", tuple(failed.lines) if failed else ())
    pages = states.get_paginator("get_execution_history").paginate(executionArn=run.execution)
    found = task_runs([event for page in pages for event in page["events"]]).get(run.job.state)
    return End(True, "", tuple(task_output.lines(logs, found.output)) if found else ())
