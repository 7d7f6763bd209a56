"""The function that the code pipeline's last action invokes, against botocore's own models."""

from __future__ import annotations

import base64
import hashlib
import importlib
import io
import sys
import zipfile
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from aws_bootstrap.package import zip_of
from lake.settings import ROOT

sys.path.insert(0, str(ROOT / "services" / "lambdas"))
updater = importlib.import_module("project6-update-functions")
sys.path.pop(0)

JOB = "11111111-abcd-1111-abcd-111111abcdef"
KEYS = {"region_name": "us-east-1", "aws_access_key_id": "a", "aws_secret_access_key": "b"}


@pytest.fixture
def stubs(monkeypatch):
    clients = {name: boto3.client(name, **KEYS) for name in ("codepipeline", "lambda")}
    monkeypatch.setattr(updater, "client", clients.__getitem__)
    stubbers = {name: Stubber(client) for name, client in clients.items()}
    for stubber in stubbers.values():
        stubber.activate()
    return stubbers


def assert_called_as_expected(stubs: dict[str, Stubber]) -> None:
    """Every call that was expected came, with its parameters, in order; a stub refuses others."""
    for stubber in stubs.values():
        stubber.assert_no_pending_responses()


def job(monkeypatch, tree: dict[str, str], functions: str = "acme-one") -> dict[str, Any]:
    monkeypatch.setattr(
        updater, "read_artifact", lambda *_: {k: v.encode() for k, v in tree.items()}
    )
    data = {
        "actionConfiguration": {"configuration": {"UserParameters": functions}},
        "inputArtifacts": [{"location": {}}],
        "artifactCredentials": {},
    }
    return {"CodePipeline.job": {"id": JOB, "data": data}}


def has_code(stubs: dict[str, Stubber], name: str, content: bytes) -> None:
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    stubs["lambda"].add_response(
        "get_function_configuration",
        {"FunctionName": f"acme-{name}", "Handler": f"{name}.lambda_handler", "CodeSha256": digest},
        {"FunctionName": f"acme-{name}"},
    )


def succeeds(stubs: dict[str, Stubber], summary: str) -> None:
    stubs["codepipeline"].add_response(
        "put_job_success_result", {}, {"jobId": JOB, "executionDetails": {"summary": summary}}
    )


def fails(stubs: dict[str, Stubber], message: Any) -> None:
    details = {"type": "JobFailed", "message": message}
    stubs["codepipeline"].add_response(
        "put_job_failure_result", {}, {"jobId": JOB, "failureDetails": details}
    )


def test_a_function_with_other_code_is_updated_and_waited_for(stubs, monkeypatch):
    sent: list[bytes] = []
    has_code(stubs, "one", b"old")
    stubs["lambda"].add_response(
        "update_function_code", {}, {"FunctionName": "acme-one", "ZipFile": ANY}
    )
    stubs["lambda"].add_response(
        "get_function", {"Configuration": {"LastUpdateStatus": "Successful"}}
    )
    succeeds(stubs, "Updated acme-one")
    monkeypatch.setattr(updater, "zip_of", lambda *a: sent.append(zip_of({a[0]: a[1]})) or sent[-1])

    updater.lambda_handler(job(monkeypatch, {"Python_codes/one.py": "x = 1\n"}), None)

    assert_called_as_expected(stubs)

    with zipfile.ZipFile(io.BytesIO(sent[0])) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"one.py": b"x = 1\n"}


def test_a_source_gives_the_same_zip_as_the_deployment_so_nothing_is_updated(stubs, monkeypatch):
    has_code(stubs, "one", zip_of({"one.py": b"x = 1\n"}))
    succeeds(stubs, "No function has changed")

    updater.lambda_handler(job(monkeypatch, {"Python_codes/one.py": "x = 1\n"}), None)

    assert_called_as_expected(stubs)


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (
            {"Python_codes/one.py": "x = 1\n"},
            "SourceError: Expected Python_codes/two.py in the commit, found no such file",
        ),
        (
            {"Python_codes/one.py": "x = 1\n", "Python_codes/two.py": "def broken(:\n"},
            "SourceError: Expected Python_codes/two.py to be Python, found: invalid syntax"
            " (two.py, line 1)",
        ),
    ],
)
def test_one_bad_source_fails_the_job_before_any_function_is_touched(
    stubs, monkeypatch, tree, message
):
    has_code(stubs, "one", b"old")
    has_code(stubs, "two", b"old")
    fails(stubs, message)

    updater.lambda_handler(job(monkeypatch, tree, "acme-one,acme-two"), None)

    assert_called_as_expected(stubs)


def test_a_refused_update_is_the_jobs_failure(stubs, monkeypatch):
    stubs["lambda"].add_client_error(
        "get_function_configuration", "ResourceNotFoundException", "Function not found: acme-one"
    )
    fails(
        stubs,
        "ResourceNotFoundException: An error occurred (ResourceNotFoundException) when calling the"
        " GetFunctionConfiguration operation: Function not found: acme-one",
    )

    updater.lambda_handler(job(monkeypatch, {"Python_codes/one.py": "x = 1\n"}), None)

    assert_called_as_expected(stubs)
