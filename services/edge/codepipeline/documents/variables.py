"""The variables of an execution, `#{namespace.name}`, put into the configuration of an action."""

from __future__ import annotations

import re
from typing import Any

from services.edge.codepipeline.errors import ActionError

REFERENCE = re.compile(r"#\{([A-Za-z0-9@_-]+)\.([A-Za-z0-9@_-]+)\}")


def resolved(configuration: dict[str, str], execution: dict[str, Any]) -> dict[str, str]:
    """The configuration with values for references; an unknown one raises ActionError."""
    known = {
        **execution["outputs"],
        "codepipeline": {"PipelineExecutionId": execution["id"]},
        "variables": execution["variables"],
    }
    return {name: _resolved(text, known) for name, text in configuration.items()}


def chosen(declared: list[dict[str, str]], given: list[dict[str, str]]) -> dict[str, str]:
    """Each declared variable with the value given for an execution, or else its default."""
    values = {entry["name"]: entry["value"] for entry in given}
    return {
        entry["name"]: values.get(entry["name"], entry.get("defaultValue", ""))
        for entry in declared
    }


def _resolved(text: str, known: dict[str, dict[str, str]]) -> str:
    def value(match: re.Match[str]) -> str:
        namespace, name = match.groups()
        if name not in known.get(namespace, {}):
            raise ActionError(
                "ConfigurationError",
                f"Invalid configuration: no action has produced the variable {match.group()}",
            )
        return known[namespace][name]

    return REFERENCE.sub(value, text)
