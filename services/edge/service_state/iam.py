"""AWS's own policies in the state of IAM: by name, as moto has their documents in its code.

There are more than a thousand, 3 MB as they are pickled, which each change of IAM would wait for.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from localstack.state import pickle
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy


def make_storable(_connection: Any) -> None:
    pickle.register(AWSManagedPolicy)(_save)


def _save(pickler: Any, policy: AWSManagedPolicy) -> None:
    if len(policy.versions) > 1 or policy.tags or policy.name not in _documents():
        pickler.save_reduce(*policy.__reduce_ex__(2), obj=policy)  # moto lets even these be changed
        return
    known = (policy.name, policy.account_id, policy.partition, policy.id, policy.attachment_count)
    pickler.save_reduce(_restored, known, obj=policy)


def _restored(name: str, account: str, partition: str, key: str, attached: int) -> AWSManagedPolicy:
    policy = AWSManagedPolicy.from_data(name, account, partition, _documents()[name])
    policy.id, policy.attachment_count = key, attached
    return policy


@cache
def _documents() -> dict[str, Any]:
    documents: dict[str, Any] = json.loads(aws_managed_policies_data)
    return documents
