"""A pipeline's declaration: the checks that AWS makes of it, and the defaults that it fills in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from services.edge.codepipeline import errors
from services.edge.codepipeline.documents import action_types

Declaration = dict[str, Any]
NAME = re.compile(r"[A-Za-z0-9.@_-]{1,100}")
MODES = ("SUPERSEDED", "QUEUED", "PARALLEL")
TYPES = ("V1", "V2")
MAXIMUM_ACTIONS = 50  # of a stage
# Of CodePipeline's model, but not done here: refused rather than passed over.
UNAVAILABLE = ("triggers", "artifactStores")
UNAVAILABLE_IN_STAGE = ("blockers", "onFailure", "onSuccess", "beforeEntry")


def declared(given: Declaration, version: int) -> Declaration:
    """The declaration with AWS's defaults, as GetPipeline answers it, after every check."""
    whole = {key: value for key, value in given.items() if value is not None}
    whole.setdefault("executionMode", "SUPERSEDED")
    whole.setdefault("pipelineType", "V1")
    whole["version"] = version
    whole["stages"] = [_with_defaults(stage) for stage in whole["stages"]]
    _check(whole)
    return whole


def actions(declaration: Declaration) -> Iterator[tuple[str, action_types.Action]]:
    """Each action with the name of its stage, in the order of the declaration."""
    for stage in declaration["stages"]:
        for action in stage["actions"]:
            yield stage["name"], action


def stage_names(declaration: Declaration) -> list[str]:
    return [stage["name"] for stage in declaration["stages"]]


def _with_defaults(stage: dict[str, Any]) -> dict[str, Any]:
    defaults = {"runOrder": 1, "configuration": {}, "outputArtifacts": [], "inputArtifacts": []}
    filled = [
        {**defaults, **{key: value for key, value in action.items() if value is not None}}
        for action in stage["actions"]
    ]
    return {**stage, "actions": filled}


def _check(declaration: Declaration) -> None:
    _check_name("pipeline", declaration["name"], errors.structure)
    if asked := [name for name in UNAVAILABLE if declaration.get(name)]:
        raise errors.structure(f"{', '.join(asked)} is not available here; leave it out")
    store = declaration.get("artifactStore")
    if not store:
        raise errors.structure("The pipeline must have an artifactStore")
    if store.get("type") != "S3" or store.get("encryptionKey"):
        raise errors.structure("artifactStore must be of type S3, without an encryptionKey here")
    mode, kind = declaration["executionMode"], declaration["pipelineType"]
    if mode not in MODES or kind not in TYPES:
        raise errors.structure(
            f"Expected executionMode of {', '.join(MODES)} and pipelineType of {', '.join(TYPES)},"
            f" found {mode} and {kind}"
        )
    if kind == "V1" and (mode != "SUPERSEDED" or declaration.get("variables")):
        raise errors.structure(
            "A pipeline of type V1 has executionMode SUPERSEDED and no variables; use type V2"
        )
    _check_stages(declaration["stages"])
    _check_artifacts(declaration)


def _check_stages(stages: list[dict[str, Any]]) -> None:
    if len(stages) < 2:
        raise errors.structure(
            f"Pipeline has only {len(stages)} stage(s). There should be a minimum of 2 stages in"
            " a pipeline"
        )
    for name in _repeated(stage["name"] for stage in stages):
        raise errors.stage(f"Stage name '{name}' is used more than once")
    for number, stage in enumerate(stages):
        _check_stage(stage, is_first=number == 0)


def _check_stage(stage: dict[str, Any], *, is_first: bool) -> None:
    name = stage["name"]
    _check_name("stage", name, errors.stage)
    if asked := [word for word in UNAVAILABLE_IN_STAGE if stage.get(word)]:
        raise errors.stage(f"Stage '{name}': {', '.join(asked)} is not available here")
    if not 1 <= len(stage["actions"]) <= MAXIMUM_ACTIONS:
        raise errors.stage(
            f"Stage '{name}' must have from 1 to {MAXIMUM_ACTIONS} actions,"
            f" found {len(stage['actions'])}"
        )
    for repeated in _repeated(action["name"] for action in stage["actions"]):
        raise errors.action(f"Action name '{repeated}' is used more than once in stage '{name}'")
    for action in stage["actions"]:
        _check_action(stage["name"], action, is_first=is_first)


def _check_action(stage: str, action: action_types.Action, *, is_first: bool) -> None:
    _check_name("action", action["name"], errors.action)
    if not 1 <= action["runOrder"] <= 999:
        raise errors.action(f"Action '{action['name']}': runOrder must be from 1 to 999")
    if not 1 <= action.get("timeoutInMinutes", 5) <= 86400:
        raise errors.action(f"Action '{action['name']}': timeoutInMinutes is out of range")
    is_source = action["actionTypeId"]["category"] == "Source"
    if is_first and not is_source:
        raise errors.structure(
            "Pipeline should start with a stage that only contains source actions"
        )
    if is_source and not is_first:
        raise errors.structure(
            f"Stage '{stage}' has the source action '{action['name']}': source actions are"
            " available in the first stage only"
        )
    action_types.check(action)


def _check_artifacts(declaration: Declaration) -> None:
    """An input must be an output of an action that has run before."""
    made: set[str] = set()
    for stage in declaration["stages"]:
        groups = sorted({action["runOrder"] for action in stage["actions"]})
        for order in groups:
            group = [action for action in stage["actions"] if action["runOrder"] == order]
            for action in group:
                _check_inputs(action, made)
            for name in (
                output["name"] for action in group for output in action["outputArtifacts"]
            ):
                if name in made:
                    raise errors.action(
                        "Output Artifact Bundle name must be unique within the pipeline."
                        f" {name} has been used more than once"
                    )
                made.add(name)


def _check_inputs(action: action_types.Action, made: set[str]) -> None:
    for name in (artifact["name"] for artifact in action["inputArtifacts"]):
        if name not in made:
            raise errors.action(
                f"Input Artifact Bundle {name} in action {action['name']} is not declared as"
                " Output Artifact Bundle in any of the preceding actions"
            )


def _check_name(what: str, name: str, error: Any) -> None:
    if not NAME.fullmatch(name):
        raise error(f"The name of a {what} must match {NAME.pattern}, found '{name}'")


def _repeated(names: Iterator[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
