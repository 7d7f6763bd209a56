"""CloudWatch's filter patterns: a pattern in, a test of messages out.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import re
from collections.abc import Callable

from services.edge.cloudwatch_logs.documents import json_patterns, space_patterns

Matcher = Callable[[str], bool]

TERM = re.compile(
    r"""\s*(?P<sign>[?-]?)(?:"(?P<phrase>(?:[^"\\]|\\.)*)"|%(?P<regex>[^%]+)%|(?P<word>\S+))"""
)
WORD = re.compile(r"\w+")


class PatternError(ValueError):
    """The pattern is none that CloudWatch takes, or none that is available here."""


def matcher(pattern: str) -> Matcher:
    """Whether a message matches; an empty pattern matches all."""
    text = pattern.strip()
    kinds = {"{": json_patterns.matcher, "[": space_patterns.matcher}
    if text[:1] not in kinds:
        return _terms(text)
    try:
        return kinds[text[0]](text)
    except ValueError as error:
        raise PatternError(f"Invalid filter pattern {pattern!r}: {error}") from error


def _terms(text: str) -> Matcher:
    tests: dict[str, list[Matcher]] = {"": [], "?": [], "-": []}
    for sign, test in _parsed(text):
        tests[sign].append(test)
    wanted, any_of, unwanted = tests[""], tests["?"], tests["-"]
    if any_of and not wanted and not unwanted:
        return lambda message: any(test(message) for test in any_of)
    # As CloudWatch does, optional terms are passed over where there are others.
    return lambda message: (
        all(test(message) for test in wanted) and not any(test(message) for test in unwanted)
    )


def _parsed(text: str) -> list[tuple[str, Matcher]]:
    found, position = [], 0
    while position < len(text):
        match = TERM.match(text, position)
        if match is None:
            raise PatternError(f"Invalid filter pattern: {text[position:]!r} is no term")
        found.append((match["sign"], _test(match)))
        position = match.end()
    return found


def _test(match: re.Match[str]) -> Matcher:
    if match["regex"] is not None:
        try:
            searched = re.compile(match["regex"])
        except re.error as error:
            raise PatternError(f"Invalid regular expression {match['regex']!r}: {error}") from error
        return lambda message: searched.search(message) is not None
    if match["phrase"] is not None:
        phrase = re.sub(r"\\(.)", r"\1", match["phrase"])
        return lambda message: phrase in message
    word = match["word"]
    if not WORD.fullmatch(word):
        raise PatternError(f"Invalid character(s) in term {word!r}: put it in double quotes")
    return lambda message: word in message
