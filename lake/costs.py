"""The cost of a month on AWS, computed from the runs of this laptop's stack."""

from __future__ import annotations

from typing import Any

from aws_bootstrap.costs import standing
from aws_bootstrap.costs.estimate import estimate
from aws_bootstrap.costs.usage import NothingMeasuredError, measured
from aws_bootstrap.production import Production
from lake.clients import make_client
from lake.errors import StackError
from lake.settings import Settings
from pipeline.addresses import NotDeployedError, state_machine_arn
from pipeline.prices import price_list


def of_the_laptop(settings: Settings) -> dict[str, Any]:
    """Raises NotDeployedError and NothingMeasuredError."""
    names = settings.names
    machine = state_machine_arn(make_client("cloudformation", settings), names.stack)
    states, s3 = make_client("stepfunctions", settings), make_client("s3", settings)
    return estimate(measured(states, s3, machine, names), price_list(), _executors(settings))


def waiting(settings: Settings) -> float:
    """USD an hour of the workers that wait in started EMR applications, if any do."""
    prices = {name: entry["usd"] for name, entry in price_list()["prices"].items()}
    return standing.warm_hourly(_executors(settings), prices)


def known(settings: Settings) -> dict[str, Any]:
    """The same, or why it is unknown: a plan is made without it."""
    try:
        return of_the_laptop(settings)
    except (NotDeployedError, NothingMeasuredError, StackError) as error:
        return {"unknown": str(error)}


def _executors(settings: Settings) -> int:
    return Production.from_variables(settings.variables).warm_executors
