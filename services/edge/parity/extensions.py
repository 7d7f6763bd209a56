"""The Step Functions integrations and CloudFormation resource types, with who serves each."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from localstack.services.cloudformation.resource_provider import (
    CloudFormationResourceProviderPlugin,
)

from services.edge.athena.sql.trino import unavailable
from services.edge.cloudformation import plugins
from services.edge.parity.document import Row
from services.edge.served_calls.calls import LOCALSTACK, ROOT, first_line
from services.edge.stepfunctions import integrations

TEMPLATE = ROOT / "aws_bootstrap" / "template.yaml"
OWN_PATTERNS = "request and response, .sync"


def integration_rows() -> list[Row]:
    """Of LocalStack's integrations those of served services; its others are refused calls."""
    own = [
        (f"`{name}`", OWN_PATTERNS, first_line(integration))
        for name, integration in integrations.own().items()
    ]
    listed = _listed("stepfunctions", "integrations").items()
    kept = [(f"`{name}`", *_patterns(told)) for name, told in listed]
    return sorted([*own, *kept])


def resource_type_rows(template: str) -> list[Row]:
    """The types of this project, and those of LocalStack that are told of or the template uses."""
    own = {
        plugin.name: _difference(plugin)
        for plugin in CloudFormationResourceProviderPlugin.__subclasses__()
        if plugin.__module__ == plugins.__name__
    }
    differences = _listed("cloudformation", "types")
    kept = differences.keys() | set(re.findall(r"^    Type: (AWS::\S+)$", template, re.MULTILINE))
    rows = [(f"`{name}`", "this project", told) for name, told in own.items()]
    rows += [(f"`{name}`", "LocalStack", differences.get(name, "")) for name in kept - own.keys()]
    return sorted(rows)


def refused_sql() -> str:
    """What a query of Athena fails with NOT_SUPPORTED for, by name."""
    names = ", ".join(f"`{name}`" for name in sorted(unavailable.FUNCTIONS))
    forms = "".join(f"- {form}\n" for form in unavailable.FORMS)
    return (
        "A query with one of these fails with `NOT_SUPPORTED` and its name. All else of Trino 435"
        f" answers as Trino does, or is a fault.\n\n{forms}\nFunctions: {names}.\n"
    )


def _difference(plugin: Any) -> str:
    """The resource provider says it in its docstring."""
    loaded = plugin()
    loaded.load()
    return first_line(loaded.factory)


def _patterns(told: str) -> tuple[str, str]:
    patterns, _, difference = told.partition(" | ")
    return patterns, difference


def _listed(service: str, field: str) -> dict[str, str]:
    found: dict[str, str] = tomllib.loads(LOCALSTACK.read_text())[service][field]
    return found
