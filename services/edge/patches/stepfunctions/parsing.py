"""Definitions that LocalStack's grammar (asl/antlr) cannot read, brought into a form that it can.

What its grammar has no place for is kept beside the parsed state, as `raw`: the state's definition.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from localstack.services.stepfunctions.asl.component.common.string.string_expression import (
    StringIntrinsicFunction,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_map.state_map import (  # noqa: E501
    StateMap,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_parallel.state_parallel import (  # noqa: E501
    StateParallel,
)
from localstack.services.stepfunctions.asl.parse import preprocessor
from localstack.services.stepfunctions.asl.parse.asl_parser import AmazonStateLanguageParser
from localstack.services.stepfunctions.asl.static_analyser import (
    variable_references_static_analyser as variable_references,
)
from localstack.utils.patch import Patch

from services.edge.stepfunctions.engine.evaluation import VARIABLE

Document = dict[str, Any]
KEPT_ASIDE = ("ItemReader", "ItemBatcher", "ResultWriter")


def apply() -> None:
    _read_texts_as_json()
    parse = AmazonStateLanguageParser.parse

    def parse_normalised(definition: str) -> tuple[Any, Any]:
        document = json.loads(definition)
        text = json.dumps(normalised(document), ensure_ascii=False)
        program, tree = parse(text)
        _attach(program.states.states, document["States"])
        return program, tree

    Patch(AmazonStateLanguageParser, "parse", staticmethod(parse_normalised)).apply()


def normalised(machine: Document) -> Document:
    machine = copy.deepcopy(machine)
    for state in machine["States"].values():
        _normalise(state)
    return machine


def _normalise(state: Document) -> None:
    if isinstance(state.get("ToleratedFailurePercentage"), int):
        state["ToleratedFailurePercentage"] = float(state["ToleratedFailurePercentage"])
    for branch in state.get("Branches", ()):
        branch["States"] = normalised(branch)["States"]
    for field in {"ItemProcessor", "Iterator"} & state.keys():
        state[field] = _processor(state[field])
    if state.get("Type") == "Map":
        for field in KEPT_ASIDE:
            state.pop(field, None)


def _processor(processor: Document) -> Document:
    processor = normalised(processor)
    if language := processor.pop("QueryLanguage", None):
        for state in processor["States"].values():
            state.setdefault("QueryLanguage", language)
    if "ExecutionType" in processor.get("ProcessorConfig", {}):
        processor["ProcessorConfig"]["ExecutionType"] = "STANDARD"
    return processor


def _attach(states: Document, raw: Document) -> None:
    for name, state in states.items():
        if isinstance(state, StateParallel):
            for program, branch in zip(state.branches.programs, raw[name]["Branches"], strict=True):
                _attach(program.states.states, branch["States"])
        if isinstance(state, StateMap):
            state.raw = raw[name]
            processor = raw[name].get("ItemProcessor") or raw[name]["Iterator"]
            _attach(state.iteration_component._states.states, processor["States"])


def _read_texts_as_json() -> None:
    """Escapes and characters beyond ASCII are JSON's; a machine read wrongly leaves no trace."""
    own = preprocessor.Preprocessor

    def __init__(self: Any) -> None:
        self._query_language_per_scope = []  # LocalStack shares one list among all threads

    def text_of(parser_rule_context: Any) -> str | None:
        text = parser_rule_context.getText()
        return None if text == "null" else json.loads(text) if text.startswith('"') else text

    def visit_intrinsic(_self: Any, ctx: Any) -> StringIntrinsicFunction:
        return StringIntrinsicFunction(text_of(ctx) or "", function=None)

    analyser = variable_references.VariableReferencesStaticAnalyser
    for target, name, new in (
        (own, "__init__", __init__),
        (own, "_inner_string_of", staticmethod(text_of)),
        (own, "visitString_intrinsic_function", visit_intrinsic),
        (preprocessor, "from_string_literal", text_of),
        (analyser, "visitString_intrinsic_function", _visit_references),
        (variable_references, "extract_jsonata_variable_references", references),
    ):
        Patch(target, name, new).apply()


def references(text: str) -> set[str]:
    return {f"${name}" for name in VARIABLE.findall(text)}


def _visit_references(self: Any, ctx: Any) -> None:
    for name in VARIABLE.findall(ctx.getText()):
        self._put_variable_name(name)
