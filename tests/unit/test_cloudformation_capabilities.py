"""What a template does that its caller must have acknowledged."""

from __future__ import annotations

import json
from typing import Any

import pytest
from localstack.aws.api.cloudformation import InsufficientCapabilitiesException

from services.edge.cloudformation import capabilities


def _template(kind: str = "AWS::IAM::Role", **properties: Any) -> dict[str, Any]:
    return {"Resources": {"R": {"Type": kind, "Properties": properties}}}


@pytest.mark.parametrize(
    ("template", "given", "missing"),
    [
        (_template(), [], "[CAPABILITY_IAM]"),
        (_template(RoleName="r"), [], "[CAPABILITY_NAMED_IAM]"),
        (_template(RoleName={"Ref": "Name"}), ["CAPABILITY_IAM"], "[CAPABILITY_NAMED_IAM]"),
        (_template("AWS::IAM::Policy", PolicyName="p"), [], "[CAPABILITY_IAM]"),
        (
            {**_template(), "Transform": "AWS::LanguageExtensions"},
            [],
            "[CAPABILITY_IAM, CAPABILITY_AUTO_EXPAND]",
        ),
    ],
)
def test_what_is_not_acknowledged_is_named(
    template: dict[str, Any], given: list[str], missing: str
) -> None:
    with pytest.raises(InsufficientCapabilitiesException) as refused:
        capabilities.check(template, json.dumps(template), given)

    assert refused.value.message == f"Requires capabilities : {missing}"


@pytest.mark.parametrize(
    ("template", "given"),
    [
        (_template("AWS::S3::Bucket"), []),
        (_template(), ["CAPABILITY_IAM"]),
        (_template(), ["CAPABILITY_NAMED_IAM"]),
        (_template(RoleName={"Ref": "AWS::NoValue"}), ["CAPABILITY_IAM"]),
        (_template(RoleName="r"), ["CAPABILITY_NAMED_IAM"]),
        ({"Resources": "none"}, []),
    ],
)
def test_what_is_acknowledged_or_harmless_is_taken(
    template: dict[str, Any], given: list[str]
) -> None:
    assert capabilities.check(template, json.dumps(template), given) is None
