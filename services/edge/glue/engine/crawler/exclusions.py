"""Glob patterns that keep objects out of a crawl, in the dialect of Glue."""

from __future__ import annotations

import re
from functools import cache

# https://docs.aws.amazon.com/glue/latest/dg/define-crawler.html#crawler-data-stores-exclude
TOKEN = re.compile(r"\*\*|\*|\?|\[[!^]?[^\]/]+\]|\{|\}|,|\\.|.", re.DOTALL)


def excluded(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether a path, told from the target's folder on, matches one of the patterns."""
    return any(_compiled(pattern).fullmatch(path) for pattern in patterns)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    depth, parts = 0, []
    for token in TOKEN.findall(pattern):
        depth += (token == "{") - (token == "}")
        parts.append(_regex(token, depth))
    return re.compile("".join(parts), re.DOTALL)


def _regex(token: str, depth: int) -> str:
    """`*` and `?` stay within a folder, `**` goes across; `{a,b}` is either."""
    simple = {"**": ".*", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"}
    if token in simple:
        return simple[token]
    if token == "," and depth > 0:
        return "|"
    if len(token) > 1 and token.startswith("["):
        inner = token[1:-1]
        negated = inner[0] in "!^"
        characters = re.escape(inner[negated:]).replace(r"\-", "-")
        return f"[{'^' if negated else ''}{characters}]"
    return re.escape(token[-1])
