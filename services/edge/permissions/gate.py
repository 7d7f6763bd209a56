"""Lets the administrator's calls pass at once, and has all others judged.

What judges is loaded with the first call that needs it: IAM, which moto takes long to import.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from localstack.aws import handlers

from services.edge.permissions.credentials import PREFIX

if TYPE_CHECKING:
    from services.edge.permissions.judge import Judge, Record

# Keys of sessions and of users; all others, as `test` and an account's number, are an
# administrator's, and so are calls without any.
JUDGED = tuple(f"Credential={prefix}" for prefix in (PREFIX, "LKIA", "AKIA"))
# Of presigned addresses, in the newer and the older signature.
PRESIGNED = (b"X-Amz-Credential=", b"AWSAccessKeyId=")
# Whoever calls: what is made is to work as its own role.
MADE_WITH_ROLES = ("CreateStateMachine", "UpdateStateMachine")
NOT_FOUND, READS = 404, (("s3", "GetObject"), ("s3", "HeadObject"))


class Gate:
    """A handler of LocalStack's chain, after the request is parsed and known to be served."""

    def __init__(self, record: Record, *, enforces: bool) -> None:
        self._record, self.enforces = record, enforces

    @cached_property
    def judge(self) -> Judge:
        from services.edge.permissions.judge import Judge

        return Judge(self._record, enforces=self.enforces)

    def __call__(self, _chain: Any, context: Any, _response: Any) -> None:
        if is_judged(context.request) or (context.internal_request_params or {}).get(
            "service_principal"
        ):
            self.judge(context)
        if context.operation is not None and context.operation.name in MADE_WITH_ROLES:
            self.judge.state_machine(context)

    def after_call(self, chain: Any, context: Any, response: Any) -> None:
        """A handler of answers.

        https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: 404 where the caller may
        list the bucket, else 403.
        """
        if response.status_code != NOT_FOUND or context.operation is None:
            return
        if (context.service.service_name, context.operation.name) not in READS:
            return
        if is_judged(context.request) and (text := self.judge.hidden(context)):
            from services.edge.permissions import refusals

            denied = refusals.access_denied(context.service, text)
            handlers.handle_service_exception(chain, denied, context, response)


def is_judged(request: Any) -> bool:
    signed = request.headers.get("Authorization") or ""
    query = request.query_string or b""
    return any(key in signed for key in JUDGED) or any(name in query for name in PRESIGNED)


_GATES: list[Gate] = []


def use(gate: Gate) -> Gate:
    """Make it known to those that do not go through the chain."""
    _GATES[:] = [gate]
    return gate


def gate() -> Gate | None:
    """None where IAM_MODE is off."""
    return _GATES[0] if _GATES else None
