"""What can be checked of a promotion without an account: template, policies, state machine.

cfn-lint judges the template with the state machine's definition in it, and so its policies and the
definition's states too; what it does not follow, from state to state, is checked here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from aws_bootstrap.promotion.checks import FAILED, PASSED, Check
from aws_bootstrap.promotion.permissions import compared, template_of

Document = dict[str, Any]

ACCOUNT = "123456789012"  # of AWS's examples: the real one is not known without credentials
MACHINE, FROM_S3 = "StateMachine", "DefinitionS3Location"
SUBSTITUTION = re.compile(r"\$\{(\w+)\}")
LONGEST = 200


def document(
    template: str, definition: bytes, parameters: dict[str, str], region: str, prefix: str
) -> Document:
    """The plan as far as it can be made; `parameters` are those that an apply would give."""
    rendered = template_of(template)
    checks = [
        *_of("template", lint(rendered, definition, region)),
        *_of("parameters", parameter_faults(rendered, parameters)),
        *_of("state machine", definition_faults(rendered, definition)),
    ]
    resources = rendered["Resources"]
    return {
        "offline": True,
        "prefix": prefix,
        "region": region,
        "checks": [vars(check) for check in checks],
        "resources": [
            {"logical_id": name, "type": resource["Type"]} for name, resource in resources.items()
        ],
        "permissions": compared(None, template),
    }


def readable(found: Document) -> Iterator[str]:
    yield f"Checked without an account: {found['prefix']}, {found['region']}"
    for check in found["checks"]:
        yield f"  {check['state']:<8} {check['subject']:<16} {check['finding']}"
    yield f"Resources ({len(found['resources'])})"
    yield from (f"  {each['type']:<36} {each['logical_id']}" for each in found["resources"])
    added = found["permissions"]["added"]
    yield f"Permissions ({len(added)})"
    yield from (f"  {line}" for line in added)


def lint(template: Document, definition: bytes, region: str) -> list[str]:
    """What cfn-lint finds in the template, the definition taken in where S3 would give it."""
    from cfnlint.api import lint as found_by_cfn_lint
    from cfnlint.config import ManualArgs

    whole = json.loads(json.dumps(template))
    machine = whole["Resources"].get(MACHINE, {}).get("Properties", {})
    if machine.pop(FROM_S3, None):
        machine["DefinitionString"] = definition.decode()
    # W2001: the parameter that holds the definition's key is not used then.
    settings = ManualArgs(regions=[region], ignore_checks=["W2001"])
    return [
        f"{match.rule.id} {'/'.join(map(str, match.path or []))}: {_short(match.message)}"
        for match in found_by_cfn_lint(json.dumps(whole), config=settings)
    ]


def parameter_faults(template: Document, given: dict[str, str]) -> list[str]:
    """Where a value is missing, not known to the template, or not as it takes it."""
    known = template["Parameters"]
    faults = [f"{name} is no parameter of the template" for name in given.keys() - known.keys()]
    for name, declared in known.items():
        if name not in given and "Default" not in declared:
            faults.append(f"{name} has no value")
        value = given.get(name, str(declared.get("Default", "")))
        pattern, choice = declared.get("AllowedPattern"), declared.get("AllowedValues")
        if pattern and not re.fullmatch(pattern, value):
            faults.append(f"{name} must match {pattern}, found {value!r}")
        if choice and value not in choice:
            faults.append(f"{name} must be one of {', '.join(choice)}, found {value!r}")
    return faults


def definition_faults(template: Document, definition: bytes) -> list[str]:
    """Names that nothing gives a value, and states that lead nowhere or are led to by none."""
    try:
        machine = json.loads(definition)
    except ValueError as error:
        return [f"the definition is no JSON: {error}"]
    properties = template["Resources"].get(MACHINE, {}).get("Properties", {})
    given = properties.get("DefinitionSubstitutions", {}).keys()
    used = set(SUBSTITUTION.findall(definition.decode()))
    return [
        *(f"${{{name}}} is given no value" for name in sorted(used - given)),
        *(f"{name} is given a value and not used" for name in sorted(given - used)),
        *transition_faults(machine, "the definition"),
    ]


def transition_faults(machine: Document, where: str) -> Iterator[str]:
    """https://states-language.net/spec.html#transitions"""
    states, start = machine.get("States", {}), machine.get("StartAt")
    if start not in states:
        yield f"{where} starts at {start!r}, which is none of its states"
    reached = {start}
    for name, state in states.items():
        for target in _targets(state):
            reached.add(target)
            if target not in states:
                yield f"{name} goes on to {target!r}, which is no state beside it"
        inner = [*state.get("Branches", []), state.get("ItemProcessor"), state.get("Iterator")]
        for part in filter(None, inner):
            yield from transition_faults(part, f"a part of {name}")
    for name in states.keys() - reached:
        yield f"{name} is a state that no other leads to"


def _targets(state: Document) -> Iterator[str]:
    for part in [state, *state.get("Catch", []), *state.get("Choices", [])]:
        if "Next" in part:
            yield part["Next"]
    if "Default" in state:
        yield state["Default"]


def _of(subject: str, faults: list[str]) -> Iterator[Check]:
    if not faults:
        yield Check(subject, PASSED, "nothing found")
    for fault in faults:
        yield Check(subject, FAILED, fault, "mend it in aws_bootstrap/")


def _short(message: str) -> str:
    return message if len(message) <= LONGEST else f"{message[:LONGEST]}…"
