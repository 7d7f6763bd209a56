"""How a job is run: in a driver started ahead, where its settings let it, else by spark-submit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.spark.session_conf import is_runtime
from services.spark.submit import Submission, SubmitError

DRIVER_ENVIRONMENT = "spark.emr-serverless.driverEnv."
DRIVER_MEMORY = "spark.driver.memory"
APP_NAME = "spark.app.name"
# Sizes and numbers of workers mean nothing here: the driver is also the executor.
SIZING = (
    *("spark.executor.cores", "spark.executor.instances", "spark.executor.memory"),
    *("spark.driver.cores", "spark.driver.memoryOverhead"),
    *("spark.dynamicAllocation.", "spark.emr-serverless."),
)
# Another Python than the one that a driver started ahead has.
PYTHONS = ("PYSPARK_PYTHON", "PYSPARK_DRIVER_PYTHON")
UNITS = {"": 20, "k": 10, "m": 20, "g": 30, "t": 40}


@dataclass(frozen=True)
class Plan:
    """`reasons` tell why no driver started ahead will do; none: one does."""

    conf: dict[str, str]
    environment: dict[str, str]
    reasons: tuple[str, ...]
    ignored: tuple[str, ...]

    @property
    def is_warm(self) -> bool:
        return not self.reasons

    @property
    def notes(self) -> list[str]:
        """For the run's standard error."""
        ignored = [f"{name} has no meaning on one machine: ignored" for name in self.ignored]
        return [*ignored, *(f"Starting a driver for this job: {why}" for why in self.reasons)]


def plan(
    submission: Submission, name: str, warm: Mapping[str, str], missing_jars: Sequence[str] = ()
) -> Plan:
    """`warm` is the configuration of the drivers started ahead, `missing_jars` what they lack."""
    conf = {APP_NAME: name, **submission.conf}
    memory = conf.get(DRIVER_MEMORY, warm[DRIVER_MEMORY])
    if memory_bytes(memory) <= memory_bytes(warm[DRIVER_MEMORY]):
        conf.pop(DRIVER_MEMORY, None)
    ignored = [n for n in conf if n.startswith(SIZING) and not n.startswith(DRIVER_ENVIRONMENT)]
    kept = {n: value for n, value in conf.items() if not n.startswith(SIZING)}
    differing = [n for n, value in kept.items() if not is_taken_over(n, value, warm)]
    environment = {
        n.removeprefix(DRIVER_ENVIRONMENT): value
        for n, value in conf.items()
        if n.startswith(DRIVER_ENVIRONMENT)
    }
    return Plan(
        conf=kept,
        environment=environment,
        reasons=(
            *(f"{n}={kept[n]}" for n in differing),
            *(f"{n}={environment[n]}" for n in PYTHONS if n in environment),
            *(f"the archive {uri}" for uri in submission.archives),
            *(f"the jar {uri}" for uri in missing_jars),
            *(["its main class"] if submission.main_class else []),
        ),
        ignored=tuple(ignored),
    )


def is_taken_over(name: str, value: str, warm: Mapping[str, str]) -> bool:
    """Whether a session that has already started has the setting, or can be given it."""
    return warm.get(name) == value or name == APP_NAME or is_runtime(name)


def memory_bytes(text: str) -> int:
    """Spark's notation; a number alone counts MiB, as in spark.driver.memory."""
    found = re.fullmatch(r"(\d+)([kmgt]?)b?", text.strip().lower())
    if not found:
        raise SubmitError(f"expected a memory size such as 2g or 512m, found {text!r}")
    return int(found[1]) << UNITS[found[2]]
