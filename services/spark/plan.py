"""How a job is run: in a JVM of the pool, where its settings let it, else in one of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.spark.session_conf import PROCESS_WIDE
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
# Another Python than the one of this service, or another way for it to speak with its JVM.
PYTHONS = ("PYSPARK_PYTHON", "PYSPARK_DRIVER_PYTHON", "PYSPARK_PIN_THREAD")
CLASS_PATHS = ("spark.driver.extraClassPath", "spark.executor.extraClassPath")
NO_DELTA = "it does not name Delta's jars, so it has none, as on AWS"
UNITS = {"": 20, "k": 10, "m": 20, "g": 30, "t": 40}


@dataclass(frozen=True)
class Plan:
    """`reasons` tell why no JVM of the pool will do; none: one does."""

    conf: dict[str, str]
    environment: dict[str, str]
    reasons: tuple[str, ...]
    ignored: tuple[str, ...]

    @property
    def is_pooled(self) -> bool:
        return not self.reasons

    @property
    def notes(self) -> list[str]:
        """For the run's standard error."""
        ignored = [f"{name} has no meaning on one machine: ignored" for name in self.ignored]
        return [*ignored, *(f"Starting a JVM for this job: {why}" for why in self.reasons)]


def plan(
    submission: Submission,
    name: str,
    pooled: Mapping[str, str],
    missing_jars: Sequence[str] = (),
    class_path: str | None = None,
) -> Plan:
    """`pooled` is what the JVMs of the pool were started with, `missing_jars` what they lack.

    `class_path` is that of a job which names not all of Delta's jars: the pool has them all.
    """
    conf = {APP_NAME: name, **submission.conf}
    memory = conf.get(DRIVER_MEMORY, pooled[DRIVER_MEMORY])
    if memory_bytes(memory) <= memory_bytes(pooled[DRIVER_MEMORY]):
        conf.pop(DRIVER_MEMORY, None)
    ignored = [n for n in conf if n.startswith(SIZING) and not n.startswith(DRIVER_ENVIRONMENT)]
    kept = {n: value for n, value in conf.items() if not n.startswith(SIZING)}
    differing = [n for n in kept if n in PROCESS_WIDE and kept[n] != pooled.get(n)]
    environment = {
        n.removeprefix(DRIVER_ENVIRONMENT): value
        for n, value in conf.items()
        if n.startswith(DRIVER_ENVIRONMENT)
    }
    if class_path is not None:
        ours = {n: class_path for n in CLASS_PATHS if n in pooled}
        kept = {**ours, **kept}
    return Plan(
        conf=kept,
        environment=environment,
        reasons=(
            *(f"{n}={kept[n]}" for n in differing),
            *(f"{n}={environment[n]}" for n in PYTHONS if n in environment),
            *(f"the archive {uri}" for uri in submission.archives),
            *(f"the jar {uri}" for uri in missing_jars),
            *([NO_DELTA] if class_path is not None else []),
            *(["its main class"] if submission.main_class else []),
        ),
        ignored=tuple(ignored),
    )


def memory_bytes(text: str) -> int:
    """Spark's notation; a number alone counts MiB, as in spark.driver.memory."""
    found = re.fullmatch(r"(\d+)([kmgt]?)b?", text.strip().lower())
    if not found:
        raise SubmitError(f"expected a memory size such as 2g or 512m, found {text!r}")
    return int(found[1]) << UNITS[found[2]]
