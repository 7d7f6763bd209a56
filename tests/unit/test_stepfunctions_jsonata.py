"""JSONata judged by cases of the JSONata project's own test suite, and Step Functions' additions.

The cases stand in jsonata_cases.json (github.com/jsonata-js/jsonata, MIT: test/test-suite, the
first two of each group that need no data). The whole suite: docs/adr/0010-jsonata-by-jsonatapy.md.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.edge.stepfunctions.language import jsonata

CASES = json.loads(Path(__file__).with_name("jsonata_cases.json").read_text())


@pytest.mark.parametrize(("expression", "result"), [case[1:] for case in CASES])
def test_an_expression_of_the_suite_gives_the_suite_s_result(expression, result):
    assert jsonata.evaluate(expression, {}) == result


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("$partition([1,2,3,4,5], 2)", [[1, 2], [3, 4], [5]]),
        ("$range(0, 10, 5)", [0, 5, 10]),
        ("$range(3, 1, -1)", [3, 2, 1]),
        ("$hash('é', 'MD5')", "66ddcd97cfdeabb2f6fb8a999b4bc76f"),
        ("$hash('a', 'SHA-1')", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
        ("$parse('{\"a\": [1, null]}').a", [1, None]),
        ("$length($uuid())", 36),
        ("$random(7) = $random(7) and $random() < 1", True),
        ("{'none': $states.input.none}", {"none": None}),
        ("$states.input.list[k > 1].k", 2),
        ("$x & $states.input.text", 'vé"\\'),
    ],
)
def test_step_functions_own_functions_and_variables(expression, result):
    given = {"none": None, "list": [{"k": 1}, {"k": 2}], "text": 'é"\\'}
    assert jsonata.evaluate(expression, {"x": "v", "states": {"input": given}}) == result


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("nothing", "returned nothing"),
        ("$sum", "unsupported result type"),
        ("$eval('1')", "not supported"),
        ("1 +", "not valid"),
        ("1) } ; ({", "not valid"),
        ("( $f := function() { $f() }; $f() )", "timeout"),
        ("[1..20000000]", "too many"),
        ("$hash('a', 'CRC')", "expected one of"),
    ],
)
def test_what_has_no_json_value_is_an_error_by_name(expression, told):
    with pytest.raises(jsonata.QueryError, match=told):
        jsonata.evaluate(expression, {})
