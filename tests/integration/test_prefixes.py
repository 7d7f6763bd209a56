"""Two stacks on one endpoint: each has names of its own, and asks for nothing of the other's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from pipeline.addresses import stack_outputs, webhook_url
from pipeline.names import ResourceNames
from tests.support.deployments import deployment_of

PREFIXES = ("project6", "acme-dev")
# Files of the repository keep their names, whatever the stack is called.
FILES = (
    "Spark_codes/project6-marketing-bronze.py",
    "project6-silver-events.py",
    "project6-silver-marketing.py",
    "project6-gold.py",
    "project6-calendly-webhook-ingestion.lambda_handler",
    "project6-trigger-code-pipeline.lambda_handler",
    "project6-update-functions.lambda_handler",
)


@pytest.fixture(scope="module")
def both(edge: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    for prefix in PREFIXES:
        made = deployment_of(edge, tmp_path_factory.mktemp(prefix), ResourceNames(prefix))
        made.apply(made.plan())
    yield
    for prefix in PREFIXES:
        edge.remove_pipeline(prefix)


def _physical_ids(edge: Any, prefix: str) -> dict[str, str]:
    pages = edge.client("cloudformation").get_paginator("list_stack_resources")
    found = pages.paginate(StackName=prefix)
    return {
        entry["LogicalResourceId"]: entry["PhysicalResourceId"]
        for page in found
        for entry in page["StackResourceSummaries"]
    }


@pytest.mark.usefixtures("both")
def test_no_resource_is_shared_and_the_seeds_prefix_gives_the_seeds_names(edge: Any) -> None:
    seeds, others = (_physical_ids(edge, prefix) for prefix in PREFIXES)

    assert seeds.keys() == others.keys()
    # A stage is named within its own API.
    assert set(seeds.values()) & set(others.values()) == {"prod"}
    assert seeds["BronzeBucket"] == "project6-bronze-bucket"
    assert seeds["EventDatabase"] == "event_db"
    assert seeds["CodePipelineRole"] == (
        "AWSCodePipelineServiceRole-us-east-1-project6-codepipeline"
    )
    assert others["BronzeBucket"] == "acme-dev-bronze-bucket"
    assert others["EventDatabase"] == "acme_dev_event_db"
    assert others["CodePipelineRole"] == "acme-dev-codepipeline-role"


@pytest.mark.usefixtures("both")
def test_the_console_calls_each_resource_what_the_template_calls_it(edge: Any) -> None:
    for prefix in PREFIXES:
        names, made = ResourceNames(prefix), _physical_ids(edge, prefix)
        assert names.bronze_bucket == made["BronzeBucket"]
        assert names.silver_bucket == made["SilverBucket"]
        assert names.gold_bucket == made["GoldBucket"]
        assert names.jars_bucket == made["JarsBucket"]
        assert names.code_pipeline == made["CodePipeline"]
        assert f"{names.database_prefix}gold_db" == made["GoldDatabase"]
        assert names.log_groups == {
            "webhook": made["IngestionLogs"],
            "trigger": made["TriggerLogs"],
            "states": made["StateMachineLogs"],
        }


@pytest.mark.usefixtures("both")
def test_definition_arguments_policies_and_settings_name_nothing_of_the_seeds(edge: Any) -> None:
    ids = _physical_ids(edge, "acme-dev")
    iam, functions = edge.client("iam"), edge.client("lambda")
    said = [
        edge.client("stepfunctions").describe_state_machine(stateMachineArn=ids["StateMachine"]),
        edge.client("glue").get_job(JobName=ids["BronzeJob"])["Job"],
        edge.client("codepipeline").get_pipeline(name=ids["CodePipeline"])["pipeline"],
        *(
            edge.client("glue").get_crawler(Name=ids[name])["Crawler"]
            for name in ("EventCrawler", "MarketingCrawler", "GoldCrawler")
        ),
        *(
            functions.get_function_configuration(FunctionName=ids[name])
            for name in ("IngestionFunction", "TriggerFunction", "UpdateFunction")
        ),
        *(
            iam.get_role_policy(RoleName=role, PolicyName=policy)
            for name, role in ids.items()
            if name.endswith("Role")
            for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]
        ),
    ]
    text = json.dumps(said, default=str)
    for name in FILES:
        assert name in text
        text = text.replace(name, "")

    assert "acme-dev-silver-bucket" in text
    assert "project6" not in text


@pytest.mark.usefixtures("both")
def test_a_delivery_is_stored_in_the_bucket_of_the_stack_whose_webhook_took_it(edge: Any) -> None:
    url = webhook_url(edge.client("cloudformation"), "acme-dev", edge.url)
    body = b'{"event": "invitee.created", "created_at": "2026-01-16T10:00:00.000000Z"}'

    key = requests.post(url, data=body, timeout=30).json()["s3_key"]

    assert edge.keys("acme-dev-bronze-bucket", "events/") == [key]
    assert edge.keys("project6-bronze-bucket", "events/") == []


@pytest.mark.usefixtures("both")
def test_each_code_pipeline_fills_its_own_bucket_and_says_its_own_name(edge: Any) -> None:
    for prefix in PREFIXES:
        assert "Spark_codes/lakehouse.zip" in edge.keys(f"{prefix}-code-bucket", "")
        outputs = stack_outputs(edge.client("cloudformation"), prefix)
        assert outputs["PipelineName"] == f"{prefix}-codepipeline"
