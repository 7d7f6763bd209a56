"""CloudWatch's counts of invocations and errors, sent by one thread, many in one call.

LocalStack 4.9.2 starts a thread for each invocation, which calls the edge over HTTP and is kept for
ever (lambda_/invocation/version_manager.py, TMP_THREADS in utils/threads.py).
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from localstack.aws.connect import connect_to
from localstack.runtime import events
from localstack.services.lambda_.invocation import version_manager
from localstack.utils.bootstrap import is_api_enabled
from localstack.utils.patch import Patch

EVERY_SECONDS = 1.0
LOG = logging.getLogger(__name__)
Metric = tuple[str, str, str, str]  # account, region, function, name


def apply() -> None:
    counts = Counts()
    threading.Thread(target=counts.send_on, name="lambda-counts", daemon=True).start()
    for name, counting in (
        ("record_cw_metric_invocation", counts.invocation),
        ("record_cw_metric_error", counts.error),
        ("start_thread", _inline(version_manager.start_thread)),
    ):
        Patch(version_manager, name, counting).apply()


class Counts:
    """What has been counted and not been sent yet."""

    def __init__(self) -> None:
        self._counted: Counter[Metric] = Counter()
        self._lock = threading.Lock()

    def invocation(self, function_name: str, account_id: str, region_name: str) -> None:
        with self._lock:
            self._counted[account_id, region_name, function_name, "Invocations"] += 1

    def error(self, function_name: str, account_id: str, region_name: str) -> None:
        self.invocation(function_name, account_id, region_name)
        with self._lock:
            self._counted[account_id, region_name, function_name, "Errors"] += 1

    def send_on(self) -> None:
        while not events.infra_stopping.wait(EVERY_SECONDS):
            with self._lock:
                counted, self._counted = self._counted, Counter()
            for metric, count in counted.items():
                _send(metric, count)


def _send(metric: Metric, count: int) -> None:
    account, region, function, name = metric
    if not is_api_enabled("cloudwatch"):
        return
    try:
        connect_to(aws_access_key_id=account, region_name=region).cloudwatch.put_metric_data(
            Namespace="AWS/Lambda",
            MetricData=[
                {
                    "MetricName": name,
                    "Dimensions": [{"Name": "FunctionName", "Value": function}],
                    "Timestamp": datetime.now(UTC),
                    "Values": [1.0],
                    "Counts": [float(count)],
                }
            ],
        )
    except Exception as error:  # a count that cannot be sent must not end the counting
        LOG.warning(
            "%s of %s, %d, were not counted by CloudWatch: %s", name, function, count, error
        )


def _inline(start_thread: Callable[..., Any]) -> Callable[..., Any]:
    """To count takes no time: it needs no thread. Everything else has its own."""

    def start(
        method: Callable[..., Any], *args: Any, name: str | None = None, **kwargs: Any
    ) -> Any:
        if name is not None and name.startswith("record-cloudwatch-metric"):
            return method()
        return start_thread(method, *args, name=name, **kwargs)

    return start
