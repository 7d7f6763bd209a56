"""Distributed Map: items read and batched, failures counted and told, results written.

https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from typing import Any

from localstack.aws.api.stepfunctions import (
    ExecutionFailedEventDetails,
    HistoryEventType,
    MapRunFailedEventDetails,
    MapRunStartedEventDetails,
    MapRunStatus,
    MapStateStartedEventDetails,
)
from localstack.services.stepfunctions.asl.component.common.error_name.states_error_name_type import (  # noqa: E501
    StatesErrorNameType,
)
from localstack.services.stepfunctions.asl.component.common.query_language import QueryLanguageMode
from localstack.services.stepfunctions.asl.component.state.state_execution.state_map.iteration.itemprocessor.map_run_record import (  # noqa: E501
    MapRunRecord,
)
from localstack.services.stepfunctions.asl.eval.event.event_detail import EventDetails
from localstack.services.stepfunctions.asl.eval.event.event_manager import EventManager
from localstack.services.stepfunctions.asl.eval.program_state import ProgramEnded, ProgramError
from localstack.services.stepfunctions.asl.eval.variable_store import VariableStore

from services.edge.stepfunctions.engine import at_once, evaluation, map_results
from services.edge.stepfunctions.engine.map_items import Items
from services.edge.stepfunctions.engine.templates import filled

Document = dict[str, Any]
MOST_AT_ONCE = 40  # threads: AWS starts up to 10,000 children at once


class MapRun:
    """One evaluation of a distributed Map state; its answer is left on the environment's stack."""

    def __init__(self, state: Any, env: Any) -> None:
        self.state, self.env, self.raw = state, env, state.raw
        self.jsonata = state.query_language.query_language_mode == QueryLanguageMode.JSONata
        self.input = env.states.get_input()
        self.data = env.stack[-1] if env.stack else self.input
        context = env.states.context_object.context_object_data
        self.record = MapRunRecord(
            state_machine_arn=context["StateMachine"]["Id"],
            execution_arn=context["Execution"]["Id"],
            max_concurrency=self._value(state.max_concurrency_decl),
            tolerated_failure_count=self._value(state.tolerated_failure_count_decl),
            tolerated_failure_percentage=self._value(state.tolerated_failure_percentage_decl),
            label=state.label.label if state.label else None,
        )
        self.given_up = threading.Event()

    def run(self) -> None:
        items = self._items()
        self.env.map_run_record_pool_manager.add(self.record)
        self._tell(
            HistoryEventType.MapRunStarted,
            mapRunStartedEventDetails=MapRunStartedEventDetails(mapRunArn=self.record.map_run_arn),
        )
        try:
            children = self._children(items)
            if not self.env.is_running():
                self.record.set_stop(status=MapRunStatus.ABORTED)
                self.env.stack.append([])
                return
            self._judge(children)
            answer = self._answer(children)
        except Exception as error:
            self.record.set_stop(status=MapRunStatus.FAILED)
            self._tell(HistoryEventType.MapRunFailed, mapRunFailedEventDetails=_details(error))
            raise
        self.record.set_stop(status=MapRunStatus.SUCCEEDED)
        self._tell(HistoryEventType.MapRunSucceeded)
        self.env.stack.append(answer)
        self.env.event_manager.add_event(
            context=self.env.event_history_context,
            event_type=HistoryEventType.MapStateSucceeded,
            update_source_event_id=False,
        )

    def fill(self, template: Any) -> Any:
        return filled(template, self.env, self.data, self.jsonata)

    def failure(self, name: StatesErrorNameType, cause: str) -> Any:
        details = ExecutionFailedEventDetails(error=name.to_name(), cause=cause)
        told = EventDetails(executionFailedEventDetails=details)
        return evaluation.failure(self.env, name, HistoryEventType.MapRunFailed, told)

    def _items(self) -> list[Any]:
        reader = self.raw.get("ItemReader")
        items = None if reader else self._given()
        length = MapStateStartedEventDetails(length=len(items or ()))
        self._tell(HistoryEventType.MapStateStarted, mapStateStartedEventDetails=length)
        if items is None:
            try:
                items = Items.read(self.fill(reader), self._client())
            except ValueError as error:
                name = StatesErrorNameType.StatesItemReaderFailed
                raise self.failure(name, str(error)) from error
        return items

    def _given(self) -> list[Any]:
        component = self.state.items_path or self.state.items
        items = self._value(component) if component else self.data
        if isinstance(items, list):
            return items
        if isinstance(items, dict) and self.jsonata:
            return [{"Key": key, "Value": value} for key, value in items.items()]
        name = StatesErrorNameType.StatesRuntime
        found = json.dumps(items)[:100]
        raise self.failure(name, f"Reference path must point to array, found {found}.")

    def _children(self, items: list[Any]) -> list[Document]:
        """The child executions in the order of the items, each with its output or error."""
        selected = [self._selected(at, item) for at, item in enumerate(items)]
        batcher = self.raw.get("ItemBatcher")
        inputs = Items.batched(selected, self.fill(batcher)) if batcher else selected
        sizes = [len(one["Items"]) for one in inputs] if batcher else [1] * len(inputs)
        self.record.item_counter.total.count(len(items))
        self.record.execution_counter.total.count(len(inputs))
        children: list[Document] = [{}] * len(inputs)

        def work(at: int) -> None:
            children[at] = self._child(at, inputs[at], sizes[at])

        # UpdateMapRun may change it meanwhile; 0 stands for no limit.
        at_once.run_all(
            len(inputs),
            work,
            lambda: min(self.record.max_concurrency or MOST_AT_ONCE, MOST_AT_ONCE),
        )
        return children

    def _selected(self, at: int, item: Any) -> Any:
        selector = self.raw.get("ItemSelector", self.raw.get("Parameters"))
        if selector is None:
            return item
        context = self.env.states.context_object.context_object_data
        context["Map"] = {"Item": {"Index": at, "Value": item}}
        try:
            return self.fill(selector)
        finally:
            context.pop("Map", None)

    def _child(self, at: int, given: Any, size: int) -> Document:
        counters = (self.record.item_counter, size), (self.record.execution_counter, 1)
        if self.given_up.is_set() or not self.env.is_running():
            return {"Status": "PENDING", "Input": given}
        for counter, number in counters:
            counter.running.count(number)
        child = self._evaluated(at, given)
        for counter, number in counters:
            counter.running.offset(-number)
            getattr(counter, child["Status"].lower()).count(number)
        if child["Status"] == "FAILED" and not self._tolerated():
            self.given_up.set()
        return child

    def _evaluated(self, at: int, given: Any) -> Document:
        frame = self.env.open_inner_frame()
        try:
            # A child is an execution of its own: no event of it stands in the parent's history,
            # and no variable of the parent is seen.
            frame.event_manager = EventManager()
            frame.variable_store = VariableStore()
            frame.states.context_object.context_object_data["Map"] = {
                "Item": {"Index": at, "Value": given}
            }
            frame.states.reset(given)
            frame.stack.append(frame.states.get_input())
            started = datetime.now(UTC)
            self.state.iteration_component._get_iteration_program().eval(frame)
            ended = frame.program_state()
            told: Document = {"Input": given, "StartDate": started, "StopDate": datetime.now(UTC)}
            if isinstance(ended, ProgramError):
                error = ended.error or {}
                told |= {"Error": error.get("error"), "Cause": error.get("cause")}
                return {**told, "Status": "FAILED"}
            if not isinstance(ended, ProgramEnded):
                return {**told, "Status": "ABORTED"}
            return {**told, "Status": "SUCCEEDED", "Output": frame.states.get_input()}
        finally:
            self.env.delete_frame(frame)

    def _tolerated(self) -> bool:
        """One of the two limits is enough to fail; without any, no failure is tolerated."""
        items, record = self.record.item_counter, self.record
        failed, total = items.failed.get(), items.total.get() or 1
        by_count = record.tolerated_failure_count or None
        by_share = record.tolerated_failure_percentage or None
        if by_count is None and by_share is None:
            return bool(failed == 0)
        over_count = by_count is not None and failed > by_count
        return not over_count and not (by_share is not None and failed * 100 / total > by_share)

    def _judge(self, children: list[Document]) -> None:
        if self._tolerated():
            return
        name = StatesErrorNameType.StatesExceedToleratedFailureThreshold
        cause = "The specified tolerated failure threshold was exceeded"
        if self.raw.get("ResultWriter"):
            self._write(children)
        raise self.failure(name, cause)

    def _answer(self, children: list[Document]) -> Any:
        if self.raw.get("ResultWriter"):
            return self._write(children)
        return [child["Output"] for child in children if child["Status"] == "SUCCEEDED"]

    def _write(self, children: list[Document]) -> Any:
        try:
            writer = self.fill(self.raw["ResultWriter"])
            arns = (self.record.map_run_arn, self.record.map_state_machine_arn)
            return map_results.written(children, writer, *arns, self._client)
        except ValueError as error:
            name = StatesErrorNameType.StatesResultWriterFailed
            raise self.failure(name, str(error)) from error

    def _client(self) -> Any:
        from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.credentials import (  # noqa: E501
            StateCredentials,
        )
        from localstack.services.stepfunctions.asl.utils.boto_client import boto_client_for

        details = self.env.aws_execution_details
        credentials = StateCredentials(role_arn=details.role_arn)
        return boto_client_for("s3", region=details.region, state_credentials=credentials)

    def _value(self, component: Any) -> Any:
        component.eval(self.env)
        return self.env.stack.pop()

    def _tell(self, event: Any, **details: Any) -> None:
        self.env.event_manager.add_event(
            context=self.env.event_history_context,
            event_type=event,
            event_details=EventDetails(**details) if details else None,
        )


def _details(error: Exception) -> MapRunFailedEventDetails:
    pair = getattr(error, "extract_error_cause_pair", lambda: None)() or (None, None)
    known = {name: value for name, value in zip(("error", "cause"), pair, strict=True) if value}
    return MapRunFailedEventDetails(**known)
