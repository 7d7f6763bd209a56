"""CloudWatch's filter patterns, with the examples of its user guide."""

from __future__ import annotations

import pytest

from services.edge.cloudwatch_logs.documents.patterns import PatternError, matcher

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


@pytest.mark.parametrize("pattern", ["a:b", "%(%", "{ $.a = 1", "{ $.a }", "{ a = 1 }"])
def test_what_cannot_be_read_is_refused(pattern):
    with pytest.raises(PatternError):
        matcher(pattern)


ACCESS = [
    '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534',
    '127.0.0.1 Prod frank [10/Oct/2000:13:35:22 -0700] "GET /about.html HTTP/1.0" 200 5324',
    '10.0.0.7 Prod anna [10/Oct/2000:13:50:35 -0700] "PUT /a.txt HTTP/1.0" 410 4',
    "404 path",
    "10.0.0.7 404 /a",
    "10.0.0.7 4040 /a",
    "10.0.0.7 404.0 /a b",
]
HEAD = "ip, user, username, timestamp, request"


@pytest.mark.parametrize(
    ("pattern", "numbers"),
    [
        ("[ip, code=404, path]", [4]),
        ('[ip, code = "404", path]', [4]),
        ("[ip, code, path]", [4, 5]),
        ("[ip, code!=404, path]", [5]),
        ("[ip, code=404, ...]", [4, 6]),
        (f"[{HEAD}, status_code, bytes]", [0, 1, 2]),
        (f"[{HEAD}, status_code = 4*, bytes]", [0, 2]),
        (f"[{HEAD} = *.html*, status_code = 4*, bytes]", [0]),
        (f"[{HEAD}, status_code, bytes > 1000]", [0, 1]),
        (f"[{HEAD}, status_code, bytes >= 4 && bytes < 1534]", [2]),
        (f"[{HEAD}, status_code = 404 || status_code = 410, bytes]", [0, 2]),
        (f"[{HEAD}, (status_code = 404 || status_code = 200) && status_code != 2*, bytes]", [0]),
        ("[..., request = *.html*, status_code = 4*, bytes]", [0]),
        ("[ip = 127.*, ..., bytes]", [0, 1]),
        (r"[ip = %127\.0\.0\.[1-9]%, ...]", [0, 1]),
        ("[ip, user, username != frank && username != bob, ...]", [2, 4, 5, 6]),
        ('[ip, user, username, timestamp = "10/Oct/2000:13:3*", ...]', [1]),
        ("[ip, , path]", [4, 5]),
        ("[...]", [0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_a_space_delimited_pattern_finds_the_messages_of_its_fields(pattern, numbers):
    assert found(pattern, ACCESS) == [ACCESS[number] for number in numbers]


@pytest.mark.parametrize(
    "pattern",
    [
        "[ip, user", "[ip = , user]", "[ip > high]", "[ip > %1%]", "[..., a, ...]", "[... = 1]",
        "[a = 1 || b = 2]", "[a = %(%]", "[(a = 1]", "[a b]",
    ],
)  # fmt: skip
def test_a_space_delimited_pattern_that_cannot_be_read_is_refused(pattern):
    with pytest.raises(PatternError, match="Invalid filter pattern"):
        matcher(pattern)


EVENT = """{"eventType": "UpdateTrail", "sourceIPAddress": "111.111.111.111", "size": 12.5,
 "arrayKey": ["value", "another value"], "objectList": [{"name": "a", "id": 1}, {"name": "b"}],
 "SomeObject": null, "ThisFlag": true, "a-b": 1, "c.d": 2,
 "nested": {"deep": {"Code": "Failure"}}}"""


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
        "{ $.a-b = 1 && $.['c.d'] = 2 && $['c.d'] = 2 }",
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
