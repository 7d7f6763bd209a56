"""One session of `lake dev`: the code as it was deployed last, and what a save makes of it."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import typer

from aws_bootstrap.deployment import Deployment
from aws_bootstrap.package import package
from lake import gold_changes, hot_deployment, jobs, working_copy
from lake.clients import make_client
from lake.deployments import ERRORS, local_deployment
from lake.run import run_pipeline, told
from lake.settings import ROOT, Settings
from pipeline.addresses import stack_outputs
from pipeline.job_accounts import account

PIPELINE = "pipeline"
LOG_LINES = 15


class Session:
    """What is deployed is always a package whose files could all be read."""

    def __init__(self, settings: Settings, run: str | None) -> None:
        self._settings, self._run = settings, run
        # Made once: a client costs more than most of its calls.
        self._clients: Callable[[str], Any] = cache(lambda kind: make_client(kind, settings))
        stack_outputs(self._clients("cloudformation"), settings.names.stack)
        if run not in (None, PIPELINE):
            self._job()
        deployment = local_deployment(settings)
        self._deployment: Deployment = replace(deployment, make_client=self._clients)
        self._begun = False

    def begin(self) -> None:
        """Deploy what differs already, so that what runs is the working copy from here on."""
        typer.echo(f"Watching {', '.join(hot_deployment.WATCHED)}; Ctrl-C ends it")
        self._attempt(self._begin)

    def changed(self, saved: set[Path]) -> None:
        """Deploy what the saves changed and run it; what is broken is told, and nothing done."""
        began = time.monotonic()
        _tell_of_deployer(saved)
        if self._begun:
            self._attempt(lambda: self._changed(began))
        else:
            self._attempt(self._begin)

    def _attempt(self, deploy: Callable[[], None]) -> None:
        try:
            if faults := working_copy.faults(hot_deployment.sources(ROOT)):
                typer.echo("Not deployed, what was deployed last goes on:")
                typer.echo("\n".join(f"  {fault}" for fault in faults))
                return
            deploy()
        except (*ERRORS, OSError) as error:
            typer.echo(f"{error}\nSave again to try again")

    def _begin(self) -> None:
        now = replace(self._deployment, package=package(ROOT))
        found = hot_deployment.differing(now)
        if found:
            typer.echo(f"The deployed code differs from this working copy: deploying {found.told}")
        try:
            self._deploy(now, replace(found, stack=("template.yaml",)))
            self._begun = True
        finally:
            self._commit()
        typer.echo("What runs is this working copy")

    def _changed(self, began: float) -> None:
        now = replace(self._deployment, package=package(ROOT))
        found = working_copy.changes(self._deployment.package, now.package)
        if not found:
            return
        try:
            self._deploy(now, found)
            typer.echo(f"Deployed {found.told} in {time.monotonic() - began:.1f} s")
            self._rerun(began)
        finally:
            self._commit()

    def _deploy(self, now: Deployment, found: working_copy.Changes) -> None:
        with _whole():
            hot_deployment.place(now, found)
            if found.stack:
                for change in hot_deployment.update_stack(now):
                    typer.echo(f"  updated {change}")
            self._deployment = now

    def _commit(self) -> None:
        """After a job's run, which need not wait for the pipeline to deploy the commit."""
        with _whole():
            if commit := hot_deployment.commit(self._deployment):
                code = self._deployment.target.code
                place = f"{code.full_id}@{code.branch} {commit}"
                typer.echo(f"Committed {place}, which DeployCode deploys from now on")

    def _rerun(self, began: float) -> None:
        if self._run is None:
            return
        before = gold_changes.gold_versions(self._settings)
        if self._run == PIPELINE:
            self._commit()  # its DeployCode would bring the code of the last commit
            outcome = run_pipeline(self._settings)
            if outcome["status"] != "SUCCEEDED":
                typer.echo("\n".join(told(outcome)))
                return
        elif not self._run_job(self._job()):
            return
        for line in gold_changes.since(self._settings, before):
            typer.echo(line)
        typer.echo(f"{time.monotonic() - began:.1f} s after the save")

    def _job(self) -> jobs.Job:
        """As the state machine starts it now."""
        return jobs.named(jobs.jobs(self._clients, self._settings.names.stack), str(self._run))

    def _run_job(self, job: jobs.Job) -> bool:
        began = time.monotonic()
        with jobs.running(self._clients, job) as run:
            end = jobs.finished(self._clients, run)
        how = "succeeded" if end.succeeded else f"failed: {end.reason}"
        typer.echo(f"{job.state} {how} ({time.monotonic() - began:.1f} s)")
        for line in _accounted(end.lines) if end.succeeded else end.lines[-LOG_LINES:]:
            typer.echo(f"  {line}")
        return end.succeeded


def _accounted(lines: Sequence[str]) -> Iterator[str]:
    """What the job says of its rows."""
    found = account(lines)
    if found is None:
        yield from lines[-1:]
        return
    if found.read is not None:
        outcomes = ", ".join(f"{name} {number:,}" for name, number in found.outcomes.items())
        yield f"read {found.read:,} {found.unit}: {outcomes}"
    if found.written:
        yield "rows: " + ", ".join(f"{name} {rows:,}" for name, rows in found.written.items())
    if found.note:
        yield f"skipped: {found.note}"


def _tell_of_deployer(saved: set[Path]) -> None:
    of_deployer = {path.name for path in saved if "aws_bootstrap" in path.parts}
    if own := sorted(name for name in of_deployer if name.endswith(".py")):
        typer.echo(f"{', '.join(own)}: the deployer's own code, start `lake dev` anew for it")


@contextmanager
def _whole() -> Iterator[None]:
    """Ctrl-C waits until what is under way is done: nothing is left half-deployed."""
    asked: list[int] = []

    def wait(number: int, _frame: FrameType | None) -> None:
        if not asked:
            typer.echo("Stopping as soon as this is deployed")
        asked.append(number)

    usual = signal.signal(signal.SIGINT, wait)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
    if asked:
        raise KeyboardInterrupt
