"""How an event, or the input put in its place, reaches a rule's target.

LocalStack (services/events/target.py, provider.py) names an execution by the event's id, which is
gone where the target has an Input, InputPath or InputTransformer; it drops empty inputs, falsy
values in a template and constant inputs that are no objects.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from localstack.services.events import target
from localstack.services.events.utils import to_json_str
from localstack.utils.patch import Patch

from services.edge.events import dead_letters, templates


def apply() -> None:
    Patch(target.StatesTargetSender, "send_event", _start_execution).apply()
    Patch(target.TargetSender, "process_event", _process).apply()
    Patch(target, "get_template_replacements", _values).apply()
    Patch(target, "replace_template_placeholders", _filled).apply()


def _process(self: Any, event: dict[str, Any], trace_header: Any) -> None:
    """Raises what the target did not take it for."""
    event.pop("event-bus-name", None)
    try:
        self.send_event(_input(self, event), trace_header)
    except Exception as error:
        dead_letters.keep(self, event, error)
        raise


def _input(self: Any, event: dict[str, Any]) -> Any:
    if constant := self.target.get("Input"):
        return json.loads(constant)
    if path := self.target.get("InputPath"):
        return target.transform_event_with_target_input_path(path, event)
    if transformer := self.target.get("InputTransformer"):
        return self.transform_event_with_target_input_transformer(transformer, event)
    return event


def _start_execution(self: Any, event: Any, trace_header: Any) -> None:
    del trace_header
    self.service = "stepfunctions"
    name = f"{uuid.uuid4()}_{uuid.uuid4()}"
    self.client.start_execution(
        stateMachineArn=self.target["Arn"], name=name, input=to_json_str(event)
    )


def _values(input_transformer: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
    found = {
        name: target.extract_jsonpath(event, path)
        for name, path in input_transformer.get("InputPathsMap", {}).items()
        if name not in target.PREDEFINED_PLACEHOLDERS
    }
    return {name: value for name, value in found.items() if value is not None and value != []}


def _filled(template: str, replacements: dict[str, Any], is_json_template: bool) -> Any:
    del is_json_template
    return templates.filled(template, json.loads(to_json_str(replacements)))
