"""`/_lake/permissions`: what each role of the default account has used and lacks, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from localstack.constants import DEFAULT_AWS_ACCOUNT_ID
from rolo import Response

from services.edge.permissions import decisions, report, roles
from services.edge.permissions.actions.needs import Need
from services.edge.permissions.usage import Entry, Usage


class PermissionsPage:
    """GET tells, DELETE forgets what has been used until now."""

    def __init__(self, usage: Usage, mode: str) -> None:
        self._usage, self._mode = usage, mode

    def __call__(self, request: Any) -> Response:
        if request.method == "DELETE":
            self._usage.forget(self._usage.roles())
        document = {"mode": self._mode, "roles": list(self._roles())}
        return Response(json.dumps(document), mimetype="application/json")

    def _roles(self) -> Iterator[dict[str, Any]]:
        """Those that there are, and those that were judged and are not there (any more)."""
        present = {one.arn: one for one in roles.all_roles(DEFAULT_AWS_ACCOUNT_ID)}
        for arn in sorted({*present, *self._usage.roles()}):
            policies = list(roles.named_policies(present[arn])) if arn in present else []
            entries, left_out = self._usage.of(arn), self._usage.left_out(arn)
            document = report.of_role(arn, policies, entries, partial(_refused, arn), left_out)
            yield {**document, "exists": arn in present or not arn.startswith("arn:")}


def _refused(who: str, entry: Entry) -> str:
    context = {name: tuple(values) for name, values in entry["context"].items()}
    asked = (Need(entry["action"], one, context) for one in entry["examples"])
    return next(filter(None, (decisions.refused_now(who, need) for need in asked)), "")
