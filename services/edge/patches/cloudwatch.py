"""Metrics in a file of this stack, and alarms of which no part is only pretended.

LocalStack (services/cloudwatch/cloudwatch_database_helper.py, provider_v2.py) keeps metrics in its
own folder, takes alarms that it never evaluates and actions that it never runs, and sets the state
of an alarm that is put again back. Its own scheduler (alarm_scheduler.py) looks at an alarm once in
all its periods, never again after a restart, and its thread keeps the edge from ending.
Statistics are of all metrics whose dimensions contain the ones asked for, by letters: of a function
`a` those of a function `a-b` too.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from localstack.aws.api.cloudwatch import PutMetricAlarmInput
from localstack.services.cloudwatch.alarm_scheduler import AlarmScheduler
from localstack.services.cloudwatch.cloudwatch_database_helper import CloudwatchDatabase
from localstack.services.cloudwatch.provider_v2 import CloudwatchProvider
from localstack.utils.aws.arns import cloudwatch_alarm_arn, parse_arn
from localstack.utils.patch import Patch, patch

from services.edge.aws.errors import AwsError
from services.edge.cloudwatch import alarms
from services.edge.cloudwatch.evaluation import COMPARISONS
from services.edge.served_calls.gate import not_implemented

NEEDED = ("MetricName", "Namespace", "Period", "Statistic", "Threshold")
ACTIONS = ("AlarmActions", "InsufficientDataActions", "OKActions")
ACTED_BY = ("lambda", "sns")
KEPT = ("StateReason", "StateReasonData", "StateTransitionedTimestamp", "StateUpdatedTimestamp")
STATISTICS = ("Average", "Maximum", "Minimum", "SampleCount", "Sum")


def keep_metrics(folder: Path) -> None:
    """Before the service is loaded: the database is opened by its name."""
    file = str(folder / "metrics.sqlite")
    CloudwatchDatabase.CLOUDWATCH_DATA_ROOT = str(folder)
    CloudwatchDatabase.METRICS_DB = file
    CloudwatchDatabase.METRICS_DB_READ_ONLY = f"file:{file}?mode=ro"


def apply() -> None:
    from services.edge.plugins import settings

    keep_metrics(settings().data_dir)
    _read_whole_dimensions()
    Patch(AlarmScheduler, "__init__", alarms.start).apply()
    for name in ("shutdown_scheduler", "schedule_metric_alarm", "delete_scheduler_for_alarm"):
        Patch(AlarmScheduler, name, lambda *_, **__: None).apply()

    @patch(CloudwatchProvider.put_metric_alarm)
    def put_metric_alarm(put: Any, self: Any, context: Any, request: PutMetricAlarmInput) -> None:
        _refuse(request)
        store = self.get_store(context.account_id, context.region)
        place = {"account_id": context.account_id, "region_name": context.region}
        arn = cloudwatch_alarm_arn(request["AlarmName"], **place)
        before = store.alarms.get(arn)
        put(self, context, request)
        if before is not None:
            kept = {name: before.alarm[name] for name in KEPT if name in before.alarm}
            store.alarms[arn].alarm.update(kept, StateValue=before.alarm["StateValue"])
        elif tags := request.get("Tags"):
            store.TAGS.tag_resource(arn, tags)

    @patch(CloudwatchProvider.get_metric_data)
    def get_metric_data(
        get: Any, self: Any, context: Any, metric_data_queries: Any, *more: Any, **rest: Any
    ) -> Any:
        for query in metric_data_queries:
            if "MetricStat" not in query:
                raise not_implemented("cloudwatch", "GetMetricData with Expression")
            if query["MetricStat"]["Stat"] not in STATISTICS:
                told = f"GetMetricData with Stat {query['MetricStat']['Stat']}"
                raise not_implemented("cloudwatch", told)
        return get(self, context, metric_data_queries, *more, **rest)


class _Whole(list[Any]):
    """Dimensions that a metric has, and no others."""


def _read_whole_dimensions() -> None:
    @patch(CloudwatchDatabase.get_metric_data_stat)
    def get_metric_data_stat(
        get: Any, self: Any, account_id: str, region: str, query: Any, *rest: Any, **more: Any
    ) -> Any:
        told = query["MetricStat"]
        metric = {**told["Metric"], "Dimensions": _Whole(told["Metric"].get("Dimensions") or [])}
        exact = {**query, "MetricStat": {**told, "Metric": metric}}
        return get(self, account_id, region, exact, *rest, **more)

    @patch(CloudwatchDatabase._get_ordered_dimensions_with_separator)
    def ordered(own: Any, self: Any, dims: Any, for_search: bool = False) -> Any:
        return own(self, dims, for_search and not isinstance(dims, _Whole))


def _refuse(request: PutMetricAlarmInput) -> None:
    if missing := [name for name in NEEDED if request.get(name) is None]:
        raise AwsError("ValidationError", f"An alarm on a metric needs {', '.join(missing)}")
    if (comparison := request["ComparisonOperator"]) not in COMPARISONS:
        raise not_implemented("cloudwatch", f"PutMetricAlarm with {comparison}")
    for action in (one for name in ACTIONS for one in request.get(name) or []):
        if (service := parse_arn(action)["service"]) not in ACTED_BY:
            raise not_implemented("cloudwatch", f"PutMetricAlarm with an action of {service}")
    to_alarm = request.get("DatapointsToAlarm")
    if to_alarm is not None and to_alarm > request["EvaluationPeriods"]:
        told = "DatapointsToAlarm must be less than or equal to EvaluationPeriods"
        raise AwsError("ValidationError", told)
