"""The template on the live edge: made, repeated, changed, refused, and rolled back."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from aws_bootstrap import plan
from aws_bootstrap.apply import ApplyError
from aws_bootstrap.deployment import Deployment
from pipeline.addresses import stack_outputs, webhook_url
from tests.support.deployments import with_template

TAG = {"project": "6"}


def _memory(edge: Any) -> int:
    function = "project6-calendly-webhook-ingestion"
    found = edge.client("lambda").get_function_configuration(FunctionName=function)
    return int(found["MemorySize"])


def test_a_stack_whose_keys_were_a_parameter_gets_a_secret_and_forgets_the_parameter(
    edge: Any, deployment: Deployment
) -> None:
    function = "project6-calendly-webhook-ingestion"
    found = edge.client("lambda").get_function_configuration(FunctionName=function)
    secrets = edge.client("secretsmanager")
    secret = secrets.describe_secret(SecretId="project6-calendly-signing-keys")
    stack = edge.client("cloudformation").describe_stacks(StackName="project6")["Stacks"][0]

    assert found["Environment"]["Variables"] == {
        "BRONZE_BUCKET": "project6-bronze-bucket",
        "SIGNING_KEYS_SECRET": secret["ARN"],
        "REQUIRE_SIGNATURE": "false",
        "SIGNATURE_TOLERANCE_SECONDS": "90000",
    }
    assert secret["Tags"] == [{"Key": "project", "Value": "6"}]
    assert secrets.get_secret_value(SecretId=secret["ARN"])["SecretString"] == "a-key"
    assert "CalendlySigningKeys" not in [p["ParameterKey"] for p in stack["Parameters"]]


def test_a_delivery_to_the_deployed_webhook_becomes_a_bronze_object(
    edge: Any, deployment: Deployment
) -> None:
    url = webhook_url(edge.client("cloudformation"), "project6", deployment.target.endpoint_url)
    body = b'{"event": "invitee.created", "created_at": "2026-01-16T10:00:00.000000Z"}'

    answer = requests.post(url, data=body, headers={"Content-Type": "application/json"}, timeout=30)

    assert answer.status_code == 200, answer.text
    stored = edge.client("s3").get_object(
        Bucket="project6-bronze-bucket", Key=answer.json()["s3_key"]
    )
    assert b'"invitee.created"' in stored["Body"].read()


def test_code_and_the_jobs_jars_are_where_the_jobs_read_them(
    edge: Any, deployment: Deployment
) -> None:
    s3 = edge.client("s3")

    library = s3.get_object(Bucket="project6-code-bucket", Key="Spark_codes/lakehouse.zip")
    jars = s3.list_objects_v2(Bucket="project6-jars")["Contents"]

    assert library["Body"].read()[:2] == b"PK"
    assert [jar["Key"] for jar in jars] == ["delta-spark.jar"]
    versioning = s3.get_bucket_versioning(Bucket="project6-code-bucket")
    assert versioning["Status"] == "Enabled"


def test_every_kind_of_resource_that_takes_tags_carries_the_projects(
    edge: Any, deployment: Deployment
) -> None:
    outputs = stack_outputs(edge.client("cloudformation"), "project6")
    logs, events, states = (edge.client(name) for name in ("logs", "events", "stepfunctions"))
    applications = edge.client("emr-serverless")
    rule = events.describe_rule(Name="project6-daily-schedule")["Arn"]
    application = applications.get_application(applicationId=outputs["BronzeSilverApplicationId"])
    group = "/aws/lambda/project6-calendly-webhook-ingestion"
    listed = states.list_tags_for_resource(resourceArn=outputs["StateMachineArn"])["tags"]
    code = edge.client("codepipeline")
    pipeline = code.get_pipeline(name=outputs["PipelineName"])["metadata"]["pipelineArn"]
    piped = code.list_tags_for_resource(resourceArn=pipeline)["tags"]
    buckets = edge.client("s3").get_bucket_tagging(Bucket="project6-jars")["TagSet"]
    role = edge.client("iam").get_role(RoleName="project6-emr-role")["Role"]["Tags"]

    assert logs.list_tags_log_group(logGroupName=group)["tags"] == TAG
    assert events.list_tags_for_resource(ResourceARN=rule)["Tags"] == [
        {"Key": "project", "Value": "6"}
    ]
    assert listed == piped == [{"key": "project", "value": "6"}]
    assert application["application"]["tags"]["project"] == "6"
    assert buckets == role == [{"Key": "project", "Value": "6"}]


def test_each_crawler_has_its_database_its_delta_tables_and_the_project_tag(
    edge: Any, deployment: Deployment
) -> None:
    glue = edge.client("glue")
    names = glue.list_crawlers(Tags={"project": "6"})["CrawlerNames"]
    found = {name: glue.get_crawler(Name=name)["Crawler"] for name in names}

    assert {name: crawler["DatabaseName"] for name, crawler in found.items()} == {
        "project6-silver-event-crawler": "event_db",
        "project6-silver-marketing-crawler": "marketing_db",
        "project6-gold-crawler": "gold_db",
    }
    events = found["project6-silver-event-crawler"]["Targets"]["DeltaTargets"]
    assert events == [
        {
            "DeltaTables": [
                "s3://project6-silver-bucket/fact_events/",
                "s3://project6-silver-bucket/fact_bookings/",
                "s3://project6-silver-bucket/rejected_events/",
            ],
            "WriteManifest": False,
            "CreateNativeDeltaTable": True,
        }
    ]
    gold = found["project6-gold-crawler"]["Targets"]["DeltaTargets"][0]["DeltaTables"]
    assert len(gold) == 7


def test_the_three_databases_of_the_catalog_are_there(edge: Any, deployment: Deployment) -> None:
    found = edge.client("glue").get_databases()["DatabaseList"]

    assert {database["Name"] for database in found} >= {"event_db", "marketing_db", "gold_db"}


def test_throttling_retention_and_the_applications_settings_are_the_templates(
    edge: Any, deployment: Deployment
) -> None:
    outputs = stack_outputs(edge.client("cloudformation"), "project6")

    stage = edge.client("apigateway").get_stage(restApiId=outputs["RestApiId"], stageName="prod")
    groups = edge.client("logs").describe_log_groups(logGroupNamePrefix="/aws/vendedlogs/states")
    application = edge.client("emr-serverless").get_application(
        applicationId=outputs["SilverGoldApplicationId"]
    )["application"]
    job = edge.client("glue").get_job(JobName="project6-bronze")["Job"]

    throttling = stage["methodSettings"]["*/*"]
    assert throttling["throttlingRateLimit"] == 10000
    assert throttling["throttlingBurstLimit"] == 5000
    assert groups["logGroups"][0]["retentionInDays"] == 30
    assert application["name"] == "project6-silver-gold-emr"
    assert application["releaseLabel"] == "emr-7.12.0"
    assert application["autoStopConfiguration"] == {"enabled": True, "idleTimeoutMinutes": 15}
    assert (job["GlueVersion"], job["WorkerType"], job["Timeout"]) == ("5.0", "G.1X", 10)


def test_repeating_a_deployment_plans_nothing_and_uploads_nothing(deployment: Deployment) -> None:
    assert deployment.plan() is None
    assert deployment.apply(None) == []


def test_changed_code_is_one_change_and_becomes_the_functions_code(
    edge: Any, deployment: Deployment
) -> None:
    key = deployment.package.ingestion_key
    content = deployment.package.parts[key]
    changed = replace(
        deployment,
        package=replace(
            deployment.package,
            ingestion_key="lambdas/changed.zip",
            parts={**deployment.package.parts, "lambdas/changed.zip": content + b"\0"},
        ),
    )

    planned = changed.plan()
    assert planned is not None
    plan.discard(edge.client("cloudformation"), planned)

    assert [(c.action, c.logical_id, c.replacement) for c in planned.changes] == [
        ("Modify", "IngestionFunction", False)
    ]
    function = edge.client("lambda").get_function_configuration(
        FunctionName="project6-calendly-webhook-ingestion"
    )
    assert function["CodeSha256"] == base64.b64encode(hashlib.sha256(content).digest()).decode()


def test_a_plan_that_is_discarded_changes_nothing(edge: Any, deployment: Deployment) -> None:
    changed = with_template(deployment, "MemorySize: 256", "MemorySize: 512")

    planned = changed.plan()
    assert planned is not None
    plan.discard(edge.client("cloudformation"), planned)

    assert _memory(edge) == 256
    assert deployment.plan() is None


def test_settings_are_changed_in_place_and_back(edge: Any, deployment: Deployment) -> None:
    before = stack_outputs(edge.client("cloudformation"), "project6")
    changed = with_template(deployment, "IdleTimeoutMinutes: 15", "IdleTimeoutMinutes: 20")

    changed.apply(changed.plan())
    application = edge.client("emr-serverless").get_application(
        applicationId=before["BronzeSilverApplicationId"]
    )["application"]
    deployment.apply(deployment.plan())

    assert application["autoStopConfiguration"]["idleTimeoutMinutes"] == 20
    assert stack_outputs(edge.client("cloudformation"), "project6") == before


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("NumberOfWorkers: 2", "NumberOfWorkers: 1", "BronzeJob .*minimum allowed value"),
        (
            'BucketName: !Sub "${Prefix}-jars"',
            'BucketName: !Sub "${Prefix}-jars"\n      ObjectLockEnabled: true',
            "JarsBucket .*custom-named resource requires replacing",
        ),
        (
            "Outputs:\n",
            "  Vault:\n    Type: AWS::Backup::BackupVault\n"
            "    Properties: { BackupVaultName: v }\nOutputs:\n",
            "Vault .*AWS::Backup::BackupVault is not supported",
        ),
    ],
)
def test_what_cannot_be_made_fails_with_its_reason_and_is_rolled_back(
    edge: Any, deployment: Deployment, old: str, new: str, reason: str
) -> None:
    changed = with_template(deployment, old, new)
    changed = with_template(changed, "MemorySize: 256", "MemorySize: 512")

    with pytest.raises(ApplyError, match=f"UPDATE_ROLLBACK_COMPLETE(.|\n)*{reason}"):
        changed.apply(changed.plan())

    assert _memory(edge) == 256
    assert deployment.plan() is None


def test_the_stack_is_the_templates_only_source_of_addresses(
    edge: Any, deployment: Deployment
) -> None:
    outputs = stack_outputs(edge.client("cloudformation"), "project6")

    assert sorted(outputs) == [
        "AlarmTopicArn",
        "BronzeSilverApplicationId",
        "DeadLetterQueueUrl",
        "PipelineName",
        "RestApiId",
        "SilverGoldApplicationId",
        "StateMachineArn",
        "WebhookUrl",
    ]
    assert Path(outputs["WebhookUrl"]).name == "webhook"
    assert outputs["StateMachineArn"].endswith(":stateMachine:project6-state-machine")
