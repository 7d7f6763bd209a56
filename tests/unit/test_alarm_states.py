"""An alarm's state: CloudWatch's own tables of data points and missing ones."""

from __future__ import annotations

import pytest

from services.edge.cloudwatch.evaluation import state

TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
KEEPS = None


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
@pytest.mark.parametrize(
    ("to_alarm", "points", "states"),
    [
        (3, "0-X-X", ("OK", "OK", "OK", "OK")),
        (3, "----0", ("OK", "OK", "OK", "OK")),
        (3, "-----", ("INSUFFICIENT_DATA", KEEPS, "ALARM", "OK")),
        (3, "0XX-X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (3, "--X--", ("ALARM", KEEPS, "ALARM", "OK")),
        (2, "0-X-X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (2, "00X0X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (2, "0-X--", ("OK", "OK", "ALARM", "OK")),
        (2, "----0", ("OK", "OK", "ALARM", "OK")),
        (2, "---X-", ("ALARM", KEEPS, "ALARM", "OK")),
    ],
)
def test_missing_points_count_as_the_alarm_says(to_alarm, points, states):
    values = [{"0": 0.0, "X": 9.0, "-": None}[one] for one in points]
    found = [
        state(
            {
                "EvaluationPeriods": 3, "DatapointsToAlarm": to_alarm, "Threshold": 5,
                "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": treatment,
            },
            values,
        )
        for treatment in TREATMENTS
    ]  # fmt: skip
    assert tuple(found) == states


@pytest.mark.parametrize(
    ("comparison", "alarms"),
    [
        ("GreaterThanThreshold", [False, False, True]),
        ("GreaterThanOrEqualToThreshold", [False, True, True]),
        ("LessThanThreshold", [True, False, False]),
        ("LessThanOrEqualToThreshold", [True, True, False]),
    ],
)
def test_a_value_is_compared_with_the_threshold(comparison, alarms):
    alarm = {"EvaluationPeriods": 1, "Threshold": 5, "ComparisonOperator": comparison}
    assert [state(alarm, [None, None, value]) == "ALARM" for value in (4, 5, 6)] == alarms
