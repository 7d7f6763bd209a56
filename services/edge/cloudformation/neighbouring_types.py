"""The operations of the types of secrets, queues, alarms and schedules, put in LocalStack's place.

LocalStack's own drop properties and cannot update; a type's module says how.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localstack.services.cloudwatch.resource_providers.aws_cloudwatch_alarm import (
    CloudWatchAlarmProvider,
)
from localstack.services.kms.resource_providers.aws_kms_alias import KMSAliasProvider
from localstack.services.kms.resource_providers.aws_kms_key import KMSKeyProvider
from localstack.services.scheduler.resource_providers.aws_scheduler_schedule import (
    SchedulerScheduleProvider,
)
from localstack.services.scheduler.resource_providers.aws_scheduler_schedulegroup import (
    SchedulerScheduleGroupProvider,
)
from localstack.services.secretsmanager.resource_providers.aws_secretsmanager_secret import (
    SecretsManagerSecretProvider,
)
from localstack.services.sns.resource_providers.aws_sns_subscription import SNSSubscriptionProvider
from localstack.services.sns.resource_providers.aws_sns_topic import SNSTopicProvider
from localstack.services.sns.resource_providers.aws_sns_topicpolicy import SNSTopicPolicyProvider
from localstack.services.sqs.resource_providers.aws_sqs_queue import SQSQueueProvider
from localstack.services.sqs.resource_providers.aws_sqs_queuepolicy import SQSQueuePolicyProvider
from localstack.services.ssm.resource_providers.aws_ssm_parameter import SSMParameterProvider

from services.edge.cloudformation import (
    alarm,
    kms_key,
    schedule,
    secret,
    sns_topic,
    sqs_queue,
    ssm_parameter,
)

OPERATIONS: dict[Any, dict[str, Callable[..., Any]]] = {
    CloudWatchAlarmProvider: {"create": alarm.create, "update": alarm.update},
    KMSAliasProvider: {"update": kms_key.update_alias},
    KMSKeyProvider: {
        "create": kms_key.create,
        "update": kms_key.update,
        "delete": kms_key.delete,
    },
    SchedulerScheduleGroupProvider: {"update": schedule.update_group},
    SchedulerScheduleProvider: {"create": schedule.create, "update": schedule.update},
    SecretsManagerSecretProvider: {"create": secret.create, "update": secret.update},
    SNSSubscriptionProvider: {
        "create": sns_topic.create_subscription,
        "update": sns_topic.update_subscription,
    },
    SNSTopicPolicyProvider: {"update": sns_topic.update_policy},
    SNSTopicProvider: {"create": sns_topic.create, "update": sns_topic.update},
    SQSQueuePolicyProvider: {
        "create": sqs_queue.create_policy,
        "update": sqs_queue.update_policy,
        "delete": sqs_queue.delete_policy,
    },
    SQSQueueProvider: {
        "create": sqs_queue.create,
        "update": sqs_queue.update,
        "delete": sqs_queue.delete,
    },
    SSMParameterProvider: {"create": ssm_parameter.create, "update": ssm_parameter.update},
}


def apply() -> None:
    for provider, operations in OPERATIONS.items():
        for name, operation in operations.items():
            setattr(provider, name, operation)
