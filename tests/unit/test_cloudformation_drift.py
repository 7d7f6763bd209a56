"""What CloudFormation calls a drift: the template's properties against those that are there."""

from __future__ import annotations

from typing import Any

import pytest

from services.edge.cloudformation.drift.differences import differences

STATEMENT = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ({"MemorySize": "256"}, {"MemorySize": 256}),
        ({"Enabled": True}, {"enabled": "true"}),
        ({"ThrottlingRateLimit": 10000}, {"throttlingRateLimit": 10000.0}),
        ({"Action": ["s3:GetObject"]}, {"Action": "s3:GetObject"}),
        ({"Tables": ["b", "a"]}, {"Tables": ["a", "b"]}),
        ({"Rules": []}, {}),
        ({"Stage": {"Name": "a"}}, {"Stage": {"Name": "a", "RunOrder": 1}}),
        ({"Policy": '{"Statement": []}'}, {"Policy": {"Statement": []}}),
    ],
)
def test_what_means_the_same_is_no_drift(expected: Any, actual: Any) -> None:
    assert differences(expected, actual) == []


@pytest.mark.parametrize(
    ("expected", "actual", "path", "values", "kind"),
    [
        ({"Timeout": 15}, {"Timeout": 60}, "/Timeout", ("15", "60"), "NOT_EQUAL"),
        ({"Days": 30}, {"Days": None}, "/Days", ("30", "null"), "REMOVE"),
        ({"A": {"B": "x"}}, {"a": {"b": "y"}}, "/A/B", ("x", "y"), "NOT_EQUAL"),
        ({"Variables": {}}, {"Variables": {"X": "1"}}, "/Variables/X", ("null", "1"), "ADD"),
        ({"Tables": ["a"]}, {"Tables": ["a", "b"]}, "/Tables/1", ("null", "b"), "ADD"),
        ({"Tables": ["a", "b"]}, {"Tables": ["b"]}, "/Tables/0", ("a", "null"), "REMOVE"),
    ],
)
def test_each_difference_has_its_path_both_values_and_its_kind(
    expected: Any, actual: Any, path: str, values: tuple[str, str], kind: str
) -> None:
    assert differences(expected, actual) == [
        {
            "PropertyPath": path,
            "ExpectedValue": values[0],
            "ActualValue": values[1],
            "DifferenceType": kind,
        }
    ]


def test_a_condition_that_was_taken_out_of_a_statement_and_one_that_was_added_are_told() -> None:
    guarded = {**STATEMENT, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}
    one, other = ({"PolicyDocument": {"Statement": [each]}} for each in (guarded, STATEMENT))

    path = "/PolicyDocument/Statement/0/Condition"
    for expected, actual, kind in ((one, other, "REMOVE"), (other, one, "ADD")):
        [found] = differences(expected, actual)
        assert (found["PropertyPath"], found["DifferenceType"]) == (path, kind)
