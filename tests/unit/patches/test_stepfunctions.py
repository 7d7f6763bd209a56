"""LocalStack's Step Functions still has the faults that this project mends."""

from __future__ import annotations

import inspect
import json
from types import SimpleNamespace
from typing import Any

import pytest
from localstack.services.stepfunctions.asl.component.common.error_name.custom_error_name import (
    CustomErrorName,
)
from localstack.services.stepfunctions.asl.component.common.error_name.error_equals_decl import (
    ErrorEqualsDecl,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name_type import (  # noqa: E501
    StatesErrorNameType,
)
from localstack.services.stepfunctions.asl.component.common.string import string_expression
from localstack.services.stepfunctions.asl.component.state.state_execution.state_map.item_reader.resource_eval.resource_eval_s3 import (  # noqa: E501
    ResourceEvalS3,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task import (
    state_task_factory,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service.state_task_service_unsupported import (  # noqa: E501
    StateTaskServiceUnsupported,
)
from localstack.services.stepfunctions.asl.component.state.state_wait.wait_function.timestamp import (  # noqa: E501
    Timestamp,
)
from localstack.services.stepfunctions.asl.eval.callback.callback import (
    CallbackEndpoint,
    CallbackOutcomeSuccess,
)
from localstack.services.stepfunctions.asl.eval.event.logging import CloudWatchLoggingConfiguration
from localstack.services.stepfunctions.asl.eval.states import ContextObjectData
from localstack.services.stepfunctions.asl.parse.preprocessor import Preprocessor
from localstack.services.stepfunctions.asl.static_analyser.static_analyser import StaticAnalyser
from localstack.services.stepfunctions.asl.utils.json_path import extract_json
from localstack.services.stepfunctions.backend import execution
from localstack.services.stepfunctions.provider import StepFunctionsProvider


@pytest.mark.mended_by("stepfunctions.integrations")
def test_there_is_no_integration_of_emr_serverless_and_reserved_errors_are_refused():
    found = state_task_factory.state_task_service_for("emr-serverless")
    assert isinstance(found, StateTaskServiceUnsupported)
    with pytest.raises(ValueError, match="States"):
        CustomErrorName("States.TaskFailed")


@pytest.mark.mended_by("stepfunctions.execution_logs")
def test_a_log_stream_has_neither_date_nor_number():
    machine = "arn:aws:states:us-east-1:000000000000:stateMachine:m"
    made = CloudWatchLoggingConfiguration(machine, "1", "us-east-1", "/g", "ALL", True)
    assert made.log_stream_name == f"states/{machine}"


@pytest.mark.mended_by("stepfunctions.texts")
def test_a_list_of_one_match_is_unwrapped_and_jsonata_is_evaluated_in_java():
    assert extract_json("$.a[*].b", {"a": [{"b": 1}]}) == 1
    assert "jsonata" in inspect.getsource(string_expression.StringJSONata._eval_body)


@pytest.mark.mended_by("stepfunctions.parsing")
def test_all_threads_parse_with_one_list_of_query_languages():
    assert Preprocessor()._query_language_per_scope is Preprocessor()._query_language_per_scope


@pytest.mark.mended_by("stepfunctions.errors")
def test_a_catch_of_all_errors_takes_those_of_the_runtime():
    catch = ErrorEqualsDecl([StatesErrorName(StatesErrorNameType.StatesALL)])
    env: Any = SimpleNamespace(stack=[StatesErrorName(StatesErrorNameType.StatesRuntime)])
    catch._eval_body(env)
    assert env.stack == [True]


@pytest.mark.mended_by("stepfunctions.context")
def test_the_context_lacks_fields_and_an_early_answer_is_lost_to_the_heartbeat():
    assert "RedriveCount" not in str(ContextObjectData.__annotations__)
    endpoint = CallbackEndpoint("token")
    endpoint.notify(CallbackOutcomeSuccess("token", "{}"))
    assert not endpoint.setup_heartbeat_endpoint(0).clear_and_wait()


@pytest.mark.mended_by("stepfunctions.distributed_maps")
def test_a_distributed_map_reads_one_page_of_a_bucket(monkeypatch):
    page = {"Contents": [{"Key": "a"}], "IsTruncated": True, "NextContinuationToken": "more"}
    client = SimpleNamespace(list_objects_v2=lambda **_: page)
    monkeypatch.setattr(ResourceEvalS3, "_get_s3_client", staticmethod(lambda **_: client))
    env: Any = SimpleNamespace(stack=[{"Bucket": "b"}])
    ResourceEvalS3._handle_list_objects_v2(env, None, None)
    assert env.stack == [[{"Key": "a"}]]


@pytest.mark.mended_by("stepfunctions.waits")
def test_a_time_with_an_offset_is_none_and_one_without_is_local():
    assert Timestamp._from_timestamp_string("2026-01-01T00:00:00+01:00") is None
    assert Timestamp._from_timestamp_string("2026-01-01T00:00:00Z").tzinfo is None


@pytest.mark.mended_by("stepfunctions.requests")
def test_a_machine_with_a_state_that_leads_nowhere_is_taken():
    machine = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Nowhere"}}}
    found = StepFunctionsProvider._validate_definition(json.dumps(machine), [StaticAnalyser()])
    assert found is None


@pytest.mark.mended_by("stepfunctions.map_runs")
def test_limits_of_failures_of_a_map_run_cannot_be_changed():
    provider: Any = object.__new__(StepFunctionsProvider)
    with pytest.raises(NotImplementedError):
        provider.update_map_run(None, "arn", tolerated_failure_count=1)


@pytest.mark.mended_by("stepfunctions.execution_metrics")
def test_an_execution_tells_events_of_its_end_and_cloudwatch_nothing():
    source = inspect.getsource(execution)
    assert "publish_execution_status_change_event" in source
    assert "metric" not in source.lower()
