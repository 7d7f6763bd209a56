"""What a promotion says of an account: AWS's answers are its own, from botocore's model."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from aws_bootstrap import target
from aws_bootstrap.plan import Change
from aws_bootstrap.promotion import preflight, review, taken_names
from aws_bootstrap.promotion.cloud import PromotionError, identify
from pipeline.names import ResourceNames
from tests.support.stubbed_account import Account

ARN = "arn:aws:codeconnections:eu-west-1:123456789012:connection/c"


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def where() -> target.Target:
    return target.aws(
        ResourceNames("acme-lake"),
        "key",
        allow_unsigned=False,
        tolerance_seconds=60,
        repository_url="https://git.example.com/acme/lake.git",
        connection_arn=ARN,
        code_branch="deploy",
    )


@pytest.mark.parametrize(
    ("code", "cure"),
    [
        ("ExpiredToken", "has ended .*aws sso login --profile prod"),
        ("InvalidClientTokenId", "does not know the credentials"),
        ("AccessDenied", "does not tell whose"),
    ],
)
def test_credentials_that_aws_refuses_are_said_with_the_cure(
    account: Account, code: str, cure: str
) -> None:
    account.stub("sts").add_client_error("get_caller_identity", code, "no", 403)
    with pytest.raises(PromotionError, match=cure):
        identify(account, "prod")


def test_the_local_stacks_account_is_no_place_to_promote_to(account: Account) -> None:
    account.stub("sts").add_response(
        "get_caller_identity", {"Account": "000000000000", "Arn": "arn:aws:iam::000000000000:root"}
    )
    with pytest.raises(PromotionError, match="those of the local stack .*--profile"):
        identify(account, None)


def test_a_region_without_emr_serverless_fails(account: Account, monkeypatch: Any) -> None:
    def unreachable(**_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="https://emr-serverless.mars-1.amazonaws.com")

    monkeypatch.setattr(account.client("emr-serverless"), "list_applications", unreachable)
    [check] = preflight.region(account.cloud)
    assert check.state == "failed"
    assert "choose a region that does by --region" in check.cure


@pytest.mark.parametrize(
    ("labels", "state"), [(["emr-7.12.0", "emr-7.11.0"], "passed"), (["emr-7.11.0"], "failed")]
)
def test_the_release_of_the_template_must_be_there(
    account: Account, labels: list[str], state: str
) -> None:
    account.stub("emr").add_response(
        "list_release_labels", {"ReleaseLabels": labels}, {"Filters": {"Prefix": "emr-7.12.0"}}
    )
    assert [check.state for check in preflight.release(account.cloud)] == [state]


@pytest.mark.parametrize(("vcpus", "state"), [(16.0, "passed"), (15.0, "failed")])
def test_the_quota_of_vcpus_must_take_an_application(
    account: Account, vcpus: float, state: str
) -> None:
    account.stub("service-quotas").add_response(
        "get_service_quota",
        {"Quota": {"Value": vcpus}},
        {"ServiceCode": "emr-serverless", "QuotaCode": "L-D05C8A75"},
    )
    assert [check.state for check in preflight.vcpus(account.cloud)] == [state]


@pytest.mark.parametrize(
    ("status", "state", "cure"),
    [
        ("AVAILABLE", "passed", ""),
        ("PENDING", "failed", "complete it; SOURCE_CONNECTION_ARN"),
        ("ERROR", "failed", "create-connection; SOURCE_CONNECTION_ARN"),
    ],
)
def test_the_code_connection_must_be_available(
    account: Account, where: target.Target, status: str, state: str, cure: str
) -> None:
    account.stub("codeconnections").add_response(
        "get_connection",
        {"Connection": {"ConnectionArn": ARN, "ConnectionStatus": status}},
        {"ConnectionArn": ARN},
    )
    [check] = preflight.connection(account.cloud, where)
    assert check.state == state
    assert check.cure.endswith(cure)


def test_a_code_connection_that_is_not_there_fails(account: Account, where: target.Target) -> None:
    account.stub("codeconnections").add_client_error(
        "get_connection", "ResourceNotFoundException", "Connection not found", 400
    )
    [check] = preflight.connection(account.cloud, where)
    assert (check.state, check.finding) == ("failed", f"{ARN} is not there")


@pytest.mark.parametrize(
    ("own", "status", "state", "finding"),
    [
        (False, 404, "passed", "is free"),
        (False, 403, "failed", "belongs to another account"),
        (False, 301, "failed", "belongs to another account"),
        (True, None, "failed", "is a bucket of this account, but not of the stack"),
    ],
)
def test_a_name_is_free_taken_or_in_the_way(
    account: Account, own: bool, status: int | None, state: str, finding: str
) -> None:
    names = ResourceNames("acme-lake")
    s3, stacks = account.stub("s3"), account.stub("cloudformation")
    buckets = [{"Name": name} for name in names.buckets] if own else []
    s3.add_response("list_buckets", {"Buckets": buckets})
    stacks.add_client_error(
        "list_stack_resources", "ValidationError", "Stack with id acme-lake does not exist", 400
    )
    for _ in names.data_buckets if own else ():
        s3.add_client_error("get_bucket_tagging", "NoSuchTagSet", "", 404)
    for _ in names.buckets if status else ():
        s3.add_client_error("head_bucket", str(status), "", status or 0)
    found = taken_names.buckets(account.cloud, names)
    assert {check.state for check in found} == {state}
    assert [check.finding for check in found] == [f"{name} {finding}" for name in names.buckets]


def test_data_that_an_earlier_destroy_has_kept_is_known_by_its_tag(account: Account) -> None:
    names = ResourceNames("acme-lake")
    s3, stacks = account.stub("s3"), account.stub("cloudformation")
    s3.add_response("list_buckets", {"Buckets": [{"Name": names.bronze_bucket}]})
    stacks.add_client_error("list_stack_resources", "ValidationError", "does not exist", 400)
    s3.add_response("get_bucket_tagging", {"TagSet": [{"Key": "project", "Value": "6"}]})
    for _ in names.buckets[1:]:
        s3.add_client_error("head_bucket", "404", "", 404)
    found = taken_names.buckets(account.cloud, names)
    assert {check.state for check in found} == {"passed"}
    assert found[0].finding == (
        "acme-lake-bronze-bucket was kept by a destroy: it is taken over with its data"
    )


def test_a_call_that_aws_denies_leaves_its_check_unknown(
    account: Account, where: target.Target
) -> None:
    account.stub("emr-serverless").add_response("list_applications", {"applications": []})
    for service, call in (
        ("emr", "list_release_labels"),
        ("service-quotas", "get_service_quota"),
        ("codeconnections", "get_connection"),
        ("s3", "list_buckets"),
    ):
        account.stub(service).add_client_error(call, "AccessDeniedException", "not authorized", 403)
    found = {check.subject: check for check in preflight.checks(account.cloud, where, None)}
    assert [check.state for check in found.values()] == [
        *("passed", "passed"),
        *("unknown", "unknown", "unknown", "unknown"),
    ]
    assert found["quota"].cure == "allow the caller this call, or look yourself"


def test_data_at_risk_names_what_is_lost_with_the_tables_that_live_there(account: Account) -> None:
    changes = [
        Change("Modify", "AWS::S3::Bucket", "GoldBucket", True),
        Change("Modify", "AWS::S3::Bucket", "SilverBucket", False),
        Change("Modify", "AWS::Lambda::Function", "Hook", True),
    ]
    detail = {
        "LogicalResourceId": "GoldBucket",
        "PhysicalResourceId": "acme-gold",
        "ResourceType": "AWS::S3::Bucket",
        "LastUpdatedTimestamp": "2026-01-01T00:00:00Z",
        "ResourceStatus": "CREATE_COMPLETE",
    }
    account.stub("cloudformation").add_response(
        "describe_stack_resource",
        {"StackResourceDetail": detail},
        {"StackName": "acme", "LogicalResourceId": "GoldBucket"},
    )
    folders = [{"Prefix": "gold_cpb_by_channel/"}, {"Prefix": "gold_booking_metrics/"}]
    account.stub("s3").add_response("list_objects_v2", {"CommonPrefixes": folders})
    assert review.data_at_risk(account.cloud, changes, "acme") == [
        {
            "resource": "GoldBucket",
            "name": "acme-gold",
            "fate": "replaced",
            "tables": ["gold_cpb_by_channel", "gold_booking_metrics"],
        }
    ]
