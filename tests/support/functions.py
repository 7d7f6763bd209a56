"""Lambda functions of one file and REST APIs in front of them, each with a name of its own."""

from __future__ import annotations

import io
import uuid
import zipfile
from typing import Any

from tests.support.stack import Stack

ROLE = "arn:aws:iam::000000000000:role/any"


def zipped(code: str) -> bytes:
    """An archive with the module `code`."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("code.py", code)
    return archive.getvalue()


def new_function(stack: Stack, code: str, **settings: Any) -> str:
    """The name of an active function whose handler is `handle` of `code`."""
    name = f"function-{uuid.uuid4().hex[:8]}"
    functions = stack.client("lambda")
    functions.create_function(
        FunctionName=name,
        Runtime="python3.11",
        Handler="code.handle",
        Role=settings.pop("Role", ROLE),
        Code={"ZipFile": zipped(code)},
        Timeout=20,
        **settings,
    )
    functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
    return name


def new_api(stack: Stack, function: str, timeout_ms: int = 29_000, **settings: Any) -> str:
    """The id of a REST API, deployed as stage `s`, that hands every path to a function."""
    apis = stack.client("apigateway")
    api = apis.create_rest_api(name=f"api-{uuid.uuid4().hex[:8]}", **settings)["id"]
    root = apis.get_resources(restApiId=api)["items"][0]["id"]
    resource = apis.create_resource(restApiId=api, parentId=root, pathPart="{proxy+}")["id"]
    method = {"restApiId": api, "resourceId": resource, "httpMethod": "ANY"}
    apis.put_method(**method, authorizationType="NONE")
    apis.put_integration(
        **method,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        timeoutInMillis=timeout_ms,
        uri="arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
        f"arn:aws:lambda:us-east-1:000000000000:function:{function}/invocations",
    )
    apis.create_deployment(restApiId=api, stageName="s")
    return str(api)
