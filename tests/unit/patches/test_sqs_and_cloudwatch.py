"""LocalStack's queues and alarms still have the faults that this project mends."""

from __future__ import annotations

from typing import Any

import pytest
from localstack.http import Request
from localstack.services.cloudwatch.alarm_scheduler import AlarmScheduler
from localstack.services.sqs import query_api


@pytest.mark.mended_by("cloudwatch")
def test_the_scheduler_of_alarms_keeps_its_process_from_ending():
    scheduler = AlarmScheduler()
    try:
        assert not scheduler.thread.daemon
    finally:
        scheduler.shutdown_scheduler()


@pytest.mark.mended_by("sqs")
def test_a_get_of_a_queue_s_url_changes_the_queue(monkeypatch):
    class CalledError(Exception):
        pass

    def connect(**_: Any) -> Any:
        raise CalledError

    monkeypatch.setattr(query_api, "connect_to", connect)
    url = "/queue/us-east-1/000000000000/q"
    with pytest.raises(CalledError):
        query_api.try_call_sqs(Request("GET", url, query_string="Action=PurgeQueue"), "us-east-1")
