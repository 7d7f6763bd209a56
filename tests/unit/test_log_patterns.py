"""CloudWatch's filter patterns, with the examples of its user guide."""

from __future__ import annotations

import pytest

from services.edge.cloudwatch_logs.patterns import PatternError, matcher

LINES = [
    "[ERROR 400] BAD REQUEST",
    "[ERROR 401] UNAUTHORIZED REQUEST",
    "[ERROR 419] MISSING ARGUMENTS",
    "[ERROR 420] INVALID ARGUMENTS",
    "[WARN] INTERNAL SERVER ERROR",
]


def found(pattern, lines=LINES):
    matches = matcher(pattern)
    return [line for line in lines if matches(line)]


def test_an_empty_pattern_matches_all():
    assert found("") == LINES
    assert found("  ") == LINES


def test_all_plain_terms_must_be_there_and_case_counts():
    assert found("ERROR ARGUMENTS") == LINES[2:4]
    assert found("error") == []


def test_a_phrase_in_quotes_is_searched_as_it_is():
    assert found('"INTERNAL SERVER ERROR"') == LINES[4:]
    assert found('"say \\"no\\""', ['they say "no" here', "no"]) == ['they say "no" here']


def test_of_optional_terms_one_is_enough():
    assert found("?BAD ?INVALID") == [LINES[0], LINES[3]]


def test_a_term_with_a_minus_must_not_be_there():
    assert found("ERROR -ARGUMENTS") == [LINES[0], LINES[1], LINES[4]]


def test_optional_terms_beside_others_are_passed_over():
    assert found("?BAD REQUEST") == LINES[:2]


def test_a_regular_expression_stands_between_percent_signs():
    assert found("%ERROR 4(00|20)%") == [LINES[0], LINES[3]]


@pytest.mark.parametrize(
    "pattern", ["a:b", "[ip, user]", "%(%", "{ $.a = 1", "{ $.a }", "{ a = 1 }"]
)
def test_what_cannot_be_read_is_refused(pattern):
    with pytest.raises(PatternError):
        matcher(pattern)


EVENT = """{"eventType": "UpdateTrail", "sourceIPAddress": "111.111.111.111", "size": 12.5,
 "arrayKey": ["value", "another value"], "objectList": [{"name": "a", "id": 1}, {"name": "b"}],
 "SomeObject": null, "ThisFlag": true, "nested": {"deep": {"Code": "Failure"}}}"""


@pytest.mark.parametrize(
    "pattern",
    [
        '{ $.eventType = "UpdateTrail" }',
        "{ $.eventType = UpdateTrail }",
        '{ $.sourceIPAddress != 123.123.* }',
        '{ $.sourceIPAddress = "111.111.*" }',
        '{ $.arrayKey[0] = "value" }',
        '{ $.arrayKey[*] = "another value" }',
        "{ $.objectList[0].id = 1 }",
        "{ $.SomeObject IS NULL }",
        "{ $.SomeOtherObject NOT EXISTS }",
        "{ $.ThisFlag IS TRUE }",
        "{ $.size > 12 && $.size <= 12.5 }",
        "{ $.nested.deep.Code = %^Fail% }",
        '{ ($.eventType = "x" || $.ThisFlag IS TRUE) && ($.objectList[1].name = "b") }',
        "{ $.nested.*.Code = \"Failure\" }",
    ],
)  # fmt: skip
def test_a_json_pattern_finds_what_it_describes(pattern):
    assert matcher(pattern)(EVENT)


@pytest.mark.parametrize(
    "pattern",
    [
        '{ $.eventType = "Update" }',
        "{ $.size > 12.5 }",
        "{ $.ThisFlag IS FALSE }",
        "{ $.ThisFlag > 0 }",
        "{ $.missing != 1 }",
        '{ $.eventType = "x" || $.ThisFlag IS TRUE && $.size = 1 }',
        "{ $.arrayKey[7] = value }",
    ],
)
def test_a_json_pattern_does_not_find_what_it_does_not_describe(pattern):
    assert not matcher(pattern)(EVENT)


def test_a_message_that_is_no_json_object_matches_no_json_pattern():
    assert not matcher("{ $.a NOT EXISTS }")("plain text")
    assert not matcher("{ $.a NOT EXISTS }")('["a list"]')
