"""What a run would have cost on AWS: its measured seconds and the price list in, a range out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline import prices
from pipeline.pipeline_run import PipelineRun

ASSUMPTIONS = (
    prices.SPARK_ASSUMPTION,
    prices.GLUE_ASSUMPTION,
    "Storage, logs, requests, the code pipeline and free tiers are left out: `lake cost` has them",
)


@dataclass(frozen=True)
class Line:
    """A state, or all transitions: what is billed, and the least and the most in USD."""

    what: str
    service: str
    billed: str
    low: float
    high: float


def lines(run: PipelineRun, usd: Mapping[str, float], now: datetime) -> list[Line]:
    """Of each state that has begun; `now` ends those that go on."""
    return [*_tasks(run, usd, now), _transitions(run, usd)]


def _tasks(run: PipelineRun, usd: Mapping[str, float], now: datetime) -> Iterator[Line]:
    for state in run.execution.states:
        task, seconds = run.tasks.get(state.name), state.seconds(now)
        if task is None or seconds is None:
            continue
        if task.kind == "emr-serverless":
            low, high = prices.worker_hours(seconds)
            billed, price = f"{low:.3f} to {high:.3f} worker-h", prices.of_worker_hour(usd)
            yield Line(state.name, "EMR Serverless", billed, low * price, high * price)
        elif task.kind == "glue":
            low, high = prices.dpu_hours(seconds)
            billed, price = f"{low:.3f} to {high:.3f} DPU-h", usd["glue_dpu_hour"]
            yield Line(state.name, "Glue", billed, low * price, high * price)
        elif task.kind == "lambda":
            used = prices.WAITING_GB * seconds
            cost = used * usd["lambda_gb_second"] + usd["lambda_request"]
            yield Line(state.name, "Lambda", f"{used:.1f} GB-s", cost, cost)


def _transitions(run: PipelineRun, usd: Mapping[str, float]) -> Line:
    """The start, and each state that was entered; retries and Parallel states come on top."""
    number = 1 + sum(state.entered is not None for state in run.execution.states)
    cost = number * usd["state_transition"]
    return Line("Transitions", "Step Functions", f"{number}", cost, cost)
