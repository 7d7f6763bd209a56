"""LocalStack's queues, topics and alarms still have the faults that this project mends."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from localstack.http import Request
from localstack.services.cloudwatch.alarm_scheduler import AlarmScheduler
from localstack.services.lambda_.event_source_mapping.pollers.sqs_poller import SqsPoller
from localstack.services.sns.models import sns_stores
from localstack.services.sns.provider import SnsProvider
from localstack.services.sqs import query_api
from localstack.services.sqs.models import StandardQueue

ACCOUNT, REGION = "000000000000", "us-east-1"


@pytest.mark.mended_by("cloudwatch")
def test_the_scheduler_of_alarms_keeps_its_process_from_ending():
    scheduler = AlarmScheduler()
    try:
        assert not scheduler.thread.daemon
    finally:
        scheduler.shutdown_scheduler()


@pytest.mark.mended_by("sqs.query_urls")
def test_a_get_of_a_queue_s_url_changes_the_queue(monkeypatch):
    class CalledError(Exception):
        pass

    def connect(**_: Any) -> Any:
        raise CalledError

    monkeypatch.setattr(query_api, "connect_to", connect)
    url = "/queue/us-east-1/000000000000/q"
    with pytest.raises(CalledError):
        query_api.try_call_sqs(Request("GET", url, query_string="Action=PurgeQueue"), "us-east-1")


@pytest.mark.mended_by("sqs.limits")
def test_a_queue_takes_a_visibility_time_out_beyond_the_greatest():
    queue = StandardQueue("q", REGION, ACCOUNT, {"VisibilityTimeout": "43201"})
    assert queue.visibility_timeout == 43_201


@pytest.mark.mended_by("sns")
def test_a_mail_address_subscribes_though_nothing_would_be_sent_to_it():
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:unit-of-sns"
    sns_stores[ACCOUNT][REGION].topic_subscriptions[topic] = []
    context: Any = SimpleNamespace(account_id=ACCOUNT, region=REGION)
    made = SnsProvider().subscribe(context, topic, "email", "someone@example.com")
    assert made["SubscriptionArn"]


@pytest.mark.mended_by("lambda_.queue_mappings")
def test_the_text_of_a_message_is_written_anew_for_a_function(monkeypatch):
    poller, seen = SqsPoller.__new__(SqsPoller), []
    poller.processor = SimpleNamespace(process_events_batch=seen.extend)
    monkeypatch.setattr(SqsPoller, "filter_events", lambda _self, events: events)
    monkeypatch.setattr(SqsPoller, "add_source_metadata", lambda _self, events: events)
    monkeypatch.setattr(SqsPoller, "delete_messages", lambda *_: None)
    poller.handle_messages([{"MessageId": "1", "ReceiptHandle": "r", "Body": '{"n":  1}'}])
    assert [event["body"] for event in seen] == ['{"n": 1}']
