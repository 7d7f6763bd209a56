"""State machines for a test: written, executed and waited for."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

ROLE = "arn:aws:iam::000000000000:role/states"
State = dict[str, Any]


class Machine:
    """Starts executions of one definition and waits for their end."""

    def __init__(self, client: Any, states: dict[str, State], role: str = ROLE, **top: Any) -> None:
        self._client = client
        definition = {"StartAt": next(iter(states)), "States": states, **top}
        self._arn = client.create_state_machine(
            name=f"machine-{uuid.uuid4().hex[:8]}", definition=json.dumps(definition), roleArn=role
        )["stateMachineArn"]

    def start(self, given: Any = None) -> str:
        started = self._client.start_execution(
            stateMachineArn=self._arn, input=json.dumps({} if given is None else given)
        )
        return str(started["executionArn"])

    def end(self, execution: str) -> dict[str, Any]:
        return until(
            lambda: self._client.describe_execution(executionArn=execution),
            lambda found: found["status"] != "RUNNING",
        )

    def run(self, given: Any = None) -> dict[str, Any]:
        return self.end(self.start(given))

    def output(self, given: Any = None) -> Any:
        ended = self.run(given)
        assert ended["status"] == "SUCCEEDED", (ended.get("error"), ended.get("cause"))
        return json.loads(ended["output"])

    def error(self, given: Any = None) -> tuple[Any, Any]:
        ended = self.run(given)
        return ended["status"], ended.get("error")

    def events(self, execution: str) -> list[str]:
        found = self._client.get_execution_history(executionArn=execution)["events"]
        return [event["type"] for event in found]


def until(look: Callable[[], Any], good: Callable[[Any], bool], seconds: float = 120) -> Any:
    deadline = time.monotonic() + seconds
    while not good(found := look()):
        assert time.monotonic() < deadline, f"after {seconds} s still {found}"
        time.sleep(0.2)
    return found


def emr(action: str, **parameters: Any) -> State:
    return task(f"emr-serverless:{action}", parameters)


def glue(job: str) -> State:
    return task("glue:startJobRun.sync", {"JobName": job})


def task(action: str, parameters: dict[str, Any]) -> State:
    return {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{action}",
        "Parameters": parameters,
        "End": True,
    }


def passes(**fields: Any) -> State:
    return {"Type": "Pass", "End": True, **fields}


def distributed(states: dict[str, State], **fields: Any) -> State:
    """A distributed Map over `$.v` or what an ItemReader in `fields` reads."""
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    processor = {"ProcessorConfig": config, "StartAt": next(iter(states)), "States": states}
    given = {} if "ItemReader" in fields else {"ItemsPath": "$.v"}
    return {"Type": "Map", "ItemProcessor": processor, "End": True, **given, **fields}
