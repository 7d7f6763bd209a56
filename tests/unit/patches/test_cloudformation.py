"""LocalStack's CloudFormation still has the faults that this project mends."""

from __future__ import annotations

import json
import pickle
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from botocore.exceptions import ClientError
from localstack import config
from localstack.services.cloudformation.engine.v2 import change_set_model
from localstack.services.cloudformation.engine.v2.change_set_model_describer import (
    ChangeSetModelDescriber,
)
from localstack.services.cloudformation.engine.validations import ValidationError
from localstack.services.cloudformation.resource_provider import (
    OperationStatus,
    ProgressEvent,
    ResourceProvider,
    ResourceProviderExecutor,
)
from localstack.services.cloudformation.stores import get_cloudformation_store
from localstack.services.cloudformation.v2 import provider as v2
from localstack.services.cloudformation.v2.entities import ChangeSet
from localstack.services.s3.resource_providers import aws_s3_bucket

ACCOUNT, REGION = "000000000000", "us-east-1"
UNSERVED = {"Type": "Test::Unit::Unserved"}


class Things(ResourceProvider):
    """A resource type in memory, `Test::Unit::Thing`; it has no update, as many of LocalStack's."""

    TYPE = "Test::Unit::Thing"
    SCHEMA: ClassVar[dict[str, Any]] = {
        "typeName": TYPE,
        "primaryIdentifier": ["/properties/Id"],
        "properties": {"Id": {"type": "string"}, "Text": {"type": "string"}},
    }

    def __init__(self) -> None:
        self.made: dict[str, dict[str, Any]] = {}

    def create(self, request: Any) -> ProgressEvent[Any]:
        model = {**request.desired_state, "Id": request.logical_resource_id}
        self.made[model["Id"]] = model
        return ProgressEvent(status=OperationStatus.SUCCESS, resource_model=model)

    def delete(self, request: Any) -> ProgressEvent[Any]:
        del self.made[request.logical_resource_id]
        return ProgressEvent(status=OperationStatus.SUCCESS, resource_model={})


class LocalStack:
    """LocalStack's own provider, in this process and one call after the other."""

    def __init__(self) -> None:
        self.provider = v2.CloudformationProviderV2()
        self.context: Any = SimpleNamespace(account_id=ACCOUNT, region=REGION)

    def create(self, resources: dict[str, Any], **request: Any) -> str:
        body = json.dumps({"Resources": resources})
        asked = {"StackName": "unit", "TemplateBody": body, **request}
        self.provider.create_stack(self.context, asked)  # type: ignore[arg-type]
        return self.status()

    def update(self, resources: dict[str, Any]) -> str:
        asked = {"StackName": "unit", "TemplateBody": json.dumps({"Resources": resources})}
        self.provider.update_stack(self.context, asked)  # type: ignore[arg-type]
        return self.status()

    def delete(self) -> None:
        self.provider.delete_stack(self.context, "unit")

    def status(self) -> str:
        (stack,) = get_cloudformation_store(ACCOUNT, REGION).stacks_v2.values()
        return str(stack.status)


@pytest.fixture
def things(monkeypatch: pytest.MonkeyPatch) -> Things:
    served = Things()
    monkeypatch.setattr(v2, "start_worker_thread", lambda run: run())
    monkeypatch.setattr(config, "CFN_IGNORE_UNSUPPORTED_RESOURCE_TYPES", False)  # as in edge.env
    monkeypatch.setattr(
        ResourceProviderExecutor,
        "try_load_resource_provider",
        staticmethod(lambda kind: served if kind == Things.TYPE else None),
    )
    return served


@pytest.fixture
def localstack(things: Things) -> Any:
    store = get_cloudformation_store(ACCOUNT, REGION)
    store.stacks_v2.clear()
    yield LocalStack()
    store.stacks_v2.clear()


def _thing(text: Any = "a", **attributes: Any) -> dict[str, Any]:
    return {"Type": Things.TYPE, "Properties": {"Text": text}, **attributes}


def test_deletion_policies_are_passed_over(localstack: LocalStack, things: Things) -> None:
    localstack.create({"Kept": _thing(DeletionPolicy="Retain")})
    assert list(things.made) == ["Kept"]

    localstack.delete()

    assert things.made == {}


def test_a_stack_that_fails_before_anything_is_made_ends_complete(
    localstack: LocalStack, things: Things
) -> None:
    """It asks whether all of no resources are complete. Fn::Select refuses numbers, too."""
    assert localstack.create({"A": _thing({"Fn::Select": [0, [1, 2]]})}) == "CREATE_COMPLETE"

    assert things.made == {}


def test_an_update_that_fails_ends_complete(localstack: LocalStack) -> None:
    localstack.create({"A": _thing()})

    assert localstack.update({"A": _thing(), "Bad": UNSERVED}) == "UPDATE_COMPLETE"


def test_a_failed_stack_keeps_what_was_made(localstack: LocalStack, things: Things) -> None:
    bad = {**UNSERVED, "DependsOn": "Good"}

    assert localstack.create({"Good": _thing(), "Bad": bad}) == "CREATE_FAILED"

    assert list(things.made) == ["Good"]


@pytest.mark.mended_by("cloudformation.resource_types")
def test_an_update_that_a_type_has_not_ends_complete(
    localstack: LocalStack, things: Things
) -> None:
    localstack.create({"A": _thing("old")})

    assert localstack.update({"A": _thing("new")}) == "UPDATE_COMPLETE"

    assert things.made["A"]["Text"] == "old"


def test_a_truth_value_is_given_to_a_text_as_it_is(localstack: LocalStack, things: Things) -> None:
    localstack.create({"A": _thing(True)})

    assert things.made["A"]["Text"] is True


@pytest.mark.mended_by("cloudformation.intrinsics")
@pytest.mark.parametrize(
    ("function", "wrong"),
    [
        ({"Fn::Join": [",", [True]]}, "True"),
        ({"Fn::Sub": ["${x}", {"x": True}]}, "True"),
        ({"Fn::Sub": "007"}, 7),
    ],
)
def test_functions_write_other_texts(
    localstack: LocalStack, things: Things, function: Any, wrong: Any
) -> None:
    localstack.create({"A": _thing(function)})

    assert things.made["A"]["Text"] == wrong


@pytest.mark.mended_by("cloudformation.intrinsics")
def test_a_literal_in_sub_is_taken_for_a_reference(localstack: LocalStack) -> None:
    with pytest.raises(ValidationError, match=r"\[!Literal\]"):
        localstack.create({"A": _thing({"Fn::Sub": "${!Literal}"})})


@pytest.mark.mended_by("cloudformation.intrinsics")
def test_functions_are_missing() -> None:
    assert not change_set_model.INTRINSIC_FUNCTIONS & {"Fn::Cidr", "Fn::ToJsonString"}


def test_parameters_that_are_not_in_the_template_are_taken(
    localstack: LocalStack, things: Things
) -> None:
    unknown = [{"ParameterKey": "Unknown", "ParameterValue": "1"}]

    assert localstack.create({"A": _thing()}, Parameters=unknown) == "CREATE_COMPLETE"


@pytest.mark.mended_by("cloudformation.announced_replacements")
def test_a_replacement_is_announced_by_the_template_s_text() -> None:
    describer: Any = object.__new__(ChangeSetModelDescriber)
    describer._changes, describer._include_property_values = [], False
    same: Any = SimpleNamespace(properties={"BucketName": "mine"})

    describer._register_resource_change("B", "AWS::S3::Bucket", "mine", same, same, True)

    assert describer._changes[0]["ResourceChange"]["Replacement"] == "True"


@pytest.mark.mended_by("cloudformation.stored_plans")
def test_the_plan_of_a_change_set_that_was_carried_out_is_pickled() -> None:
    change_set: Any = object.__new__(ChangeSet)
    change_set.execution_status, change_set.update_model = "EXECUTE_COMPLETE", "a large plan"
    assert b"a large plan" in pickle.dumps(change_set)


@pytest.mark.mended_by("cloudformation.resource_types")
def test_a_bucket_is_emptied_before_it_is_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    emptied: list[str] = []
    monkeypatch.setattr(
        aws_s3_bucket, "delete_all_s3_objects", lambda _, name: emptied.append(name)
    )
    s3 = SimpleNamespace(
        exceptions=SimpleNamespace(ClientError=ClientError), delete_bucket=lambda Bucket: None
    )
    request: Any = SimpleNamespace(
        desired_state={"BucketName": "mine"},
        aws_client_factory=SimpleNamespace(s3=s3),
        custom_context={},
    )

    aws_s3_bucket.S3BucketProvider().delete(request)

    assert emptied == ["mine"]
