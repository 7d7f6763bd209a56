"""Where sqlglot's grammar is not Trino's: what it takes too much, and what it cannot read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sqlglot.tokenizer_core import Token, TokenType

from services.edge.athena.sql.errors import MalformedQueryError

# Types of other dialects that sqlglot reads as one of Trino's.
_FOREIGN_TYPES = (
    "float",
    "string",
    "text",
    "number",
    "numeric",
    "nvarchar",
    "varchar2",
    "datetime",
)
# Calls whose arguments have words between them, for which sqlglot has no grammar.
_WORDY_CALLS = (
    *("json_table", "listagg", "json_objectagg", "json_arrayagg", "trim", "match_recognize"),
)
_BEFORE_A_VALUE = (
    *(TokenType.SELECT, TokenType.COMMA, TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.EQ),
    *(TokenType.PLUS, TokenType.DASH, TokenType.STAR, TokenType.SLASH, TokenType.DPIPE),
    *(TokenType.IN, TokenType.WHERE, TokenType.AND, TokenType.OR, TokenType.NOT),
)
_CASTS = ("cast", "try_cast")


def check(tokens: list[Token]) -> None:
    """Raises MalformedQueryError for what Trino's grammar does not have."""
    _check_casts(tokens)
    for before, value in pairwise(tokens):
        if _is_foreign(before, value):
            raise _unexpected(value)
    for before, value, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        is_limit = before.token_type is TokenType.LIMIT
        if is_limit and after.token_type in (TokenType.OFFSET, TokenType.COMMA):
            raise _unexpected(after)
        if value.text.upper() == "ONLY" and after.token_type is TokenType.OFFSET:
            raise _unexpected(after)
        if before.token_type is TokenType.GROUP_BY and value.token_type is TokenType.DISTINCT:
            raise MalformedQueryError(
                f"NOT_SUPPORTED: {_at(value)}GROUP BY DISTINCT is not supported here"
            )


def _is_foreign(before: Token, token: Token) -> bool:
    """`==`, `x::integer`, `x ISNULL` and `[1, 2]` are of other dialects."""
    if token.token_type in (TokenType.DCOLON, TokenType.ISNULL, TokenType.NOTNULL):
        return True
    is_text = token.token_type is TokenType.STRING
    if token.text == "==" and not is_text:
        return True
    return token.token_type is TokenType.L_BRACKET and before.token_type in _BEFORE_A_VALUE


def _check_casts(tokens: list[Token]) -> None:
    """The type right after a cast's AS; another AS names a column, which may be called so."""
    opened: list[bool] = []
    for before, token, after in zip(tokens, tokens[1:], [*tokens[2:], None], strict=False):
        if token.token_type is TokenType.L_PAREN:
            opened.append(before.text.lower() in _CASTS)
        elif token.token_type is TokenType.R_PAREN and opened:
            opened.pop()
        elif token.token_type is TokenType.ALIAS and opened and opened[-1]:
            written = after.text.lower() if after else ""
            if after and written in _FOREIGN_TYPES:
                raise MalformedQueryError(f"TYPE_NOT_FOUND: {_at(after)}Unknown type: {written}")


def unreadable_call(tokens: list[Token], line: int, column: int) -> str | None:
    """The call of Trino's that encloses a place at which sqlglot gave up."""
    names = [name for name, first, last in _calls(tokens) if first <= (line, column) <= last]
    return names[-1] if names else None


def _calls(tokens: list[Token]) -> Iterator[tuple[str, tuple[int, int], tuple[int, int]]]:
    for index, token in enumerate(tokens[:-1]):
        name = token.text.lower()
        if name in _WORDY_CALLS and tokens[index + 1].token_type is TokenType.L_PAREN:
            last, depth = token, 0
            for inner in tokens[index + 1 :]:
                depth += (inner.token_type is TokenType.L_PAREN) - (
                    inner.token_type is TokenType.R_PAREN
                )
                last = inner
                if depth == 0:
                    break
            yield name, (token.line, token.col), (last.line, last.col)


def _at(token: Token) -> str:
    return f"line {token.line}:{token.col - len(token.text) + 1}: "


def _unexpected(token: Token) -> MalformedQueryError:
    return MalformedQueryError(f"{_at(token)}mismatched input '{token.text}'")
