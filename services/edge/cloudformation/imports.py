"""ImportExistingResources of a change set, for buckets: one that is there becomes the stack's.

LocalStack does not have it. As on AWS, the resource needs a name of its own and a policy to stay,
belongs to no stack yet, and is taken over as it is.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
"""

from __future__ import annotations

import json
from typing import Any

from localstack.aws.connect import connect_to
from localstack.services.cloudformation.stores import get_cloudformation_store
from localstack.services.s3.resource_providers.aws_s3_bucket import S3BucketProvider

from services.edge.cloudformation import policies
from services.edge.cloudformation.records import Model, Record

BUCKET = "AWS::S3::Bucket"


def adopted(change_set: Any, record: Record) -> Model | None:
    """The properties of the bucket that the record takes over; None where there is none to take."""
    inputs = record["Inputs"]
    if not _takes(change_set, record["Type"], record["DeletionPolicy"], inputs):
        return None
    model = dict(inputs)
    region = change_set.stack.region_name
    S3BucketProvider()._setup_post_creation_attributes(model, region)  # type: ignore[no-untyped-call]
    return model


def announced(change_set: Any, described: Model, shown: Model) -> Model:
    """A description in which what is taken over is told as Import; `shown` has property values."""
    template = change_set.processed_template or change_set.template or {}
    for change, whole in zip(described["Changes"], shown["Changes"], strict=True):
        told, context = change["ResourceChange"], whole["ResourceChange"].get("AfterContext")
        policy = policies.policy(template, told["LogicalResourceId"], "DeletionPolicy")
        after = json.loads(context or "{}").get("Properties") or {}
        if told["Action"] == "Add" and _takes(change_set, told["ResourceType"], policy, after):
            told["Action"] = "Import"
    return described


def _takes(change_set: Any, kind: str, policy: str, inputs: Model) -> bool:
    if not getattr(change_set, "imports_existing", False) or kind != BUCKET:
        return False
    name = str(inputs.get("BucketName") or "")
    return bool(name and policies.survives_deletion(policy)) and _is_free(change_set.stack, name)


def _is_free(stack: Any, name: str) -> bool:
    """Whether the account has the bucket, and no stack of it does."""
    s3 = connect_to(aws_access_key_id=stack.account_id, region_name=stack.region_name).s3
    if name not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
        return False
    store = get_cloudformation_store(stack.account_id, stack.region_name)
    return not any(
        record["Type"] == BUCKET and record.get("PhysicalResourceId") == name
        for one in list(store.stacks_v2.values())
        if one.status != "DELETE_COMPLETE"
        for record in dict(one.resolved_resources or {}).values()
    )
