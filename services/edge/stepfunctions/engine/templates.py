"""A field's template as it stands in the definition, filled from an execution's environment."""

from __future__ import annotations

from typing import Any

from services.edge.stepfunctions.engine import evaluation


def filled(template: Any, env: Any, data: Any, jsonata: bool) -> Any:
    """JSONPath fills what stands under a name that ends in `.$`, JSONata each `{% ... %}`."""
    if isinstance(template, list):
        return [filled(one, env, data, jsonata) for one in template]
    if isinstance(template, dict):
        return dict(_field(name, one, env, data, jsonata) for name, one in template.items())
    if jsonata and isinstance(template, str) and template.startswith("{%"):
        return evaluation.query(env, template[2:-2].strip())
    return template


def _field(name: str, one: Any, env: Any, data: Any, jsonata: bool) -> tuple[str, Any]:
    if jsonata or not name.endswith(".$"):
        return name, filled(one, env, data, jsonata)
    value = evaluation.intrinsic if one.startswith("States.") else evaluation.looked_up
    return name.removesuffix(".$"), value(env, one, data)
