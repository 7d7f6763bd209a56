"""What is known of a call, as the condition keys of every service name it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from services.edge.permissions.actions.needs import Known
from services.edge.permissions.callers import Caller
from services.edge.permissions.credentials import Session


def of_call(caller: Caller, context: Any) -> Known:
    """What comes to this edge has not left the machine: it stands for a call over TLS, unless a
    proxy says that it took the call over plain HTTP."""
    now = time.time()
    known: Known = {
        "aws:principalaccount": (caller.account,),
        "aws:requestedregion": (context.region,),
        "aws:securetransport": ("false" if _forwarded_plainly(context.request) else "true",),
        "aws:currenttime": (datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),),
        "aws:epochtime": (str(int(now)),),
        "aws:sourceip": (context.request.remote_addr or "127.0.0.1",),
        "aws:useragent": (context.request.headers.get("User-Agent") or "",),
    }
    if isinstance(caller, Session):
        known["aws:principaltype"] = ("AssumedRole",)
        known["aws:principalarn"] = (caller.role_arn,)
        known.update({f"aws:principaltag/{k.lower()}": (v,) for k, v in caller.tags})
    else:
        known["aws:principaltype"] = ("User",)
        known["aws:principalarn"] = (caller.arn,)
        known["aws:username"] = (caller.name,)
    return known


def _forwarded_plainly(request: Any) -> bool:
    return (request.headers.get("X-Forwarded-Proto") or "").strip().lower() == "http"


def of_source(arn: str | None) -> Known:
    """On behalf of which resource a service calls."""
    if not arn:
        return {}
    account = arn.split(":")[4]
    return {"aws:sourcearn": (arn,), **({"aws:sourceaccount": (account,)} if account else {})}
