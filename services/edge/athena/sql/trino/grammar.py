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
# Words of other dialects; of Trino they are names.
FOREIGN_WORDS = (
    *("GLOB", "GRANT", "ILIKE", "LOCK", "REGEXP", "RETURNING", "REVOKE", "RLIKE", "ROLLBACK"),
    *("UNCACHE", "XOR"),
)
# Words that are names unless one of these follows: numbers, parameters and some words.
_CLAUSES = {
    TokenType.OFFSET: (),
    TokenType.LIMIT: ("ALL",),
    TokenType.FETCH: ("FIRST", "NEXT"),
}
# What ends a list, and what begins one: sqlglot leaves out an item that is missing.
_AFTER_A_LIST = (
    *(TokenType.COMMA, TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.SEMICOLON),
    *(TokenType.FROM, TokenType.WHERE, TokenType.GROUP_BY, TokenType.HAVING, TokenType.ORDER_BY),
    *(TokenType.UNION, TokenType.INTERSECT, TokenType.EXCEPT),
)
_BEFORE_A_LIST = (
    *(TokenType.SELECT, TokenType.DISTINCT, TokenType.L_PAREN, TokenType.L_BRACKET),
    *(TokenType.FROM, TokenType.GROUP_BY, TokenType.ORDER_BY, TokenType.VALUES),
)


def named(tokens: list[Token]) -> Iterator[Token]:
    """The tokens, with `limit`, `offset` and `fetch` as names where they begin no clause."""
    for token, after in zip(tokens, [*tokens[1:], None], strict=False):
        words = _CLAUSES.get(token.token_type)
        if words is None or (after is not None and _begins_a_clause(after, words)):
            yield token
        else:
            place = (token.line, token.col, token.start, token.end, token.comments)
            yield Token(TokenType.VAR, token.text, *place)


def _begins_a_clause(after: Token, words: tuple[str, ...]) -> bool:
    is_count = after.token_type in (TokenType.NUMBER, TokenType.PLACEHOLDER)
    return is_count or after.text.upper() in words


def check(tokens: list[Token]) -> None:
    """Raises MalformedQueryError for what Trino's grammar does not have."""
    _check_casts(tokens)
    _check_commas(tokens)
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


def _check_commas(tokens: list[Token]) -> None:
    for before, token in pairwise(tokens):
        if token.token_type is TokenType.COMMA and before.token_type in _BEFORE_A_LIST:
            raise _unexpected(token)
        if before.token_type is TokenType.COMMA and token.token_type in _AFTER_A_LIST:
            raise _unexpected(token)
    if tokens and tokens[-1].token_type is TokenType.COMMA:
        line, column = tokens[-1].line, tokens[-1].col + 1
        raise MalformedQueryError(f"line {line}:{column}: mismatched input '<EOF>'")


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
