"""Which actions on which resources a call asks permissions for.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import pytest
from botocore.session import Session

from services.edge.permissions.actions import passed_roles, rules, s3, state_machines
from services.edge.permissions.actions.needs import Need, Place

HERE = Place("aws", "us-east-1", "111122223333")
ARN = "arn:aws:{}:us-east-1:111122223333:{}"
MACHINE = ARN.format("states", "stateMachine:m")
OBJECT = {"Bucket": "lake", "Key": "events/a.json"}
A = "arn:aws:s3:::lake/events/a.json"


def asked(needs):
    return [(need.action, need.resource) for need in needs]


@pytest.mark.parametrize(
    ("call", "request_", "expected"),
    [
        ("ListBuckets", {}, [("s3:ListAllMyBuckets", "*")]),
        ("GetObject", OBJECT, [("s3:GetObject", A)]),
        ("GetObject", {**OBJECT, "VersionId": "v1"}, [("s3:GetObjectVersion", A)]),
        ("HeadObject", OBJECT, [("s3:GetObject", A)]),
        ("PutObject", OBJECT, [("s3:PutObject", A)]),
        ("PutObject", {**OBJECT, "ACL": "private", "Tagging": "a=b"},
         [("s3:PutObject", A), ("s3:PutObjectAcl", A), ("s3:PutObjectTagging", A)]),
        ("CopyObject", {**OBJECT, "CopySource": "/raw/b%20c"},
         [("s3:GetObject", "arn:aws:s3:::raw/b c"), ("s3:PutObject", A)]),
        ("CopyObject", {**OBJECT, "CopySource": "raw/b?versionId=v1"},
         [("s3:GetObjectVersion", "arn:aws:s3:::raw/b"), ("s3:PutObject", A)]),
        ("UploadPart", OBJECT, [("s3:PutObject", A)]),
        ("CompleteMultipartUpload", OBJECT, [("s3:PutObject", A)]),
        ("AbortMultipartUpload", OBJECT, [("s3:AbortMultipartUpload", A)]),
        ("DeleteObject", OBJECT, [("s3:DeleteObject", A)]),
        ("DeleteObjects",
         {"Bucket": "lake", "Delete": {"Objects": [{"Key": "a"}, {"Key": "b", "VersionId": "v"}]}},
         [("s3:DeleteObject", "arn:aws:s3:::lake/a"),
          ("s3:DeleteObjectVersion", "arn:aws:s3:::lake/b")]),
        ("ListObjectsV2", {"Bucket": "lake"}, [("s3:ListBucket", "arn:aws:s3:::lake")]),
        ("HeadBucket", {"Bucket": "lake"}, [("s3:ListBucket", "arn:aws:s3:::lake")]),
        ("ListObjectVersions", {"Bucket": "lake"},
         [("s3:ListBucketVersions", "arn:aws:s3:::lake")]),
        ("GetBucketLocation", {"Bucket": "lake"},
         [("s3:GetBucketLocation", "arn:aws:s3:::lake")]),
        ("DeleteBucketLifecycle", {"Bucket": "lake"},
         [("s3:PutLifecycleConfiguration", "arn:aws:s3:::lake")]),
    ],
)  # fmt: skip
def test_calls_of_s3(call, request_, expected):
    assert asked(s3.needs(call, request_, "aws")) == expected


def test_a_listing_is_known_by_its_prefix_and_a_write_by_its_encryption():
    (listing,) = s3.needs("ListObjectsV2", {"Bucket": "lake", "Prefix": "a/"}, "aws")
    assert listing.context == {"s3:prefix": ("a/",)}
    (write,) = s3.needs("PutObject", {**OBJECT, "ServerSideEncryption": "AES256"}, "aws")
    assert write.context == {"s3:x-amz-server-side-encryption": ("AES256",)}


@pytest.mark.parametrize(
    ("service", "call", "request_", "expected"),
    [
        ("lambda", "Invoke", {"FunctionName": "f"},
         [("lambda:InvokeFunction", ARN.format("lambda", "function:f"))]),
        ("lambda", "Invoke", {"FunctionName": "111122223333:function:f", "Qualifier": "live"},
         [("lambda:InvokeFunction", ARN.format("lambda", "function:f:live"))]),
        ("lambda", "GetFunction", {"FunctionName": "arn:aws:lambda:eu-west-1:1:function:f"},
         [("lambda:GetFunction", "arn:aws:lambda:eu-west-1:1:function:f")]),
        ("glue", "StartJobRun", {"JobName": "j"},
         [("glue:StartJobRun", ARN.format("glue", "job/j"))]),
        ("glue", "GetTable", {"DatabaseName": "d", "Name": "t"},
         [("glue:GetTable", ARN.format("glue", "catalog")),
          ("glue:GetTable", ARN.format("glue", "database/d")),
          ("glue:GetTable", ARN.format("glue", "table/d/t"))]),
        ("glue", "CreateTable", {"DatabaseName": "d", "TableInput": {"Name": "t"}},
         [("glue:CreateTable", ARN.format("glue", "catalog")),
          ("glue:CreateTable", ARN.format("glue", "database/d")),
          ("glue:CreateTable", ARN.format("glue", "table/d/t"))]),
        ("emr-serverless", "GetJobRun", {"applicationId": "a", "jobRunId": "r"},
         [("emr-serverless:GetJobRun", ARN.format("emr-serverless", "/applications/a/jobruns/r"))]),
        ("emr-serverless", "StartJobRun", {"applicationId": "a"},
         [("emr-serverless:StartJobRun", ARN.format("emr-serverless", "/applications/a"))]),
        ("logs", "PutLogEvents", {"logGroupName": "/g", "logStreamName": "s"},
         [("logs:PutLogEvents", ARN.format("logs", "log-group:/g:log-stream:s"))]),
        ("logs", "DescribeLogGroups", {},
         [("logs:DescribeLogGroups", ARN.format("logs", "log-group::log-stream:"))]),
        ("codepipeline", "StartPipelineExecution", {"name": "p"},
         [("codepipeline:StartPipelineExecution", ARN.format("codepipeline", "p"))]),
        ("codepipeline", "PutJobSuccessResult", {"jobId": "1"},
         [("codepipeline:PutJobSuccessResult", "*")]),
        ("stepfunctions", "StartExecution", {"stateMachineArn": MACHINE},
         [("states:StartExecution", MACHINE)]),
        ("athena", "StartQueryExecution", {"QueryString": "SELECT 1"},
         [("athena:StartQueryExecution", ARN.format("athena", "workgroup/primary"))]),
        ("events", "PutRule", {"Name": "r"}, [("events:PutRule", ARN.format("events", "rule/r"))]),
        ("sts", "AssumeRole", {"RoleArn": "arn:aws:iam::111122223333:role/a"},
         [("sts:AssumeRole", "arn:aws:iam::111122223333:role/a")]),
        ("iam", "GetRole", {"RoleName": "a"},
         [("iam:GetRole", "arn:aws:iam::111122223333:role/a")]),
    ],
)  # fmt: skip
def test_calls_of_other_services(service, call, request_, expected):
    assert asked(rules.needs(service, call, request_, HERE)) == expected


def test_a_role_that_is_handed_to_a_service_must_be_allowed_to_be():
    (need,) = passed_roles.needs(
        "emr-serverless", "StartJobRun", {"executionRoleArn": "arn:aws:iam::1:role/emr"}, HERE
    )
    assert need == Need(
        "iam:PassRole",
        "arn:aws:iam::1:role/emr",
        {"iam:passedtoservice": ("emr-serverless.amazonaws.com",)},
    )
    targets = {"Targets": [{"Id": "1", "RoleArn": "arn:aws:iam::1:role/a"}, {"Id": "2"}]}
    assert asked(passed_roles.needs("events", "PutTargets", targets, HERE)) == [
        ("iam:PassRole", "arn:aws:iam::1:role/a")
    ]
    assert asked(passed_roles.needs("glue", "CreateJob", {"Role": "named"}, HERE)) == [
        ("iam:PassRole", "arn:aws:iam::111122223333:role/named")
    ]


def test_a_state_machine_needs_log_delivery_and_the_rule_of_the_jobs_that_it_waits_for():
    logging = {"level": "ALL", "destinations": [{"cloudWatchLogsLogGroup": {}}]}
    definition = '{"Resource": "arn:aws:states:::emr-serverless:startJobRun.sync"}'
    request = {"loggingConfiguration": logging, "definition": definition}
    assert ("logs:CreateLogDelivery", "*") in asked(state_machines.log_delivery(request))
    rule = ARN.format("events", "rule/StepFunctionsGetEventsForEMRServerlessJobRule")
    assert ("events:PutRule", rule) in asked(state_machines.managed_rules(request, HERE))
    assert not state_machines.log_delivery({"loggingConfiguration": {"level": "OFF"}})


def test_every_rule_is_of_a_call_that_there_is():
    session = Session()
    for service, call in [*rules.rules(), *passed_roles.PASSED]:
        assert call in session.get_service_model(service).operation_names, (service, call)
