"""A deployed stage lets in what its settings say, and counts it for CloudWatch."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
import requests

from tests.support.functions import new_api, new_function

HANDLER = """
def handle(event, context):
    if event["body"] == "fail":
        raise ValueError("asked for")
    return {"statusCode": 401 if event["body"] == "refuse" else 200, "body": "done"}
"""


@pytest.fixture(scope="module")
def function(edge):
    return new_function(edge, HANDLER)


def test_more_than_rate_and_burst_let_in_is_answered_429_as_by_api_gateway(edge, function):
    api = new_api(edge, function)
    url = f"{edge.url}/_aws/execute-api/{api}/s/x"

    def limit(rate: str, burst: str) -> None:
        edge.client("apigateway").update_stage(
            restApiId=api,
            stageName="s",
            patchOperations=[
                {"op": "replace", "path": f"/*/*/throttling/{name}", "value": value}
                for name, value in (("rateLimit", rate), ("burstLimit", burst))
            ],
        )

    limit("0.01", "2")
    answers = [requests.post(url, data="{}", timeout=30) for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 429, 429]
    assert answers[2].json() == {"message": "Too Many Requests"}
    assert answers[2].headers["x-amzn-ErrorType"] == "TooManyRequestsException"
    limit("1000", "1000")
    assert requests.post(url, data="{}", timeout=30).status_code == 200


def test_requests_and_what_became_of_them_are_counted(edge, function):
    api = new_api(edge, function)
    name = edge.client("apigateway").get_rest_api(restApiId=api)["name"]
    url = f"{edge.url}/_aws/execute-api/{api}/s/x"
    answers = [requests.post(url, data=body, timeout=30) for body in ("", "refuse", "fail")]
    assert [one.status_code for one in answers] == [200, 401, 502]
    deadline = time.monotonic() + 30
    while metric(edge, name, "Count") < 3 and time.monotonic() < deadline:
        time.sleep(0.3)
    found = {each: metric(edge, name, each) for each in ("Count", "4XXError", "5XXError")}
    assert found == {"Count": 3, "4XXError": 1, "5XXError": 1}


def metric(edge, api: str, name: str) -> float:
    now = datetime.now(UTC)
    points = edge.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/ApiGateway",
        MetricName=name,
        Dimensions=[{"Name": "ApiName", "Value": api}],
        StartTime=now - timedelta(minutes=10),
        EndTime=now + timedelta(minutes=10),
        Period=3600,
        Statistics=["Sum"],
    )["Datapoints"]
    return sum(point["Sum"] for point in points)
