"""Secrets, keys, queues and topics after kill -9 of the edge: what was acknowledged is there."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

from tests.support.functions import new_function
from tests.support.ledgers import outlives
from tests.support.queues import Queue, fifo, redrive

COUNTS = "def handle(event, context):\n    raise ValueError('never done')\n"


@outlives()
def test_secrets_parameters_and_keys_come_back_with_what_they_hide(stack):
    secrets, parameters = stack.client("secretsmanager"), stack.client("ssm")
    kms = stack.client("kms")
    secrets.create_secret(Name="s", SecretString="one", Tags=[{"Key": "k", "Value": "v"}])
    current = secrets.put_secret_value(SecretId="s", SecretString="two")["VersionId"]
    parameters.put_parameter(Name="/p", Value="plain", Type="String")
    parameters.put_parameter(Name="/q", Value="hidden", Type="SecureString")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/kept", TargetKeyId=key)
    sealed = kms.encrypt(KeyId=key, Plaintext=b"before")["CiphertextBlob"]

    yield

    assert secrets.get_secret_value(SecretId="s")["SecretString"] == "two"
    described = secrets.describe_secret(SecretId="s")
    assert described["VersionIdsToStages"][current] == ["AWSCURRENT"]
    assert described["Tags"] == [{"Key": "k", "Value": "v"}]
    found = parameters.get_parameters(Names=["/p", "/q"], WithDecryption=True)["Parameters"]
    assert {one["Name"]: one["Value"] for one in found} == {"/p": "plain", "/q": "hidden"}
    assert parameters.put_parameter(Name="/p", Value="2", Type="String", Overwrite=True) != {}
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"before"
    assert kms.describe_key(KeyId="alias/kept")["KeyMetadata"]["KeyId"] == key


@outlives(kills=2)
def test_messages_come_back_in_their_order_and_those_in_work_stay_hidden(stack):
    dead = Queue(stack)
    queue = Queue(stack, VisibilityTimeout="600", RedrivePolicy=redrive(dead, after=5))
    ordered = fifo(stack, VisibilityTimeout="600")
    for number in range(12):
        queue.send(f"{number}")
    done, in_work = queue.receive(MaxNumberOfMessages=2)
    queue.delete(done)
    queue.send("later", DelaySeconds=900)
    first = ordered.send("a", MessageGroupId="g")
    ordered.send("b", MessageGroupId="g")
    (held,) = ordered.receive(MaxNumberOfMessages=1)

    yield

    counts = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    delayed = "ApproximateNumberOfMessagesDelayed"
    asked = {**queue.url, "AttributeNames": [*counts, delayed, "RedrivePolicy"]}
    found = queue.client.get_queue_attributes(**asked)["Attributes"]
    assert [found[name] for name in (*counts, delayed)] == ["10", "1", "1"]
    assert found["RedrivePolicy"] == redrive(dead, after=5)
    queue.delete(in_work)
    assert queue.taken(10) == [f"{number}" for number in range(2, 12)]
    assert ordered.send("a", MessageGroupId="g") == first  # still the same message
    assert ordered.receive(seconds=0) == []
    ordered.delete(held)
    assert ordered.taken() == ["b"]

    yield

    found = queue.client.get_queue_attributes(**asked)["Attributes"]
    assert [found[name] for name in (*counts, delayed)] == ["0", "0", "1"]


@outlives(turn=3)
def test_what_was_published_before_the_kill_is_delivered_after_it(stack):
    sns, queue = stack.client("sns"), Queue(stack)
    topic = sns.create_topic(Name="outlives")["TopicArn"]
    raw = {"RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue.arn, Attributes=raw)
    s3 = stack.client("s3")
    s3.create_bucket(Bucket="outlives")
    told = {"TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket="outlives", NotificationConfiguration={"TopicConfigurations": [told]}
    )
    queue.taken()  # S3's test event
    for number in range(40):
        sns.publish(TopicArn=topic, Message=f"m{number}")
        s3.put_object(Bucket="outlives", Key=f"k{number}", Body=b"x")

    yield

    wanted = {f"m{number}" for number in range(40)} | {f"k{number}" for number in range(40)}
    deadline = time.monotonic() + 60
    while wanted:
        assert time.monotonic() < deadline, f"never delivered: {sorted(wanted)}"
        for one in queue.receive(seconds=20, MaxNumberOfMessages=10):
            text = one["Body"]
            wanted.discard(text)
            if text.startswith("{"):
                wanted.discard(json.loads(text)["Records"][0]["s3"]["object"]["key"])
            queue.delete(one)


@outlives()
def test_a_mapping_goes_on_with_its_queue(stack):
    dead = Queue(stack)
    queue = Queue(stack, VisibilityTimeout="1", RedrivePolicy=redrive(dead, after=1))
    function = new_function(stack, COUNTS)
    functions = stack.client("lambda")
    gone = Queue(stack)  # what is read from is deleted: the others go on all the same
    functions.create_event_source_mapping(FunctionName=function, EventSourceArn=gone.arn)
    gone.client.delete_queue(**gone.url)
    made = functions.create_event_source_mapping(FunctionName=function, EventSourceArn=queue.arn)

    yield

    assert functions.get_event_source_mapping(UUID=made["UUID"])["EventSourceArn"] == queue.arn
    queue.send("after the kill")
    assert dead.taken() == ["after the kill"]


@outlives()
def test_metrics_and_alarms_come_back(stack):
    cloudwatch = stack.client("cloudwatch")
    at = datetime.now(UTC).replace(second=0, microsecond=0)
    data = {"MetricName": "m", "Timestamp": at, "Value": 7}
    cloudwatch.put_metric_data(Namespace="kept", MetricData=[data])
    cloudwatch.put_metric_alarm(
        AlarmName="kept", Namespace="kept", MetricName="m", Statistic="Sum", Period=86_400,
        EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    cloudwatch.set_alarm_state(AlarmName="kept", StateValue="ALARM", StateReason="by hand")

    yield

    found = cloudwatch.get_metric_statistics(
        Namespace="kept", MetricName="m", StartTime=at, EndTime=at + timedelta(minutes=1),
        Period=60, Statistics=["Sum"],
    )["Datapoints"]  # fmt: skip
    assert [one["Sum"] for one in found] == [7]
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=["kept"])["MetricAlarms"]
    assert (alarm["StateValue"], alarm["StateReason"]) == ("ALARM", "by hand")


@outlives()
def test_a_schedule_comes_back_and_makes_up_once_for_what_it_missed(stack):
    scheduler, queue = stack.client("scheduler"), Queue(stack)
    target = {"Arn": queue.arn, "RoleArn": "arn:aws:iam::000000000000:role/any", "Input": "fired"}
    at = (datetime.now(UTC) + timedelta(seconds=15)).strftime("%Y-%m-%dT%H:%M:%S")
    for name, expression in (("daily", "cron(0 3 * * ? *)"), ("soon", f"at({at})")):
        scheduler.create_schedule(
            Name=name, ScheduleExpression=expression, FlexibleTimeWindow={"Mode": "OFF"},
            Target=target,
        )  # fmt: skip

    yield

    assert scheduler.get_schedule(Name="daily")["ScheduleExpression"] == "cron(0 3 * * ? *)"
    deadline = time.monotonic() + 90
    while not (found := queue.receive(seconds=10)):
        assert time.monotonic() < deadline
    assert [one["Body"] for one in found] == ["fired"]
