"""CloudWatch's counts of executions, which LocalStack does not keep.

https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
"""

from __future__ import annotations

from typing import Any

from localstack.aws.api.stepfunctions import ExecutionStatus
from localstack.services.stepfunctions.backend.execution import Execution
from localstack.utils.patch import patch

from services.edge.cloudwatch.service_metrics import METRICS, Source

NAMES = {
    ExecutionStatus.RUNNING: "ExecutionsStarted",
    ExecutionStatus.SUCCEEDED: "ExecutionsSucceeded",
    ExecutionStatus.FAILED: "ExecutionsFailed",
    ExecutionStatus.TIMED_OUT: "ExecutionsTimedOut",
    ExecutionStatus.ABORTED: "ExecutionsAborted",
}


def apply() -> None:
    @patch(Execution.publish_execution_status_change_event)
    def publish_execution_status_change_event(publish: Any, self: Any) -> None:
        count(self)
        publish(self)


def count(execution: Any) -> None:
    """An execution that has changed its status to what it has."""
    dimensions = (("StateMachineArn", execution.state_machine.arn),)
    source = Source(execution.account_id, execution.region_name, "AWS/States", dimensions)
    values = {NAMES[execution.exec_status]: 1.0}
    if execution.stop_date is not None:
        taken = execution.stop_date - execution.start_date
        values["ExecutionTime"] = taken.total_seconds() * 1000
    METRICS.add(source, **values)
