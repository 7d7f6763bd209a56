"""Settings of production on the live edge: somebody makes them, over a stack without them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from aws_bootstrap.deployment import Deployment
from aws_bootstrap.production import Production
from pipeline.addresses import stack_outputs
from tests.support.deployments import with_template
from tests.support.queues import Queue


def test_an_older_stack_gains_its_settings_in_place_and_keeps_its_data(
    edge: Any, deployment: Deployment
) -> None:
    versions = "      VersioningConfiguration: { Status: Enabled }\n      LifecycleConfiguration:\n"
    older = with_template(deployment, versions, "      LifecycleConfiguration:\n")
    older.apply(older.plan())
    s3, place = edge.client("s3"), {"Bucket": "project6-bronze-bucket", "Key": "events/before"}
    s3.put_object(**place, Body=b"before")
    queue = Queue(edge)
    asked = Production(webhook_rate=50, bronze_days=730, alarm_endpoint=queue.arn, warm_executors=1)
    settled = replace(deployment, target=replace(deployment.target, production=asked))

    planned = settled.plan()
    assert planned is not None and not any(change.replacement for change in planned.changes)
    settled.apply(planned)

    s3.put_object(**place, Body=b"after")
    kept = s3.list_object_versions(Bucket=place["Bucket"], Prefix=place["Key"])["Versions"]
    bodies = [s3.get_object(**place, VersionId=one["VersionId"])["Body"].read() for one in kept]
    assert bodies == [b"after", b"before"]
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=place["Bucket"])["Rules"]
    assert rule["Expiration"] == {"Days": 730}
    outputs = stack_outputs(edge.client("cloudformation"), "project6")
    stage = edge.client("apigateway").get_stage(restApiId=outputs["RestApiId"], stageName="prod")
    assert stage["methodSettings"]["*/*"]["throttlingRateLimit"] == 50
    application = edge.client("emr-serverless").get_application(
        applicationId=outputs["SilverGoldApplicationId"]
    )["application"]
    assert application["initialCapacity"]["Executor"]["workerCount"] == 1
    edge.client("sns").publish(TopicArn=outputs["AlarmTopicArn"], Message="look here")
    assert json.loads(queue.taken()[0])["Message"] == "look here"
