"""Calls the targets of schedules that are due; what cannot be called is tried again, then told.

An invocation is on disk before its schedule goes on to the next time, and until it has been made:
one that a killed edge had begun is made again, as AWS promises it at least once.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError
from localstack.aws.connect import connect_to
from localstack.runtime import events

from services.edge.scheduler import occurrences, targets
from services.edge.scheduler.store import Store

LOG = logging.getLogger(__name__)
TICK_SECONDS, AT_ONCE = 1.0, 8
LONGEST_PAUSE = 60  # seconds between two attempts
Document = dict[str, Any]


class Engine:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="scheduler")

    def start(self) -> None:
        """What an earlier edge had begun goes on first."""
        for invocation in self._store.invocations():
            self._pool.submit(self._make, invocation)
        threading.Thread(target=self._run, name="scheduler", daemon=True).start()

    def tick(self, now: datetime) -> None:
        for schedule in self._store.schedules():
            due = schedule.get("Due")
            if due is not None and due <= now.timestamp() and schedule["State"] == "ENABLED":
                self._fire(schedule, now)

    def _run(self) -> None:
        while not events.infra_stopping.wait(TICK_SECONDS):
            try:
                self.tick(datetime.now(UTC))
            except Exception:  # the next second, and the other schedules, must be seen
                LOG.exception("Schedules were not looked at")

    def _fire(self, seen: Document, now: datetime) -> None:
        with self._store.lock:  # it may have been changed or deleted since it was seen
            schedule = self._store.schedule(seen["Arn"])
            if schedule is None or schedule.get("Due") != seen["Due"]:
                return
            invocation = {
                "Id": str(uuid.uuid4()),
                "Schedule": schedule["Arn"],
                "Target": schedule["Target"],
                "Time": schedule["Due"],
                "Begun": now.timestamp(),
            }
            self._store.put_invocation(invocation)
            due = occurrences.following(schedule, now)
            if due is None and schedule.get("ActionAfterCompletion") == "DELETE":
                self._store.delete_schedule(schedule["Arn"])
            else:
                self._store.put_schedule({**schedule, "Due": due})
        LOG.info("%s is due", schedule["Arn"])
        self._pool.submit(self._make, invocation)

    def _make(self, invocation: Document) -> None:
        policy = invocation["Target"].get("RetryPolicy") or {}
        attempts = policy.get("MaximumRetryAttempts", 185) + 1
        until = invocation["Begun"] + policy.get("MaximumEventAgeInSeconds", 86_400)
        for attempt in range(1, attempts + 1):
            try:
                _called(invocation["Schedule"], *targets.call(*_asked(invocation, attempt)))
            except Exception as error:
                pause = min(2**attempt, LONGEST_PAUSE)
                is_last = attempt == attempts or time.time() + pause > until
                if is_last or not _may_pass(error):
                    self._give_up(invocation, error, attempt)
                    return
                if events.infra_stopping.wait(pause):
                    return  # it is on disk: the next edge goes on
            else:
                self._store.delete_invocation(invocation["Id"])
                return

    def _give_up(self, invocation: Document, error: Exception, attempts: int) -> None:
        LOG.warning("%s: its target was not reached: %s", invocation["Schedule"], error)
        queue = (invocation["Target"].get("DeadLetterConfig") or {}).get("Arn")
        if queue:
            text = _asked(invocation, attempts)[1]
            service, operation, request = targets.call({"Arn": queue}, text)
            attributes = {
                "ERROR_CODE": _code(error),
                "ERROR_MESSAGE": str(error),
                "EXECUTION_ID": invocation["Id"],
                "RETRY_ATTEMPTS": str(attempts - 1),
                "SCHEDULE_ARN": invocation["Schedule"],
                "TARGET_ARN": invocation["Target"]["Arn"],
            }
            request["MessageAttributes"] = {
                name: {"DataType": "String", "StringValue": value}
                for name, value in attributes.items()
            }
            try:
                _called(invocation["Schedule"], service, operation, request)
            except Exception:
                LOG.warning("%s: nor was its dead-letter queue", invocation["Schedule"])
        self._store.delete_invocation(invocation["Id"])


def _asked(invocation: Document, attempt: int) -> tuple[Document, str]:
    """The target and its input, with the placeholders that AWS fills."""
    target = invocation["Target"]
    text = target.get("Input") or "{}"
    at = datetime.fromtimestamp(invocation["Time"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for name, value in (
        ("attempt-number", str(attempt)),
        ("execution-id", invocation["Id"]),
        ("schedule-arn", invocation["Schedule"]),
        ("scheduled-time", at),
    ):
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return target, text


def _called(schedule: str, service: str, operation: str, request: Document) -> None:
    _, _, _, region, account, _ = schedule.split(":", 5)
    clients = connect_to(aws_access_key_id=account, region_name=region)
    client = getattr(clients, {"lambda": "lambda_"}.get(service, service.replace("-", "_")))
    answer = getattr(client, xform_name(operation))(**request)
    if answer.get("FailedEntryCount"):
        raise RuntimeError(f"{operation}: {answer.get('Entries')}")


def _may_pass(error: Exception) -> bool:
    """Whether another attempt may come through."""
    if not isinstance(error, ClientError):
        return True
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
    return status in (429, 500, 502, 503, 504) or "Throttl" in _code(error)


def _code(error: Exception) -> str:
    if isinstance(error, ClientError):
        return str(error.response["Error"]["Code"])
    return type(error).__name__
