"""JSONata as Step Functions evaluates it: an expression and its variables in, a JSON value out.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import uuid
from collections.abc import Callable
from typing import Any

import jsonatapy

# The engine holds the interpreter while it runs: a runaway expression may not stop the edge.
MAX_MILLISECONDS = 2_000
MAX_DEPTH = 500
ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384"} | {
    "SHA-512": "sha512"
}


class QueryError(ValueError):
    """The expression cannot be evaluated, or answers nothing that is JSON."""


def evaluate(expression: str, variables: dict[str, Any]) -> Any:
    """`variables` by name without `$`. An undefined answer and a function are errors."""
    answer = _run('{"value": (' + _checked(expression) + "\n)}", variables)
    if "value" not in answer:
        raise QueryError(f"The JSONata expression '{expression}' returned nothing (undefined).")
    if answer["value"] is None and _run(f"$type(({expression}\n))", variables) == "function":
        raise QueryError(
            f"The JSONata expression '{expression}' returned an unsupported result type."
        )
    return answer["value"]


def _checked(expression: str) -> str:
    try:
        jsonatapy.compile(expression)
    except ValueError as error:
        raise QueryError(f"The JSONata expression '{expression}' is not valid: {error}") from error
    return expression


def _run(expression: str, variables: dict[str, Any]) -> Any:
    try:
        compiled = jsonatapy.compile(
            expression, timeout=MAX_MILLISECONDS, max_stack_depth=MAX_DEPTH
        )
        for name, function in ADDED.items():
            compiled.register(name, function)
        for name, function in REPLACED.items():
            compiled.register_override(name, function)
        return compiled.evaluate(None, bindings=variables)
    except (ValueError, OverflowError, TypeError, RuntimeError) as error:
        raise QueryError(str(error)) from error


def _partition(values: Any, size: Any) -> list[Any]:
    size = _whole("$partition", size)
    if size < 1:
        raise ValueError("$partition: the size of a chunk must be 1 or more")
    values = values if isinstance(values, list) else [values]
    return [values[at : at + size] for at in range(0, len(values), size)]


def _range(first: Any, last: Any, step: Any) -> list[int]:
    first, last, step = (_whole("$range", number) for number in (first, last, step))
    if step == 0:
        raise ValueError("$range: the step must not be 0")
    return list(range(first, last + (1 if step > 0 else -1), step))


def _hash(text: Any, algorithm: Any = "SHA-256") -> str:
    if algorithm not in ALGORITHMS:
        raise ValueError(f"$hash: expected one of {', '.join(ALGORITHMS)}, found {algorithm!r}")
    text = text if isinstance(text, str) else json.dumps(text, separators=(",", ":"))
    return hashlib.new(ALGORITHMS[algorithm], text.encode()).hexdigest()


def _random(seed: Any = None) -> float:
    return random.Random(seed).random()


def _parse(text: Any) -> Any:
    if not isinstance(text, str):
        raise ValueError("$parse: expected a text of JSON")
    return json.loads(text)


def _no_eval(*_: Any) -> Any:
    raise ValueError("$eval is not supported in Step Functions: use $parse for JSON")


def _whole(name: str, number: Any) -> int:
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ValueError(f"{name}: expected a number, found {number!r}")
    return math.trunc(number)


# https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
ADDED: dict[str, Callable[..., Any]] = {
    "partition": _partition,
    "range": _range,
    "hash": _hash,
    "uuid": lambda: str(uuid.uuid4()),
    "parse": _parse,
}
REPLACED: dict[str, Callable[..., Any]] = {"random": _random, "eval": _no_eval}
