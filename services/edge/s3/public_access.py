"""Block Public Access refuses policies and ACLs that would open a bucket to anybody.

LocalStack 4.9.2 keeps the four settings, all on in a new bucket, and looks at none of them
(put_public_access_block in localstack/services/s3/provider.py).
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from __future__ import annotations

import json
from typing import Any

from localstack.aws.api import CommonServiceException
from localstack.services.s3.models import s3_stores

Call = dict[str, Any]
# A condition on one of these names whom a statement is for.
NARROWING = frozenset(
    {
        *(
            "aws:principalaccount",
            "aws:principalarn",
            "aws:principalorgid",
            "aws:principalorgpaths",
        ),
        *("aws:sourceaccount", "aws:sourcearn", "aws:sourceip", "aws:sourceowner"),
        *("aws:sourcevpc", "aws:sourcevpce", "aws:userid"),
        *("s3:dataaccesspointaccount", "s3:dataaccesspointarn"),
    }
)
ANYWHERE = ("0.0.0.0/0", "::/0", "*")
PUBLIC_ACLS = ("authenticated-read", "public-read", "public-read-write")
GROUPS = ("/groups/global/AllUsers", "/groups/global/AuthenticatedUsers")
GRANTS = ("GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP")


def check_policy(call: Call) -> None:
    """Raises AccessDenied for a policy that is public, where the bucket blocks those."""
    if _blocks(call["Bucket"], "BlockPublicPolicy") and is_public(call["Policy"]):
        raise _denied("s3:PutBucketPolicy", call["Bucket"], "policies", "BlockPublicPolicy")


def check_acl(call: Call) -> None:
    """Raises AccessDenied for an ACL that is public, where the bucket blocks those."""
    if _grants_public(call) and _blocks(call["Bucket"], "BlockPublicAcls"):
        action = "s3:PutObjectAcl" if "Key" in call else "s3:PutBucketAcl"
        what = "access control lists (ACLs)"
        raise _denied(action, call["Bucket"], what, "BlockPublicAcls")


def check_new_bucket(call: Call) -> None:
    """A new bucket blocks public access. Raises S3's error for one that is to be public."""
    if _grants_public(call):
        raise CommonServiceException(
            "InvalidBucketAclWithBlockPublicAccessError",
            "Bucket cannot have public ACLs set with BlockPublicAccess enabled",
            status_code=400,
        )


def is_public(policy: str) -> bool:
    """Whether it lets anybody do anything. What is no policy is refused by its provider."""
    try:
        found = json.loads(policy).get("Statement", [])
    except (ValueError, AttributeError):
        return False
    statements = found if isinstance(found, list) else [found]
    return any(_is_open(one) for one in statements if isinstance(one, dict))


def _is_open(statement: dict[str, Any]) -> bool:
    if statement.get("Effect") != "Allow":
        return False
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    anybody = "NotPrincipal" in statement or "*" in (named if isinstance(named, list) else [named])
    return anybody and not any(
        key.lower() in NARROWING and not _is_anything(value)
        for operator, keys in (statement.get("Condition") or {}).items()
        if "Not" not in operator
        for key, value in keys.items()
    )


def _is_anything(value: Any) -> bool:
    return any(one in ANYWHERE for one in (value if isinstance(value, list) else [value]))


def _grants_public(call: Call) -> bool:
    grants = (call.get("AccessControlPolicy") or {}).get("Grants") or []
    told = [
        *(str(call.get(name) or "") for name in GRANTS),
        *(str((grant.get("Grantee") or {}).get("URI") or "") for grant in grants),
    ]
    return call.get("ACL") in PUBLIC_ACLS or any(group in one for one in told for group in GROUPS)


def _blocks(name: str, setting: str) -> bool:
    for account in list(s3_stores.values()):
        for store in list(account.values()):
            if (bucket := store.buckets.get(name)) is not None:
                return bool((bucket.public_access_block or {}).get(setting))
    return False


def _denied(action: str, bucket: str, what: str, setting: str) -> CommonServiceException:
    return CommonServiceException(
        "AccessDenied",
        f'The caller is not authorized to perform: {action} on resource: "arn:aws:s3:::{bucket}"'
        f" because public {what} are prevented by the {setting} setting in S3 Block Public Access.",
        status_code=403,
    )
