"""SQS: order, visibility, waiting, dead letters, and what a queue refuses."""

from __future__ import annotations

import threading
import time

import pytest
from botocore.exceptions import ClientError

from tests.support.queues import Queue, fifo, redrive


def test_a_fifo_queue_keeps_the_order_of_a_group_and_drops_what_is_sent_twice(edge):
    queue = fifo(edge)
    sent = [queue.send(body, MessageGroupId="g") for body in ("one", "one", "two")]
    other = queue.send("three", MessageGroupId="h")
    assert sent[0] == sent[1]
    first = queue.receive(MaxNumberOfMessages=1)
    assert [one["Body"] for one in first] == ["one"]
    # While a message of the group is worked on, only other groups give theirs.
    assert [one["MessageId"] for one in queue.receive(MaxNumberOfMessages=10)] == [other]
    queue.delete(first[0])
    assert queue.taken() == ["two"]


def test_a_message_that_is_not_deleted_comes_back_until_it_is_a_dead_letter(edge):
    dead = Queue(edge)
    queue = Queue(edge, VisibilityTimeout="1", RedrivePolicy=redrive(dead, after=2))
    message = queue.send("body")
    for count in ("1", "2"):
        (found,) = queue.receive(MessageSystemAttributeNames=["All"])
        assert (found["MessageId"], found["Attributes"]["ApproximateReceiveCount"]) == (
            message, count,
        )  # fmt: skip
    assert queue.receive(seconds=3) == []
    (found,) = dead.receive(MessageSystemAttributeNames=["All"], VisibilityTimeout=0)
    assert (found["MessageId"], found["Body"]) == (message, "body")
    assert found["Attributes"]["DeadLetterQueueSourceArn"] == queue.arn
    sources = dead.client.list_dead_letter_source_queues(**dead.url)["queueUrls"]
    assert [url.rpartition("/")[2] for url in sources] == [queue.name]

    dead.client.start_message_move_task(SourceArn=dead.arn)
    assert queue.taken() == ["body"]


def test_who_waits_at_an_empty_queue_has_the_message_as_soon_as_it_comes(edge):
    queue = Queue(edge)
    threading.Timer(0.5, queue.send, ("late",)).start()
    begun = time.monotonic()
    assert [one["Body"] for one in queue.receive(seconds=20)] == ["late"]
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("call", "request_of", "code"),
    [
        ("send_message", {"MessageBody": "x", "DelaySeconds": 901}, "InvalidParameterValue"),
        ("send_message", {"MessageBody": "x" * (2**20 + 1)}, "InvalidParameterValue"),
        ("send_message", {"MessageBody": "\x00"}, "InvalidMessageContents"),
        ("receive_message", {"WaitTimeSeconds": 21}, "InvalidParameterValue"),
        ("receive_message", {"MaxNumberOfMessages": 11}, "InvalidParameterValue"),
        ("receive_message", {"VisibilityTimeout": 43_201}, "InvalidParameterValue"),
        ("set_queue_attributes", {"Attributes": {"DelaySeconds": "-1"}}, "InvalidAttributeValue"),
        ("set_queue_attributes", {"Attributes": {"Colour": "red"}}, "InvalidAttributeName"),
        ("delete_message", {"ReceiptHandle": "no-such"}, "ReceiptHandleIsInvalid"),
        (
            "send_message_batch",
            {"Entries": [{"Id": f"{n}", "MessageBody": "x"} for n in range(11)]},
            "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
        ),
        (
            "send_message_batch",
            {"Entries": [{"Id": "same", "MessageBody": "x"}] * 2},
            "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
        ),
    ],
)
def test_a_queue_has_aws_limits(queue, call, request_of, code):
    with pytest.raises(ClientError) as refused:
        getattr(queue.client, call)(**queue.url, **request_of)
    assert refused.value.response["Error"]["Code"] == code


@pytest.fixture(scope="module")
def queue(edge) -> Queue:
    return Queue(edge)


def test_dead_letters_go_to_a_queue_that_is_there_and_of_the_same_kind(edge):
    absent, ordered = Queue(edge), fifo(edge)
    absent.client.delete_queue(**absent.url)
    for target, reason in (
        (absent, "Dead letter target does not exist."),
        (ordered, "Dead-letter queue must be same type of queue as the source."),
    ):
        with pytest.raises(ClientError, match=reason):
            Queue(edge, RedrivePolicy=redrive(target, after=1))
    with pytest.raises(ClientError) as gone:
        absent.send("x")
    assert gone.value.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"
