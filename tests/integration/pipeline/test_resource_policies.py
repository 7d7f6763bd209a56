"""Policies of queues, topics, secrets and keys, beside those of the role that calls."""

from __future__ import annotations

import json
import time

from tests.support.reader_role import ACCOUNT, policy, refusal


def test_a_queue_a_topic_and_a_secret_let_in_by_policies_of_their_own(filled, reader):
    sqs, sns, secrets = (filled.client(name) for name in ("sqs", "sns", "secretsmanager"))
    queue = sqs.create_queue(QueueName=reader.name)["QueueUrl"]
    topic = sns.create_topic(Name=reader.name)["TopicArn"]
    secret = secrets.create_secret(Name=reader.name, SecretString="s")["ARN"]
    queue_arn = topic.replace(":sns:", ":sqs:")
    calls = {
        "sqs:SendMessage": (queue_arn, reader.client("sqs").send_message,
                            {"QueueUrl": queue, "MessageBody": "own"}),
        "sns:Publish": (topic, reader.client("sns").publish,
                        {"TopicArn": topic, "Message": "own"}),
        "secretsmanager:GetSecretValue": (secret, reader.client("secretsmanager").get_secret_value,
                                          {"SecretId": reader.name}),
    }  # fmt: skip
    for action, (_, call, request) in calls.items():
        reason = refusal(call, **request)[2]
        assert reason.endswith(f"because no identity-based policy allows the {action} action")
    texts = {
        action: policy(
            {
                "Effect": "Allow",
                "Principal": {"AWS": reader.arn},
                "Action": action,
                "Resource": arn,
            }
        )
        for action, (arn, _, _) in calls.items()
    }
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": texts["sqs:SendMessage"]})
    sns.set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=texts["sns:Publish"]
    )
    secrets.put_resource_policy(
        SecretId=secret, ResourcePolicy=texts["secretsmanager:GetSecretValue"]
    )
    for _, call, request in calls.values():
        assert call(**request)["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_topic_delivers_only_to_a_queue_whose_policy_lets_it(filled, reader):
    sqs, sns = filled.client("sqs"), filled.client("sns")
    queue = sqs.create_queue(QueueName=f"{reader.name}-told")["QueueUrl"]
    topic = sns.create_topic(Name=f"{reader.name}-told")["TopicArn"]
    queue_arn = topic.replace(":sns:", ":sqs:")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    sns.publish(TopicArn=topic, Message="before")
    allow = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}}
    allow |= {"Action": "sqs:SendMessage", "Resource": queue_arn}
    allow["Condition"] = {"ArnEquals": {"aws:SourceArn": topic}}
    time.sleep(0.5)  # the first is delivered beside this
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy(allow)})
    sns.publish(TopicArn=topic, Message="after")
    (one,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"]
    assert json.loads(one["Body"])["Message"] == "after"


def test_a_key_is_used_by_whom_its_policy_or_a_grant_lets_in(filled, reader):
    kms, own = filled.client("kms"), reader.client("kms")
    root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    every = {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    encrypt = {"KeyId": key, "Plaintext": b"text"}
    # Its policy leaves it to the account's own, and the reader's allow nothing of KMS.
    assert "no identity-based policy allows the kms:Encrypt" in refusal(own.encrypt, **encrypt)[2]
    use = {**every, "Principal": {"AWS": reader.arn}, "Action": ["kms:Encrypt", "kms:Decrypt"]}
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy(use))
    sealed = own.encrypt(**encrypt)["CiphertextBlob"]
    assert own.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"text"
    manage = {**every, "Action": "kms:PutKeyPolicy"}
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy(manage))
    closed = "no resource-based policy allows the kms:Decrypt action"
    assert closed in refusal(own.decrypt, CiphertextBlob=sealed)[2]
    kms.create_grant(KeyId=key, GranteePrincipal=reader.arn, Operations=["Decrypt"])
    assert own.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"text"
