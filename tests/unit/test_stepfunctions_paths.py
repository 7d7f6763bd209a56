"""JSONPath, intrinsic functions, Choice operators and names of resources, as AWS documents them."""

from __future__ import annotations

import pytest

from services.edge.stepfunctions.language import (
    choices,
    definitions,
    intrinsics,
    jsonpath,
    resources,
)
from services.edge.stepfunctions.language.intrinsic_functions import IntrinsicError

BOOKS = {
    "books": [
        {"title": "é", "price": 8, "tags": ["a"], "x-y": 1},
        {"title": "b", "price": 12, "tags": ["a", "b"]},
    ],
    "a b": {"c": None},
    "none": [],
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.books[0].title", "é"),
        ("$.books[-1].price", 12),
        ("$.books[?(@.price < 10)].title", ["é"]),
        ("$.books[?(@.price > 10 && @.title == 'b')].price", [12]),
        ("$.books[?(@.price > 99 || 'b' in @.tags)].title", ["b"]),
        ("$.books[?(!(@.price == 8))].price", [12]),
        ("$.books[?(@['x-y'])].title", ["é"]),
        ("$.books[?(@.title =~ /B/i)].price", [12]),
        ("$.books[?(@.tags.length() == 2)].title", ["b"]),
        ("$.books[?(@.price == $.books[1].price)].title", ["b"]),
        ("$.books[?(@.price > 99)]", []),
        ("$.books[*].price", [8, 12]),
        ("$.books[0:1].price", [8]),
        ("$.books[-1:].price", [12]),
        ("$.books[0,1].price", [8, 12]),
        ("$..price", [8, 12]),
        ("$.books[*].price.max()", 12),
        ("$.books.length()", 2),
        ("$['a b']['c']", None),
        ("$['a b']", {"c": None}),
        ("$.books[0]['title','price']", {"title": "é", "price": 8}),
        ("$.none[*]", []),
    ],
)
def test_a_path_gives_what_jayway_gives(path, value):
    assert jsonpath.find(path, BOOKS) == value


@pytest.mark.parametrize("path", ["$.nope", "$.books[7]", "$.books.title", "$['a b'].c.d"])
def test_a_definite_path_to_nothing_is_missing(path):
    assert jsonpath.find(path, BOOKS) is jsonpath.MISSING


@pytest.mark.parametrize("path", ["books", "$.books[", "$.books[?(@.a ==)]", "$.a.nope()", "$[x]"])
def test_a_path_that_cannot_be_read_says_so(path):
    with pytest.raises(jsonpath.PathError, match="path"):
        jsonpath.find(path, BOOKS)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"States.Format('it\'s {} of \{\}', $.books[0].title)", "it's é of {}"),
        (r"States.Array('a\'b', 1, -2.5, true, null)", ["a'b", 1, -2.5, True, None]),
        ("States.Base64Decode(States.Base64Encode('é€'))", "é€"),
        ("States.Format('{}-{}', States.MathAdd(1, -3), States.ArrayLength($.books))", "-2-2"),
        ("States.StringToJson('{\"é\": [1]}')", {"é": [1]}),
        ("States.JsonToString($.books[0].tags)", '["a"]'),
        ("States.ArrayUnique(States.Array(1, 2, 1, '1'))", [1, 2, "1"]),
        ("States.ArrayPartition(States.ArrayRange(1, 5, 2), 2)", [[1, 3], [5]]),
        ("States.ArrayContains($.books[*].price, 12)", True),
        ("States.StringSplit('a.b+c', '.+')", ["a", "b", "c"]),
        ("States.Hash('é', 'SHA-1')", "bf15be717ac1b080b4f1c456692825891ff5073d"),
        (
            "States.JsonMerge($['a b'], States.StringToJson('{\"d\":1}'), false)",
            {"c": None, "d": 1},
        ),
        ("States.ArrayGetItem($.books[?(@.price > 9 && @.title == 'b')].price, 0)", 12),
        ("States.MathRandom(1, 2)", 1),
    ],
)
def test_an_intrinsic_function_answers_as_documented(text, value):
    assert intrinsics.evaluate(text, lambda path: jsonpath.find(path, BOOKS)) == value


@pytest.mark.parametrize(
    "text",
    [
        "States.Nope()",
        "States.Format('{}')",
        "States.Format('{')",
        "States.ArrayGetItem($.none, 0)",
    ],
)
def test_an_intrinsic_function_that_fails_is_named(text):
    with pytest.raises(IntrinsicError, match=r"States\."):
        intrinsics.evaluate(text, lambda path: jsonpath.find(path, BOOKS))


@pytest.mark.parametrize(
    ("name", "value", "expected", "holds"),
    [
        ("TimestampEquals", "2024-01-01T00:00:00.5Z", "2024-01-01T01:00:00.50+01:00", True),
        ("TimestampGreaterThan", "2024-01-01T00:00:00.10Z", "2024-01-01T00:00:00.1Z", False),
        ("TimestampLessThan", "2024-01-01T00:00:00.09Z", "2024-01-01T00:00:00.1Z", True),
        ("IsTimestamp", "2024-02-30T00:00:00Z", True, False),
        ("NumericEquals", True, 1, False),
        ("StringEquals", 1, "1", False),
        ("StringMatches", "a*b", r"a\*?", False),
        ("StringMatches", "a*b", r"a\**", True),
        ("BooleanEquals", False, False, True),
    ],
)
def test_values_compare_by_the_operator_s_type(name, value, expected, holds):
    assert choices.compared(name, value, expected) is holds


def test_services_of_the_sdk_are_named_as_aws_spells_them():
    sdk = "arn:aws:states:::aws-sdk:"
    good = ("emrserverless:startJobRun", "cloudwatchlogs:putLogEvents", "sfn:startExecution")
    assert all(resources.known(sdk + one) for one in (*good, "s3:putObject.waitForTaskToken"))
    bad = ("emr-serverless:startJobRun", "logs:putLogEvents", "stepfunctions:startExecution")
    assert not any(
        resources.known(sdk + one) for one in (*bad, "s3:PutObject", "s3:listBuckets.sync")
    )
    assert resources.error_prefix("emrserverless") == "EmrServerless"
    assert resources.error_prefix("dynamodb") == "DynamoDb"


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ('{"A": {"Type": "Pass", "Next": "B"}}', "Missing 'Next' target: B at /States/A/Next"),
        ('{"B": {"Type": "Pass", "End": true}}', "Missing 'StartAt' target: A at /StartAt"),
        ('{"A": {"Type": "Pass"}}', "required: [Next] or [End] at /States/A"),
        ('{"A": {"Type": "Succeed", "End": true}}', "not supported together or here"),
        (
            '{"A": {"Type": "Pass", "End": true}, "é": {"Type": "Succeed"}}',
            'State "é" is not reachable at /States/é',
        ),
        (
            '{"A": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "A", "States":'
            ' {"A": {"Type": "Succeed"}}}}}',
            "Duplicate state name: A at /States/A/ItemProcessor/States/A",
        ),
        (
            '{"A": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true,'
            ' "Next": "Q"}]}}',
            "Missing 'Next' target: Q at /States/A/Choices[0]/Next",
        ),
        (
            '{"A": {"Type": "Wait", "End": true, "Catch": [{"ErrorEquals": ["States.ALL", "X"],'
            ' "Next": "A"}]}}',
            "States.ALL must stand alone",
        ),
    ],
)
def test_a_wrong_definition_is_told_with_its_place(states, told):
    found = definitions.problems(f'{{"StartAt": "A", "States": {states}}}')
    assert told in ", ".join(str(problem) for problem in found)
