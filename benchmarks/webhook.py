"""Deliveries to bronze through API Gateway, the pipeline's function and S3, as MiniStack does it.

Function, REST API and bucket are made by the same calls on both.
"""

from __future__ import annotations

import functools
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.load import Request, per_second
from benchmarks.measures import Measure, at_least, interleaved
from benchmarks.rivals import MINISTACK, client, started
from lake.settings import ROOT
from tests.support.deliveries import body
from tests.support.process_stack import ProcessStack

FUNCTION = "project6-calendly-webhook-ingestion"
OURS, BRONZE = "ours", "bench-bronze"
ROUNDS = 3
DELIVERIES = {1: 60, 16: 320}
TARGETS = {1: at_least(2), 16: at_least(1)}
DAY = "2026-01-16T10:00:00.000000Z"
_numbers = count()


def measured(folder: Path) -> Iterator[Measure]:
    with ExitStack() as all_of_them:
        stack = all_of_them.enter_context(ProcessStack(folder / OURS))
        stack.start_edge()
        urls = {
            OURS: stack.url,
            MINISTACK: all_of_them.enter_context(started(MINISTACK, folder / MINISTACK)),
        }
        hooks = {name: deployed(url) for name, url in urls.items()}
        for clients, target in TARGETS.items():
            works = {
                name: functools.partial(deliver, urls[name], hooks[name], clients) for name in urls
            }
            found = interleaved(works, ROUNDS)
            what = f"deliveries, {clients} client{'s' if clients > 1 else ''}"
            yield Measure(what, "/s", found[OURS], target, MINISTACK, found[MINISTACK])


def deliver(url: str, path: str, clients: int) -> float:
    """Deliveries a second; each of them is a new one, and all are in bronze afterwards."""
    before = len(stored(url))
    requests = [
        Request("POST", path, body(f"I{next(_numbers)}", "invitee.created", DAY))
        for _ in range(DELIVERIES[clients])
    ]
    figure = per_second(url, requests, clients, {"Content-Type": "application/json"})
    found = len(stored(url)) - before
    if found != len(requests):
        raise RuntimeError(f"expected {len(requests)} new objects in bronze, found {found}")
    return figure


def stored(url: str) -> list[Any]:
    pages = client(url, "s3").get_paginator("list_objects_v2").paginate(Bucket=BRONZE)
    return [entry for page in pages for entry in page.get("Contents", [])]


def deployed(url: str) -> str:
    """The path of the webhook."""
    client(url, "s3").create_bucket(Bucket=BRONZE)
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = client(url, "iam").create_role(RoleName="bench", AssumeRolePolicyDocument=policy)
    functions = client(url, "lambda")
    made = functions.create_function(
        FunctionName=FUNCTION,
        Runtime="python3.11",
        Role=role["Role"]["Arn"],
        Handler=f"{FUNCTION}.lambda_handler",
        Code={"ZipFile": code()},
        Timeout=15,
        MemorySize=256,
        # Unsigned deliveries, for which the function reads no secret.
        Environment={"Variables": {"BRONZE_BUCKET": BRONZE, "SIGNING_KEYS_SECRET": "unread"}},
    )
    functions.get_waiter("function_active_v2").wait(FunctionName=FUNCTION)
    apis = client(url, "apigateway")
    api = apis.create_rest_api(name="bench")["id"]
    root = apis.get_resources(restApiId=api)["items"][0]["id"]
    part = apis.create_resource(restApiId=api, parentId=root, pathPart="webhook")["id"]
    place = {"restApiId": api, "resourceId": part, "httpMethod": "POST"}
    apis.put_method(**place, authorizationType="NONE")
    target = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{made['FunctionArn']}"
    apis.put_integration(
        **place, type="AWS_PROXY", integrationHttpMethod="POST", uri=f"{target}/invocations"
    )
    apis.create_deployment(restApiId=api, stageName="prod")
    functions.add_permission(
        FunctionName=FUNCTION,
        StatementId="bench",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    return f"/_aws/execute-api/{api}/prod/webhook"


def code() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(ROOT / "services" / "lambdas" / f"{FUNCTION}.py", f"{FUNCTION}.py")
    return packed.getvalue()
