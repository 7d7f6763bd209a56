"""CloudWatch's counts of invocations and errors, sent by one thread, many in one call.

LocalStack 4.9.2 starts a thread for each invocation, which calls the edge over HTTP and is kept for
ever (lambda_/invocation/version_manager.py, TMP_THREADS in utils/threads.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localstack.services.lambda_.invocation import version_manager
from localstack.utils.patch import Patch

from services.edge.cloudwatch.service_metrics import METRICS, Source


def apply() -> None:
    for name, counting in (
        ("record_cw_metric_invocation", _invocation),
        ("record_cw_metric_error", _error),
        ("start_thread", _inline(version_manager.start_thread)),
    ):
        Patch(version_manager, name, counting).apply()


def _invocation(function_name: str, account_id: str, region_name: str) -> None:
    METRICS.add(_function(function_name, account_id, region_name), Invocations=1, Errors=0)


def _error(function_name: str, account_id: str, region_name: str) -> None:
    METRICS.add(_function(function_name, account_id, region_name), Invocations=1, Errors=1)


def _function(name: str, account: str, region: str) -> Source:
    return Source(account, region, "AWS/Lambda", (("FunctionName", name),))


def _inline(start_thread: Callable[..., Any]) -> Callable[..., Any]:
    """To count takes no time: it needs no thread. Everything else has its own."""

    def start(
        method: Callable[..., Any], *args: Any, name: str | None = None, **kwargs: Any
    ) -> Any:
        if name is not None and name.startswith("record-cloudwatch-metric"):
            return method()
        return start_thread(method, *args, name=name, **kwargs)

    return start
