"""LocalStack's Lambda still has the faults that this project mends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from localstack.aws.api.lambda_ import InvocationType
from localstack.http import Request
from localstack.services.lambda_.invocation import (
    execution_environment,
    lambda_service,
    logs,
    metrics,
    version_manager,
)
from localstack.services.lambda_.invocation.assignment import AssignmentService
from localstack.services.lambda_.invocation.execution_environment import RuntimeStatus
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.lambda_.provider import LambdaProvider
from localstack.services.lambda_.urlrouter import event_for_lambda_url, lambda_result_to_response

from services.edge.patches.lambda_ import credential_lifetimes

ON_DEMAND: Any = "on-demand"


class Environment:
    """One that does nothing, for a pool of them."""

    initialization_type, status = ON_DEMAND, RuntimeStatus.INVOKING

    def __init__(self) -> None:
        self.id = str(id(self))

    def reserve(self) -> None:
        if vars(self).setdefault("is_taken", False):
            raise execution_environment.InvalidStatusException("taken")
        self.is_taken = True

    def release(self) -> None:
        self.is_taken = False


@pytest.mark.mended_by("lambda_.concurrency")
def test_an_environment_is_started_for_each_invocation_that_finds_none_idle(monkeypatch):
    pool = AssignmentService()
    monkeypatch.setattr(pool, "start_environment", lambda *_: Environment())

    with pool.get_environment("v", None, ON_DEMAND), pool.get_environment("v", None, ON_DEMAND):
        assert len(pool.environments["v"]) == 2


@pytest.mark.mended_by("lambda_.draining")
def test_the_environments_of_an_old_version_are_stopped_while_they_are_busy(monkeypatch):
    stopped: list[str] = []
    executor = SimpleNamespace(cleanup_version=lambda _: None)
    monkeypatch.setattr(version_manager, "get_runtime_executor", lambda: executor)
    version: Any = object.__new__(version_manager.LambdaVersionManager)
    version.id, version.function_arn, version.function_version = "v", "arn", None
    version.shutdown_event = threading.Event()
    version.log_handler = SimpleNamespace(stop=lambda: None)
    version.assignment_service = SimpleNamespace(
        environments={"v": {"e": Environment()}}, stop_environments_for_version=stopped.append
    )

    version.stop()

    assert stopped == ["v"]


@pytest.mark.mended_by("lambda_.environment_variables")
def test_a_reserved_variable_is_taken():
    refused = LambdaProvider._verify_env_variables({"AWS_LAMBDA_FUNCTION_NAME": "mine"})
    assert refused is None


@pytest.mark.mended_by("lambda_.function_urls")
def test_text_beyond_ascii_reaches_a_function_s_url_as_bytes_and_cookies_as_a_header():
    headers = {"Content-Type": "application/json", "Cookie": "a=1; b=2"}
    event = event_for_lambda_url("api", Request("POST", "/", headers=headers, body='"é"'.encode()))

    assert event["isBase64Encoded"]
    assert "cookies" not in event
    answer = InvocationResult("id", b'{"cookies": ["a=1"]}', False, "")
    assert "Set-Cookie" not in lambda_result_to_response(answer).headers


@pytest.mark.mended_by("lambda_.idle_timers")
def test_each_environment_is_counted_out_by_a_thread_of_its_own():
    assert execution_environment.Timer is threading.Timer


@pytest.mark.mended_by("lambda_.invocation_metrics")
def test_each_invocation_makes_a_call_of_cloudwatch(monkeypatch):
    sent: list[Any] = []
    monkeypatch.setattr(metrics, "publish_lambda_metric", lambda *told, **_: sent.append(told))

    for _ in range(2):
        metrics.record_cw_metric_invocation("f", "000000000000", "us-east-1")

    assert len(sent) == 2


@pytest.mark.mended_by("lambda_.log_batches")
def test_an_update_throws_away_the_lines_that_wait_to_be_written(monkeypatch):
    client = SimpleNamespace(logs=SimpleNamespace())
    monkeypatch.setattr(logs, "connect_to", SimpleNamespace(with_assumed_role=lambda **_: client))
    handler = logs.LogHandler("role", "us-east-1")
    handler.log_queue.put(logs.LogItem("group", "stream", "a line"))

    handler.stop()
    handler.run_log_loop()

    assert handler.log_queue.qsize() == 1


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Of the name `f`; it answers what it is asked."""
    version = SimpleNamespace(config=SimpleNamespace(runtime="python3.11", package_type="Zip"))
    store = SimpleNamespace(functions={"f": SimpleNamespace(versions={"$LATEST": version})})
    monkeypatch.setattr(lambda_service, "lambda_stores", {"1": {"us-east-1": store}})
    service: Any = object.__new__(lambda_service.LambdaService)
    answering = SimpleNamespace(
        invoke=lambda invocation: InvocationResult("id", invocation.payload, False, "")
    )
    service.get_lambda_version_manager = lambda _: answering
    service.get_lambda_event_manager = lambda _: None
    yield service


@pytest.mark.mended_by("lambda_.payloads")
@pytest.mark.parametrize("payload", [b"no JSON", b'"' + b"x" * (6 * 2**20) + b'"'])
def test_a_payload_that_is_no_json_or_too_large_reaches_the_function(function, payload):
    answer = function.invoke(
        function_name="f",
        qualifier=None,
        region="us-east-1",
        account_id="1",
        invocation_type=InvocationType.RequestResponse,
        client_context=None,
        request_id="id",
        payload=payload,
    )
    assert answer.payload == payload


@pytest.mark.mended_by("lambda_.credential_lifetimes")
def test_an_environment_is_used_after_its_credentials_have_ended(monkeypatch):
    executor = SimpleNamespace(start=lambda _: None, get_endpoint_from_executor=lambda: "h",
                               get_runtime_endpoint=lambda: "h")  # fmt: skip
    monkeypatch.setattr(execution_environment, "get_runtime_executor", lambda: lambda *_: executor)
    ended = {"AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "c"}
    ended["Expiration"] = datetime(2026, 1, 14, tzinfo=UTC)
    environment = execution_environment.ExecutionEnvironment(
        SimpleNamespace(
            id=SimpleNamespace(region="r", function_name="f", qualifier="q", account="0"),
            config=SimpleNamespace(
                memory_size=128, timeout=3, handler="h", runtime="r", environment=None
            ),
            qualified_arn="arn",
        ),
        ON_DEMAND,
        lambda *_: None,
        "manager",
    )
    monkeypatch.setattr(environment, "get_credentials", lambda: ended)
    environment.start()
    environment.reserve()
    environment.release()
    environment.reserve()
    assert environment.status == RuntimeStatus.INVOKING


@pytest.mark.parametrize(
    ("has_worked", "now", "expected"),
    [(False, 2000.0, False), (True, 900.0, False), (True, 997.5, True), (True, 2000.0, True)],
)
def test_an_environment_is_over_when_an_invocation_could_outlast_its_credentials(
    has_worked, now, expected
):
    config = SimpleNamespace(timeout=3)
    environment = SimpleNamespace(
        credentials_end=1000.0,
        has_worked=has_worked,
        function_version=SimpleNamespace(config=config),
    )
    assert credential_lifetimes.is_over(environment, now) is expected
