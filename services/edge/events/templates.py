"""An InputTransformer's template with its placeholders filled: values in, the target's input out.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

from __future__ import annotations

import json
import re
from typing import Any

PLACEHOLDER = re.compile(r"<([^<>\s]+)>")
QUOTE = re.compile(r'(?<!\\)"')


class TemplateError(ValueError):
    """What the template gives is no JSON."""


def filled(template: str, values: dict[str, Any]) -> Any:
    """Between quotes a value stands as text, elsewhere as JSON; one that is missing is empty."""
    text = PLACEHOLDER.sub(lambda found: _written(found, template, values), template)
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:  # several lines, each a text of its own
        return "\n".join(json.loads(line) for line in text.splitlines() if line.strip())
    except (ValueError, TypeError) as error:
        raise TemplateError(f"The filled InputTemplate is no JSON: {text}") from error


def _written(found: re.Match[str], template: str, values: dict[str, Any]) -> str:
    value = values.get(found[1], "")
    if len(QUOTE.findall(template, 0, found.start())) % 2 == 0:
        return json.dumps(value)
    if isinstance(value, str):
        return json.dumps(value)[1:-1]
    return json.dumps(value, separators=(",", ":")).replace('"', "").replace("\\", "")
