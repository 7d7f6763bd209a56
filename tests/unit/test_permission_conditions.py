"""Condition operators of IAM, as its user guide documents them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import pytest

from services.edge.permissions.policies.conditions import UnknownOperatorError, conditions_of


@pytest.mark.parametrize(
    ("operator", "wanted", "found", "is_met"),
    [
        ("StringEquals", "a", ["a"], True),
        ("StringEquals", ["a", "b"], ["b"], True),
        ("StringEquals", "a", ["A"], False),
        ("StringEquals", "a*", ["ab"], False),
        ("StringEquals", "a", [], False),
        ("StringNotEquals", ["a", "b"], ["b"], False),
        ("StringNotEquals", ["a", "b"], ["c"], True),
        ("StringNotEquals", "a", [], True),
        ("StringEqualsIgnoreCase", "a", ["A"], True),
        ("StringNotEqualsIgnoreCase", "a", ["A"], False),
        ("StringLike", "events/*", ["events/a"], True),
        ("StringLike", ["", "home/?"], ["home/ab"], False),
        ("StringNotLike", "events/*", ["events/a"], False),
        ("StringEqualsIfExists", "a", [], True),
        ("StringEqualsIfExists", "a", ["b"], False),
        ("NumericEquals", "10", ["10.0"], True),
        ("NumericNotEquals", "10", ["9"], True),
        ("NumericLessThan", "10", ["9"], True),
        ("NumericLessThanEquals", 10, ["10"], True),
        ("NumericGreaterThan", "10", ["9"], False),
        ("NumericGreaterThanEquals", "10", ["text"], False),
        ("DateLessThan", "2026-01-16T00:00:00Z", ["2026-01-15T23:59:59Z"], True),
        ("DateGreaterThan", "2026-01-16T00:00:00Z", ["2026-01-15T23:59:59Z"], False),
        ("DateGreaterThanEquals", "1768521600", ["2026-01-16T00:00:00Z"], True),
        ("DateEquals", "2026-01-16T00:00:00Z", ["1768521600"], True),
        ("DateNotEquals", "2026-01-16T00:00:00Z", ["1768521600"], False),
        ("DateLessThanEquals", "2026-01-16", ["2026-01-16T00:00:01Z"], False),
        ("Bool", True, ["true"], True),
        ("Bool", "false", ["true"], False),
        ("Bool", "false", [], False),
        ("BinaryEquals", "QmluYXJ5", ["QmluYXJ5"], True),
        ("IpAddress", "203.0.113.0/24", ["203.0.113.9"], True),
        ("IpAddress", "203.0.113.9", ["203.0.113.10"], False),
        ("NotIpAddress", ["203.0.113.0/24", "2001:db8::/32"], ["198.51.100.1"], True),
        ("ArnLike", "arn:aws:iam::*:role/a*", ["arn:aws:iam::111122223333:role/ab"], True),
        ("ArnEquals", "arn:aws:iam::*:role/a", ["arn:aws:iam::111122223333:role/a"], True),
        ("ArnLike", "arn:aws:*:role/a", ["arn:aws:iam::111122223333:role/a"], False),
        ("ArnNotLike", "arn:aws:iam::*:role/a", ["arn:aws:iam::111122223333:role/a"], False),
        ("Null", "true", [], True),
        ("Null", "true", ["a"], False),
        ("Null", "false", ["a"], True),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], True),
        ("ForAllValues:StringEquals", ["a"], ["a", "b"], False),
        ("ForAllValues:StringEquals", ["a"], [], True),
        ("ForAnyValue:StringEquals", ["a"], ["a", "b"], True),
        ("ForAnyValue:StringEquals", ["c"], ["a", "b"], False),
        ("ForAnyValue:StringEquals", ["a"], [], False),
        ("ForAnyValue:StringNotEquals", ["a"], [], False),
        ("ForAllValues:StringNotEquals", ["c"], ["a", "b"], True),
        ("ForAnyValue:StringLike", ["a*"], ["b", "ab"], True),
    ],
)
def test_what_an_operator_makes_of_the_values_of_a_request(operator, wanted, found, is_met):
    (condition,) = conditions_of({operator: {"aws:Key": wanted}})
    assert condition.is_met({"aws:key": tuple(found)} if found else {}) is is_met


def test_variables_stand_in_conditions_too():
    (condition,) = conditions_of({"StringLike": {"s3:prefix": "home/${aws:username}/*"}})
    assert condition.is_met({"s3:prefix": ("home/ann/a",), "aws:username": ("ann",)})
    assert not condition.is_met({"s3:prefix": ("home/bob/a",), "aws:username": ("ann",)})
    assert not condition.is_met({"s3:prefix": ("home/ann/a",)})


def test_an_operator_that_is_none_is_named():
    with pytest.raises(UnknownOperatorError, match="found StringEqual$"):
        conditions_of({"StringEqual": {"s3:prefix": "a"}})
