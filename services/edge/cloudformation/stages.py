"""A stage's method settings as API Gateway's patch operations."""

from __future__ import annotations

from typing import Any

Model = dict[str, Any]


def throttling(settings: list[Model]) -> list[dict[str, str]]:
    """API Gateway's patch operations for the throttling of a stage's method settings."""
    operations = []
    for setting in settings:
        path = setting["ResourcePath"].removeprefix("/").replace("/", "~1") or "~1"
        for name, key in (("RateLimit", "rateLimit"), ("BurstLimit", "burstLimit")):
            if f"Throttling{name}" in setting:
                value = str(setting[f"Throttling{name}"])
                address = f"/{path}/{setting['HttpMethod']}/throttling/{key}"
                operations.append({"op": "replace", "path": address, "value": value})
    return operations
