"""What docs/parity.md says of each call: drawn from operations and the allow list."""

from __future__ import annotations

import pytest
from localstack.aws.spec import load_service

from services.edge.aws.operation import operation
from services.edge.parity.document import document
from services.edge.parity.extensions import resource_type_rows
from services.edge.served_calls import calls
from services.edge.served_calls.calls import Call, Served


class Identities:
    """Who calls."""

    service = "sts"

    @operation("GetCallerIdentity", differs="Always the same account.")
    def get_caller_identity(self, _context, request):
        return request

    @operation("AssumeRole")
    def assume_role(self, _context, request):
        return request

    def helper(self) -> None: ...


def test_an_operation_is_real_and_its_decorator_tells_the_difference():
    assert calls.read_from(Identities) == Served(
        "sts",
        "Who calls.",
        {
            "AssumeRole": Call("AssumeRole", "real", ""),
            "GetCallerIdentity": Call("GetCallerIdentity", "real", "Always the same account."),
        },
    )


def test_a_call_of_the_model_without_a_handler_is_refused():
    status = {call.name: call.status for call in calls.read_from(Identities).all_calls()}
    assert status["GetCallerIdentity"] == "real"
    assert status["GetSessionToken"] == "refused"
    assert status["DecodeAuthorizationMessage"] == "refused"


def test_the_document_has_a_row_for_each_call_and_counts_them():
    written = document([calls.read_from(Identities)], [("`lambda`", "request", "a | b")], [], "")
    assert "| `GetCallerIdentity` | real | Always the same account. |\n" in written
    assert "| `GetSessionToken` | refused | Fails with `NotImplemented` (501). |\n" in written
    assert "| [sts](#sts) | 2 | 0 | " in written
    assert "| `lambda` | request | a \\| b |\n" in written


def test_the_job_operations_of_glue_and_emr_serverless_are_found_in_their_providers():
    found = {service.name: service.calls for service in calls.everything()}
    assert found["glue"]["StartJobRun"].status == "real"
    assert found["emr-serverless"]["CancelJobRun"].status == "real"
    assert found["s3"]["PutBucketPolicy"].difference.startswith("Judged")


@pytest.mark.parametrize("service", calls.of_localstack().values(), ids=lambda one: one.name)
def test_the_allow_list_names_calls_that_exist(service):
    assert service.calls.keys() <= set(load_service(service.name).operation_names)


def test_a_difference_told_of_a_call_that_is_not_served_is_an_error():
    listed = {"about": "", "real": "GetCallerIdentity", "differences": {"AssumeRole": "Lax."}}
    with pytest.raises(ValueError, match="AssumeRole"):
        calls.listed("sts", listed)


def test_what_is_refused_of_a_call_is_named_with_its_difference():
    listed = {
        "about": "", "real": "CreateKey", "differences": {"CreateKey": "Free."},
        "refused_members": {"CreateKey.MultiRegion": "keys have no replicas."},
    }  # fmt: skip
    told = calls.listed("kms", listed).calls["CreateKey"].difference
    assert told == "Free. MultiRegion is refused: keys have no replicas."


@pytest.mark.parametrize("service", calls.of_localstack().values(), ids=lambda one: one.name)
def test_what_is_refused_of_a_call_is_a_member_of_its_request(service):
    for member in service.members:
        operation, _, name = member.partition(".")
        assert name in load_service(service.name).operation_model(operation).input_shape.members


def test_resource_types_are_this_projects_those_told_of_and_those_of_the_template():
    template = "Resources:\n  A:\n    Type: AWS::S3::Bucket\n  B:\n    Type: AWS::Glue::Job\n"
    rows = {row[0]: row[1] for row in resource_type_rows(template)}
    assert rows["`AWS::Glue::Job`"] == "this project"
    assert rows["`AWS::S3::Bucket`"] == "LocalStack"
    assert rows["`AWS::IAM::Role`"] == "LocalStack"
    assert "`AWS::EC2::VPC`" not in rows
