"""Wildcards of policies: actions, texts and ARNs, with the variables that a policy may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

Context = Mapping[str, tuple[str, ...]]
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
VARIABLE = re.compile(r"\$\{([^}]*)\}")
DEFAULTED = re.compile(r"([^,\s]+)\s*,\s*'([^']*)'")
CHARACTERS = {"*": "*", "?": "?", "$": "$"}
# Before a wildcard that is a plain character; no text of a policy or a request holds it.
QUOTE = "\ue000"
ARN_PARTS = 6


class UnresolvedError(LookupError):
    """The request has no value, or several, for a variable: nothing matches what holds it."""


def matches_action(pattern: str, action: str) -> bool:
    return expression(pattern.lower()).fullmatch(action.lower()) is not None


def matches_text(pattern: str, text: str) -> bool:
    """As StringLike does: `*` and `?`, in the case as written."""
    return expression(pattern).fullmatch(text) is not None


def matches_arn(pattern: str, arn: str) -> bool:
    """Each of the six parts by itself; a wildcard does not reach over the colon between two.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    if pattern == "*":
        return True
    wanted, found = pattern.split(":", ARN_PARTS - 1), arn.split(":", ARN_PARTS - 1)
    return len(wanted) == len(found) and all(map(matches_text, wanted, found))


@lru_cache(maxsize=4096)
def expression(pattern: str) -> re.Pattern[str]:
    """A variable's value is quoted in it already, see `resolved`."""
    parts = re.split(f"({QUOTE}.|[*?])", pattern, flags=re.DOTALL)
    return re.compile("".join(map(_part, parts)), re.DOTALL)


def _part(part: str) -> str:
    if part in ("*", "?"):
        return ".*" if part == "*" else "."
    return re.escape(part.removeprefix(QUOTE))


def resolved(pattern: str, context: Context, *, quoted: bool = True) -> str:
    """The pattern with its variables' values, in which wildcards are plain characters.

    `quoted`: as a pattern; else as a text, for operators that know no wildcards. Raises
    UnresolvedError.
    """
    if "${" not in pattern:
        return pattern

    def value(found: re.Match[str]) -> str:
        text = _value(found[1], context)
        return re.sub("[*?]", lambda one: QUOTE + one[0], text) if quoted else text

    return VARIABLE.sub(value, pattern)


def _value(variable: str, context: Context) -> str:
    if variable in CHARACTERS:
        return CHARACTERS[variable]
    defaulted = DEFAULTED.fullmatch(variable.strip())
    name = defaulted[1] if defaulted else variable.strip()
    values = context.get(name.lower(), ())
    if len(values) == 1:
        return values[0]
    if defaulted:
        return defaulted[2]
    raise UnresolvedError(name)
