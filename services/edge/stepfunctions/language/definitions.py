"""What is wrong with a state machine's definition: a document in, problems out, as AWS tells them.

https://states-language.net and ValidateStateMachineDefinition's codes
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.edge.stepfunctions.language import resources

Document = dict[str, Any]
TYPES = ("Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")
CONTINUED = ("Task", "Pass", "Wait", "Parallel", "Map")
REQUIRED = {"Task": ("Resource",), "Choice": ("Choices",), "Parallel": ("Branches",)}
SCHEMA, TARGET = "SCHEMA_VALIDATION_FAILED", "MISSING_TRANSITION_TARGET"
MAX_NAME = 80


@dataclass(frozen=True)
class Problem:
    code: str
    text: str
    place: str

    def __str__(self) -> str:
        return f"{self.code}: {self.text} at {self.place}"


def problems(text: str) -> list[Problem]:
    try:
        document = json.loads(text)
    except ValueError as error:
        return [Problem("INVALID_JSON_DESCRIPTION", f"The definition is not JSON: {error}", "/")]
    return list(_machine(document, "", set()))


def _machine(document: Any, place: str, names: set[str]) -> Iterator[Problem]:
    """`names` are those of every state met, as a name may stand once in the whole machine."""
    states = document.get("States") if isinstance(document, dict) else None
    if not isinstance(states, dict) or not states or "StartAt" not in document:
        yield Problem(SCHEMA, "These fields are required: [StartAt, States]", place or "/")
        return
    if document["StartAt"] not in states:
        yield Problem(
            TARGET, f"Missing 'StartAt' target: {document['StartAt']}", f"{place}/StartAt"
        )
    for name, state in states.items():
        here = f"{place}/States/{name}"
        if name in names:
            yield Problem("DUPLICATE_STATE_NAME", f"Duplicate state name: {name}", here)
        names.add(name)
        if not 1 <= len(name) <= MAX_NAME:
            yield Problem(SCHEMA, f"A state's name has from 1 to {MAX_NAME} characters", here)
        if not isinstance(state, dict) or state.get("Type") not in TYPES:
            yield Problem(SCHEMA, f"Expected one of {', '.join(TYPES)}", f"{here}/Type")
            continue
        yield from _state(state, states, here)
        for machine, below in _machines_below(state):
            yield from _machine(machine, f"{here}/{below}", names)
    yield from _unreachable(document, place)


def _machines_below(state: Document) -> Iterator[tuple[Any, str]]:
    branches = state.get("Branches", ())
    for at, branch in enumerate(branches if isinstance(branches, list) else ()):
        yield branch, f"Branches[{at}]"
    for field in ("ItemProcessor", "Iterator"):
        if field in state:
            yield state[field], field


def _state(state: Document, states: Document, here: str) -> Iterator[Problem]:
    kind = state["Type"]
    missing = [field for field in REQUIRED.get(kind, ()) if not state.get(field)]
    if kind == "Map" and not {"ItemProcessor", "Iterator"} & state.keys():
        missing.append("ItemProcessor")
    if missing:
        yield Problem(SCHEMA, f"These fields are required: {missing}", here)
    ends = state.get("End") is True
    if kind in CONTINUED and not ends and "Next" not in state:
        yield Problem(SCHEMA, "These fields are required: [Next] or [End]", here)
    if (kind in CONTINUED and ends and "Next" in state) or (
        kind not in CONTINUED and {"Next", "End"} & state.keys()
    ):
        yield Problem(SCHEMA, "Next and End are not supported together or here", here)
    for target, below in _targets(state):
        if target not in states:
            field = below.rpartition("/")[2]
            yield Problem(TARGET, f"Missing '{field}' target: {target}", f"{here}/{below}")
    yield from _catchers(state, here)
    if kind == "Task" and not resources.known(str(state.get("Resource", ""))):
        yield Problem(
            SCHEMA,
            f"The resource provided {state.get('Resource')} is not recognized. The value is not a"
            " valid resource ARN, or the resource is not available in this region.",
            f"{here}/Resource",
        )


def _targets(state: Document) -> Iterator[tuple[str, str]]:
    if "Next" in state:
        yield state["Next"], "Next"
    if "Default" in state:
        yield state["Default"], "Default"
    for field in ("Choices", "Catch"):
        for at, one in enumerate(_listed(state, field)):
            if "Next" in one:
                yield one["Next"], f"{field}[{at}]/Next"


def _catchers(state: Document, here: str) -> Iterator[Problem]:
    for field in ("Retry", "Catch"):
        rules = _listed(state, field)
        for at, rule in enumerate(rules):
            place, errors = f"{here}/{field}[{at}]", rule.get("ErrorEquals")
            if not isinstance(errors, list) or not errors:
                yield Problem(SCHEMA, "ErrorEquals needs at least one name", place)
            elif "States.ALL" in errors and (len(errors) > 1 or at + 1 < len(rules)):
                yield Problem(SCHEMA, "States.ALL must stand alone and in the last place", place)
            if field == "Catch" and "Next" not in rule:
                yield Problem(SCHEMA, "These fields are required: [Next]", place)
    for at, rule in enumerate(_listed(state, "Choices")):
        if "Next" not in rule:
            place = f"{here}/Choices[{at}]"
            yield Problem(SCHEMA, "These fields are required: [Next]", place)


def _unreachable(document: Document, place: str) -> Iterator[Problem]:
    states, found, to_look = document["States"], set(), [document["StartAt"]]
    while to_look:
        name = to_look.pop()
        if name in states and name not in found:
            found.add(name)
            state = states[name] if isinstance(states[name], dict) else {}
            to_look += [target for target, _ in _targets(state)]
    for name in states.keys() - found if document["StartAt"] in states else ():
        yield Problem(TARGET, f'State "{name}" is not reachable', f"{place}/States/{name}")


def _listed(state: Document, field: str) -> list[Document]:
    found = state.get(field)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
