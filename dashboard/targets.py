"""What a booking may cost, by channel: `targets.json` beside this file, in USD.

The file is read anew when it changes. A channel that it does not name has no target.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

FILE = Path(__file__).parent / "targets.json"


class TargetsError(ValueError):
    """The file is not what it should be."""


def read(file: Path = FILE) -> dict[str, float]:
    """No file means no targets. Raises TargetsError."""
    try:
        text = file.read_text()
    except FileNotFoundError:
        return {}
    try:
        found = json.loads(text)
    except ValueError as error:
        raise TargetsError(f"{file.name} is no JSON: {error}") from error
    return targets(found, file.name)


def targets(document: object, name: str) -> dict[str, float]:
    if not isinstance(document, dict):
        raise TargetsError(f'{name}: expected {{"channel": USD per booking}}, found {document!r}')
    for channel, amount in document.items():
        is_number = isinstance(amount, int | float) and not isinstance(amount, bool)
        if not is_number or not math.isfinite(amount) or amount <= 0:
            raise TargetsError(
                f"{name}: expected a number of USD greater than 0 for {channel}, found {amount!r}"
            )
    return {channel: float(amount) for channel, amount in document.items()}
