"""Looks at every alarm each minute, at those of less than a minute each ten seconds."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from localstack.aws.connect import connect_to
from localstack.runtime import events
from localstack.services.cloudwatch.models import cloudwatch_stores

from services.edge.cloudwatch import evaluation
from services.edge.service_state.stores import regional_stores

LOG = logging.getLogger(__name__)
TICK_SECONDS, MINUTE = 10, 60


def start(_scheduler: Any) -> None:
    threading.Thread(target=_run, name="cloudwatch-alarms", daemon=True).start()


def _run() -> None:
    while not events.infra_stopping.wait(TICK_SECONDS - time.time() % TICK_SECONDS):
        now = int(time.time()) // TICK_SECONDS * TICK_SECONDS
        for alarm in list(_due(now)):
            try:
                _look_at(alarm, datetime.fromtimestamp(now, UTC))
            except Exception:  # the others must be looked at
                LOG.exception("Alarm %s was not looked at", alarm.alarm["AlarmName"])


def _due(now: int) -> Iterator[Any]:
    for store in regional_stores(cloudwatch_stores):
        for one in list(store.alarms.values()):
            period = one.alarm.get("Period")
            if period and now % (TICK_SECONDS if period < MINUTE else MINUTE) == 0:
                yield one


def _look_at(one: Any, now: datetime) -> None:
    alarm = dict(one.alarm)
    client = connect_to(aws_access_key_id=one.account_id, region_name=one.region).cloudwatch
    points = _points(client, alarm, now)
    new = evaluation.state(alarm, points)
    if new is None or new == alarm["StateValue"]:
        return
    told = {
        "version": "1.0",
        "queryDate": now.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
        "statistic": alarm["Statistic"],
        "period": alarm["Period"],
        "recentDatapoints": [value for value in points if value is not None],
        "threshold": alarm["Threshold"],
    }
    client.set_alarm_state(
        AlarmName=alarm["AlarmName"],
        StateValue=new,
        StateReason=evaluation.reason(alarm, points, new)[:1023],
        StateReasonData=json.dumps(told),
    )


def _points(client: Any, alarm: dict[str, Any], now: datetime) -> list[float | None]:
    """Of each period before `now` its value, the oldest first."""
    period, count = int(alarm["Period"]), evaluation.periods(alarm)
    begin = now - timedelta(seconds=period * count)
    found = client.get_metric_data(
        MetricDataQueries=[{"Id": "m", "MetricStat": _statistic(alarm)}],
        StartTime=begin,
        EndTime=now,
    )["MetricDataResults"][0]
    points: list[float | None] = [None] * count
    for at, value in zip(found["Timestamps"], found["Values"], strict=True):
        points[int((at - begin).total_seconds()) // period] = value
    return points


def _statistic(alarm: dict[str, Any]) -> dict[str, Any]:
    metric = {name: alarm[name] for name in ("Namespace", "MetricName")}
    metric["Dimensions"] = alarm.get("Dimensions") or []
    unit = {"Unit": alarm["Unit"]} if alarm.get("Unit") else {}
    return {"Metric": metric, "Period": alarm["Period"], "Stat": alarm["Statistic"], **unit}
