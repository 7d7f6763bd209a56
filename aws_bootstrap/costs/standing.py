"""What costs whether or not anything is delivered: alarms, and workers that wait."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

TEMPLATE = Path(__file__).parents[1] / "template.yaml"
APPLICATIONS = 2
# As in the template's InitialCapacity, of the driver and of each executor.
WORKER_VCPU, WORKER_GB = 4, 16
IDLE_HOURS = 0.25  # after a run, until an application stops
ALARM = "\n    Type: AWS::CloudWatch::Alarm\n"


def alarms() -> int:
    """Of the template."""
    return TEMPLATE.read_text().count(ALARM)


def warm_hourly(executors: int, prices: Mapping[str, float]) -> float:
    """USD an hour of the workers that wait, while both applications are started; 0 for none."""
    if not executors:
        return 0.0
    worker = (
        WORKER_VCPU * prices["emr_serverless_vcpu_hour"]
        + WORKER_GB * prices["emr_serverless_gb_hour"]
    )
    return APPLICATIONS * (1 + executors) * worker
