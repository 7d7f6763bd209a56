"""The kinds of action that really run here, and what each must and may be configured with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from services.edge.codepipeline import errors

Action = dict[str, Any]
DAY, HOUR = 24 * 60, 60


@dataclass(frozen=True)
class ActionType:
    """Artifact counts are inclusive ranges; `minutes` is the time-out where none is declared."""

    category: str
    owner: str
    provider: str
    required: frozenset[str]
    optional: frozenset[str]
    inputs: tuple[int, int]
    outputs: tuple[int, int]
    minutes: int

    def is_of(self, kind: dict[str, str]) -> bool:
        named = (kind["category"], kind["owner"], kind["provider"], kind["version"])
        return named == (self.category, self.owner, self.provider, "1")


# https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference.html and, for the
# time-outs, https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
TYPES = (
    ActionType(
        category="Source",
        owner="AWS",
        provider="CodeStarSourceConnection",
        required=frozenset({"ConnectionArn", "FullRepositoryId", "BranchName"}),
        optional=frozenset({"OutputArtifactFormat", "DetectChanges"}),
        inputs=(0, 0),
        outputs=(1, 1),
        minutes=HOUR,
    ),
    ActionType(
        category="Source",
        owner="AWS",
        provider="S3",
        required=frozenset({"S3Bucket", "S3ObjectKey"}),
        optional=frozenset({"PollForSourceChanges", "AllowOverrideForS3ObjectKey"}),
        inputs=(0, 0),
        outputs=(1, 1),
        minutes=HOUR,
    ),
    ActionType(
        category="Deploy",
        owner="AWS",
        provider="S3",
        required=frozenset({"BucketName", "Extract"}),
        optional=frozenset({"ObjectKey", "CannedACL", "CacheControl"}),
        inputs=(1, 1),
        outputs=(0, 0),
        minutes=90,
    ),
    ActionType(
        category="Invoke",
        owner="AWS",
        provider="Lambda",
        required=frozenset({"FunctionName"}),
        optional=frozenset({"UserParameters"}),
        inputs=(0, 5),
        outputs=(0, 5),
        minutes=DAY,
    ),
    ActionType(
        category="Approval",
        owner="AWS",
        provider="Manual",
        required=frozenset(),
        optional=frozenset({"CustomData", "ExternalEntityLink"}),
        inputs=(0, 0),
        outputs=(0, 0),
        minutes=7 * DAY,
    ),
)
REPOSITORY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)+")
CONNECTION = re.compile(
    r"arn:aws(-[\w]+)*:(codestar-connections|codeconnections):.+:[0-9]{12}:connection/.+"
)
ACLS = (
    *("private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read"),
    *("bucket-owner-read", "bucket-owner-full-control"),
)
CHOICES = {
    "Extract": ("true", "false"),
    "DetectChanges": ("true", "false"),
    "PollForSourceChanges": ("true", "false"),
    "AllowOverrideForS3ObjectKey": ("false", "true"),
    "OutputArtifactFormat": ("CODE_ZIP",),
    "CannedACL": ACLS,
}
# Of CodePipeline's model, but not done here: refused rather than passed over.
UNAVAILABLE = ("commands", "outputVariables", "environmentVariables", "region")


def type_of(action: Action) -> ActionType:
    kind = action["actionTypeId"]
    for found in TYPES:
        if found.is_of(kind):
            return found
    available = ", ".join(f"{t.category}/{t.provider}" for t in TYPES)
    raise errors.action(
        f"ActionType (Category: '{kind['category']}', Provider: '{kind['provider']}', Owner:"
        f" '{kind['owner']}', Version: '{kind['version']}') in action '{action['name']}' is not"
        f" available here; available are {available}, each of owner AWS and version 1"
    )


def check(action: Action) -> None:
    """Refuse an action that cannot run as it is declared."""
    kind, name = type_of(action), action["name"]
    if asked := [word for word in UNAVAILABLE if action.get(word)]:
        raise errors.action(f"Action '{name}': {', '.join(asked)} is not available here")
    _check_count(name, "input", len(action["inputArtifacts"]), kind.inputs)
    _check_count(name, "output", len(action["outputArtifacts"]), kind.outputs)
    configuration = action["configuration"]
    for missing in sorted(kind.required - configuration.keys()):
        raise errors.action(
            f"Action configuration for action '{name}' is missing required configuration"
            f" '{missing}'"
        )
    for unknown in sorted(configuration.keys() - kind.required - kind.optional):
        raise errors.action(
            f"Action configuration for action '{name}' contains unknown configuration '{unknown}'"
        )
    for key, choices in CHOICES.items():
        value = configuration.get(key, choices[0])
        if value not in choices:
            raise _bad_value(name, key, value, f"one of {', '.join(choices)}")
    _check_values(name, configuration)


def _check_values(name: str, configuration: dict[str, str]) -> None:
    for key, pattern in (("FullRepositoryId", REPOSITORY), ("ConnectionArn", CONNECTION)):
        value = configuration.get(key)
        if value is not None and not pattern.fullmatch(value):
            raise _bad_value(name, key, value, f"a text that matches {pattern.pattern}")
    if configuration.get("Extract") == "false" and not configuration.get("ObjectKey"):
        raise errors.action(
            f"Action configuration for action '{name}' is missing required configuration"
            " 'ObjectKey', the key of the whole artifact where 'Extract' is false"
        )


def _check_count(name: str, side: str, found: int, allowed: tuple[int, int]) -> None:
    if not allowed[0] <= found <= allowed[1]:
        raise errors.action(
            f"Action '{name}' must have from {allowed[0]} to {allowed[1]} {side} artifacts,"
            f" found {found}"
        )


def _bad_value(name: str, key: str, value: str, expected: str) -> errors.PipelineError:
    return errors.action(
        f"Action configuration for action '{name}': expected '{key}' to be {expected},"
        f" found '{value}'"
    )
