"""The 18 intrinsic functions: plain values in, a plain value out.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import uuid
from collections.abc import Callable
from typing import Any

LIMIT = 10_000  # characters of what is encoded, decoded or hashed
ALGORITHMS = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
PLACES = re.compile(r"\\(.)|(\{\})|([{}])", re.DOTALL)


class IntrinsicError(ValueError):
    """States.IntrinsicFailure; the message says of what."""


class Text(str):
    """A text as it stands between the quotes; `raw` keeps its backslashes."""

    raw: str

    def __new__(cls, raw: str) -> Text:
        text = super().__new__(cls, ESCAPED.sub(r"\1", raw))
        text.raw = raw
        return text


def _format(template: Any, *values: Any) -> str:
    _expect(isinstance(template, str), "the template must be a text")
    left = list(values)

    def filled(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        _expect(not found[3], "a brace in the template must be escaped with a backslash")
        _expect(left, "there are fewer values than {}")
        value = left.pop(0)
        return value if isinstance(value, str) else _json(value)

    text = PLACES.sub(filled, getattr(template, "raw", template))
    _expect(not left, "there are more values than {}")
    return text


def _partition(values: Any, size: Any) -> list[Any]:
    _expect(isinstance(values, list), "the first argument must be an array")
    size = _whole(size)
    _expect(size > 0, "the size of a chunk must be 1 or more")
    return [values[at : at + size] for at in range(0, len(values), size)]


def _range(first: Any, last: Any, step: Any) -> list[int]:
    first, last, step = (_whole(number) for number in (first, last, step))
    _expect(step != 0, "the step must not be 0")
    found = range(first, last + (1 if step > 0 else -1), step)
    _expect(len(found) <= 1000, "an array of more than 1000 elements")
    return list(found)


def _contains(values: Any, wanted: Any) -> bool:
    _expect(isinstance(values, list), "the first argument must be an array")
    return any(_json(value) == _json(wanted) for value in values)


def _item(values: Any, index: Any) -> Any:
    _expect(isinstance(values, list), "the first argument must be an array")
    index = _whole(index)
    _expect(0 <= index < len(values), f"index {index} is out of bounds")
    return values[index]


def _length(values: Any) -> int:
    _expect(isinstance(values, list), "the argument must be an array")
    return len(list(values))


def _unique(values: Any) -> list[Any]:
    _expect(isinstance(values, list), "the argument must be an array")
    found: dict[str, Any] = {}
    for value in values:
        found.setdefault(_json(value), value)
    return list(found.values())


def _encoded(text: Any) -> str:
    return base64.b64encode(_limited(text).encode()).decode("ascii")


def _decoded(text: Any) -> str:
    return base64.b64decode(_limited(text)).decode("utf-8")


def _hash(data: Any, algorithm: Any) -> str:
    _expect(algorithm in ALGORITHMS, f"the algorithm must be one of {', '.join(ALGORITHMS)}")
    text = _limited(data if isinstance(data, str) else _json(data))
    return hashlib.new(ALGORITHMS[algorithm], text.encode()).hexdigest()


def _merge(one: Any, other: Any, deep: Any) -> dict[str, Any]:
    _expect(isinstance(one, dict) and isinstance(other, dict), "two objects are needed")
    _expect(deep is False, "only the shallow mode (false) is supported")
    return {**one, **other}


def _random(first: Any, last: Any, seed: Any = None) -> int:
    first, last = _whole(first), _whole(last)
    _expect(first < last, "the end must be greater than the start")
    return random.Random(seed).randrange(first, last)


def _split(text: Any, separators: Any) -> list[str]:
    _expect(isinstance(text, str) and isinstance(separators, str), "two texts are needed")
    return [part for part in re.split(f"[{re.escape(separators)}]", text) if part]


def _parsed(text: Any) -> Any:
    _expect(isinstance(text, str), "the argument must be a text")
    return json.loads(text)


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _whole(number: Any) -> int:
    numeric = isinstance(number, int | float) and not isinstance(number, bool)
    _expect(numeric, f"expected a number, found {number!r}")
    rounded: int = round(number)
    return rounded


def _limited(text: Any) -> str:
    _expect(isinstance(text, str), "the argument must be a text")
    _expect(len(text) <= LIMIT, f"the text has more than {LIMIT} characters")
    return str(text)


def _expect(holds: object, problem: str) -> None:
    if not holds:
        raise ValueError(problem)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "Array": lambda *values: list(values),
    "ArrayContains": _contains,
    "ArrayGetItem": _item,
    "ArrayLength": _length,
    "ArrayPartition": _partition,
    "ArrayRange": _range,
    "ArrayUnique": _unique,
    "Base64Decode": _decoded,
    "Base64Encode": _encoded,
    "Format": _format,
    "Hash": _hash,
    "JsonMerge": _merge,
    "JsonToString": _json,
    "MathAdd": lambda one, other: _whole(one) + _whole(other),
    "MathRandom": _random,
    "StringSplit": _split,
    "StringToJson": _parsed,
    "UUID": lambda: str(uuid.uuid4()),
}
