"""JSONata and variables, offline: what AWS's console writes by default."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.state_machines import passes

JSONATA = {"QueryLanguage": "JSONata"}


def test_output_is_computed_from_input_and_context(machine):
    state = passes(
        Output={
            "sum": "{% $sum($states.input.items.price) %}",
            "é": "{% $states.input.items[price > 1].name %}",
            "machine": "{% $exists($states.context.StateMachine.Id) %}",
            "retries": "{% $states.context.State.RetryCount %}",
            "plain": ["text", 1, None],
        }
    )
    given = {"items": [{"name": "ä", "price": 1}, {"name": 'q"\\', "price": 2}]}
    assert machine({"A": state}, **JSONATA).output(given) == {
        "sum": 3,
        "é": 'q"\\',
        "machine": True,
        "retries": 0,
        "plain": ["text", 1, None],
    }


def test_a_variable_is_assigned_in_one_state_and_read_in_the_next(machine):
    states = {
        "A": {
            "Type": "Pass",
            "Assign": {"x": "{% $states.input.a + 1 %}", "texts": ['a"b', "{% 'c' %}"]},
            "Next": "B",
        },
        "B": passes(Output="{% {'x': $x, 'texts': $texts} %}"),
    }
    assert machine(states, **JSONATA).output({"a": 5}) == {"x": 6, "texts": ['a"b', "c"]}


def test_a_choice_takes_the_branch_whose_condition_holds(machine):
    states = {
        "C": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input.n > 10 %}", "Next": "Many"}],
            "Default": "Few",
        },
        "Many": passes(Output="many"),
        "Few": passes(Output="few"),
    }
    counted = machine(states, **JSONATA)
    assert [counted.output({"n": 11}), counted.output({"n": 1})] == ["many", "few"]


def test_a_map_runs_over_items_and_mixes_with_jsonpath(machine):
    inner = {
        "StartAt": "I",
        "States": {"I": passes(QueryLanguage="JSONata", Output="{% $n * 2 %}")},
    }
    inner["States"]["I"]["Output"] = "{% $states.input.v * 2 %}"
    states = {
        "M": {
            "Type": "Map",
            "QueryLanguage": "JSONata",
            "Items": "{% [1..3] %}",
            "ItemSelector": {"v": "{% $states.context.Map.Item.Value %}"},
            "ItemProcessor": inner,
            "Next": "P",
        },
        "P": passes(Parameters={"all.$": "$", "last.$": "$[-1:]"}),
    }
    assert machine(states).output() == {"all": [2, 4, 6], "last": [6]}


@pytest.mark.parametrize(
    "expression",
    [
        "$states.input.nothing",
        "$sum",
        "$eval('1')",
        "1 + 'a'",
        "( $f := function($n) { $f($n + 1) }; $f(1) )",
    ],
)
def test_what_cannot_be_evaluated_is_a_query_evaluation_error(machine, expression):
    state = passes(Output=f"{{% {expression} %}}")
    assert machine({"A": state}, **JSONATA).error() == ("FAILED", "States.QueryEvaluationError")


def test_a_query_evaluation_error_of_a_task_is_caught(machine):
    states: dict[str, Any] = {
        "T": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:s3:listBuckets",
            "Output": "{% $states.result.Nothing %}",
            "Arguments": {"Prefix": "{% $states.input.nothing %}"},
            "Catch": [
                {
                    "ErrorEquals": ["States.QueryEvaluationError"],
                    "Output": "{% $states.errorOutput.Error %}",
                    "Next": "N",
                }
            ],
            "End": True,
        },
        "N": passes(),
    }
    assert machine(states, **JSONATA).output() == "States.QueryEvaluationError"


def test_variables_of_a_jsonpath_machine_reach_paths_intrinsics_and_inner_scopes(machine):
    branch = {
        "StartAt": "I",
        "States": {
            "I": {"Type": "Pass", "Assign": {"own.$": "States.MathAdd($n, 1)"}, "Next": "J"},
            "J": passes(Parameters={"outer.$": "$o.list[*].k", "own.$": "$own"}),
        },
    }
    states = {
        "A": {"Type": "Pass", "Assign": {"o.$": "$.o", "n.$": "$.n"}, "Next": "P"},
        "P": {"Type": "Parallel", "Branches": [branch], "Next": "Z"},
        "Z": passes(Parameters={"branch.$": "$[0]", "text.$": "States.Format('{}é', $n)"}),
    }
    assert machine(states).output({"o": {"list": [{"k": 1}]}, "n": 4}) == {
        "branch": {"outer": [1], "own": 5},
        "text": "4é",
    }
