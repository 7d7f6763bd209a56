"""One execution with all that a page or a report tells of it: states, accounts, failure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from pipeline import executions, failures, task_output
from pipeline.executions import Execution, History
from pipeline.failures import Failure
from pipeline.job_accounts import Account, account
from pipeline.state_graph import Graph, graph
from pipeline.task_logs import Place, TaskRun, task_runs


@dataclass(frozen=True)
class PipelineRun:
    """`tasks` are the job runs and calls of each state, `accounts` what they say they have done."""

    execution: Execution
    graph: Graph
    tasks: Mapping[str, TaskRun]
    accounts: Mapping[str, Account]
    failure: Failure | None = None


def read(states: Any, logs: Any, arn: str) -> PipelineRun:
    """All of an execution, its accounts from the logs of its jobs."""
    return of_history(
        executions.history(states, arn),
        lambda place: printed_account(logs, place),
        lambda told: failures.of_history(logs, told),
    )


def of_history(
    told: History,
    account_at: Callable[[Place], Account | None],
    failure_of: Callable[[History], Failure | None],
) -> PipelineRun:
    """`account_at` reads what a job prints, once that is done; `failure_of` why it all failed."""
    execution = executions.of_history(told)
    done = {state.name for state in execution.states if state.status == "succeeded"}
    tasks = task_runs(told.events)
    jobs = {n: run for n, run in tasks.items() if n in done and run.kind != "lambda"}
    found = {name: account_at(run.output) for name, run in jobs.items()}
    return PipelineRun(
        execution,
        graph(told.definition),
        tasks,
        {name: one for name, one in found.items() if one},
        failure_of(told) if execution.ended else None,
    )


def printed_account(logs: Any, place: Place) -> Account | None:
    """None where the job has printed none, or its log is gone."""
    try:
        return account(task_output.lines(logs, place))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return None
