"""The state of a metric alarm by CloudWatch's rules: its settings and data points in, state out.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Alarm = dict[str, Any]
OK, ALARM, INSUFFICIENT = "OK", "ALARM", "INSUFFICIENT_DATA"
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}
EXTRA_PERIODS = 2  # CloudWatch looks at some more than are evaluated, where points are missing


def periods(alarm: Alarm) -> int:
    """How many data points are looked at."""
    return int(alarm["EvaluationPeriods"]) + EXTRA_PERIODS


def state(alarm: Alarm, points: Sequence[float | None]) -> str | None:
    """`points` has one entry for each of the `periods`, the oldest first, None where there is none.

    None where the state stays as it is.
    """
    needed = int(alarm["EvaluationPeriods"])
    to_alarm = int(alarm.get("DatapointsToAlarm") or needed)
    missing = alarm.get("TreatMissingData") or "missing"
    breaches = COMPARISONS[alarm["ComparisonOperator"]]
    found = [breaches(value, alarm["Threshold"]) for value in points if value is not None]
    recent = found[-needed:]
    filled = needed - len(recent)
    if filled and missing == "breaching":
        return ALARM if recent.count(True) + filled >= to_alarm else OK
    if filled and missing in ("missing", "ignore"):
        if not found:
            return INSUFFICIENT if missing == "missing" else None
        if all(found) and _oldest_age(points) >= to_alarm:
            return ALARM if missing == "missing" else None
    return ALARM if recent.count(True) >= to_alarm else OK


def reason(alarm: Alarm, points: Sequence[float | None], new: str) -> str:
    """Why, as CloudWatch words it."""
    found = [value for value in points if value is not None]
    needed = int(alarm["EvaluationPeriods"])
    many = "s were" if needed > 1 else " was"
    if not found:
        treated = {"missing": "Missing", "breaching": "Breaching"}
        as_what = treated.get(alarm.get("TreatMissingData") or "missing", "NonBreaching")
        begin = "Insufficient Data" if new == INSUFFICIENT else "Threshold Crossed"
        of_periods = f"{needed} period{'s' if needed > 1 else ''}"
        return (
            f"{begin}: no datapoints were received for {of_periods} and {needed} missing"
            f" datapoint{many} treated as [{as_what}]."
        )
    shown = ", ".join(f"{value}" for value in found[-needed:][::-1])
    return (
        f"Threshold Crossed: the most recent datapoints [{shown}] are judged by"
        f" {alarm['ComparisonOperator']} ({float(alarm['Threshold'])}): {new}."
    )


def _oldest_age(points: Sequence[float | None]) -> int:
    """1 is the most recent period."""
    return next(len(points) - place for place, value in enumerate(points) if value is not None)
