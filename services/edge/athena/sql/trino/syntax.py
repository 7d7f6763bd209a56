"""Athena's SQL as a syntax tree in which functions keep their names, and nodes their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlglot import exp
from sqlglot.dialects.trino import Trino
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from services.edge.athena.sql.errors import MalformedQueryError, Position
from services.edge.athena.sql.trino import grammar, json_syntax

_NUMBER_AND_REST = re.compile(r"([\d.]+[eE][+-]?\d+)([+-])([\d.].*|)", re.DOTALL)


class Athena(Trino):
    """Trino without sqlglot's rewriting of function calls and of subscripts."""

    INDEX_OFFSET = 0

    class Tokenizer(Trino.Tokenizer):  # type: ignore[misc,valid-type]
        KEYWORDS = {  # noqa: RUF012 (sqlglot's own way)
            word: kind
            for word, kind in Trino.Tokenizer.KEYWORDS.items()
            if word not in grammar.FOREIGN_WORDS
        }

    class Parser(Trino.Parser):  # type: ignore[misc,valid-type]
        FUNCTIONS: dict[str, Any] = {}  # noqa: RUF012 (sqlglot's own way)
        FUNCTION_PARSERS = {  # noqa: RUF012
            name: Trino.Parser.FUNCTION_PARSERS[name]
            for name in ("CAST", "TRY_CAST", "EXTRACT", "LISTAGG", "POSITION", "SUBSTRING", "TRIM")
        }


def parsed(sql: str) -> exp.Expr:
    """The one statement that `sql` is."""
    try:
        dialect = Athena()
        numbers = list(_split_numbers(_whole_numbers(dialect.tokenize(sql), sql)))
        tokens = list(json_syntax.rewritten(list(grammar.named(numbers))))
        grammar.check(tokens)
        found = dialect.parser().parse(tokens, sql)
    except ParseError as error:
        raise MalformedQueryError(_told(error, tokens)) from error
    except TokenError as error:
        raise MalformedQueryError(f"line 1:1: {_unfinished(sql)}") from error
    statements = [statement for statement in found if statement is not None]
    if len(statements) != 1:
        raise MalformedQueryError(
            "Only one sql statement is allowed. Got: " + sql if statements else "Query is empty"
        )
    if any(not select.expressions for select in statements[0].find_all(exp.Select)):
        raise MalformedQueryError("a SELECT without anything to select")
    return statements[0]


_DIGITS = re.compile(r"\d+(?:_\d+)*")
_BASES = {"x": 16, "o": 8, "b": 2}


def _whole_numbers(tokens: list[Token], sql: str) -> list[Token]:
    """sqlglot reads `0b101` as 0 with a name, `1_000` too, and `0x1F` as bytes."""
    found: list[Token] = []
    for token in tokens:
        is_next = bool(found) and found[-1].end + 1 == token.start
        if token.token_type is TokenType.HEX_STRING and sql[token.start] == "0":
            number = _number(sql[token.start : token.end + 1])
            token = _part(token, TokenType.NUMBER, number or "", 0)
        elif is_next and found[-1].token_type is TokenType.NUMBER and _is_rest(token):
            before = found.pop()
            number = _number(sql[before.start : token.end + 1])
            if number is None:
                raise MalformedQueryError(
                    f"line {token.line}:{max(1, token.col - len(token.text))}: identifiers must"
                    " not start with a digit; surround the identifier with double quotes"
                )
            token = Token(
                TokenType.NUMBER, number, token.line, token.col, before.start, token.end, []
            )
        found.append(token)
    return found


def _is_rest(token: Token) -> bool:
    if token.token_type is TokenType.NUMBER:
        return token.text.startswith(".")
    is_exponent = re.fullmatch(r"[eE]\d*", token.text)
    return token.token_type is TokenType.VAR and is_exponent is None


def _number(written: str) -> str | None:
    """In decimal digits: of 0x1F, 0o17, 0b101, 1_000 and 1_000.5."""
    base = _BASES.get(written[1:2].lower()) if written.startswith("0") else None
    if base is not None:
        try:
            return str(int(written[2:].replace("_", ""), base))
        except ValueError:
            return None
    parts = written.split(".")
    is_number = len(parts) < 3 and all(not part or _DIGITS.fullmatch(part) for part in parts)
    return written.replace("_", "") if is_number else None


def _split_numbers(tokens: list[Token]) -> Iterator[Token]:
    """sqlglot reads `1e0+2` as one number, for it takes every sign after an exponent."""
    waiting = list(reversed(tokens))
    while waiting:
        token = waiting.pop()
        found = _NUMBER_AND_REST.fullmatch(token.text)
        if token.token_type is not TokenType.NUMBER or found is None:
            yield token
            continue
        yield _part(token, TokenType.NUMBER, found[1], 0)
        sign = TokenType.PLUS if found[2] == "+" else TokenType.DASH
        yield _part(token, sign, found[2], len(found[1]))
        if found[3]:
            rest = _part(token, TokenType.NUMBER, found[3], len(found[1]) + 1)
            waiting.append(_with_fraction(rest, waiting))


def _with_fraction(whole: Token, waiting: list[Token]) -> Token:
    """`0`, `.`, `2e0` are `0.2e0` again, and `5`, `e0` are `5e0`."""
    found = whole
    while waiting and waiting[-1].start == found.end + 1:
        ahead = waiting[-1]
        is_exponent = ahead.token_type is TokenType.VAR and re.fullmatch(r"[eE]\d+", ahead.text)
        if not is_exponent and ahead.token_type not in (TokenType.DOT, TokenType.NUMBER):
            break
        waiting.pop()
        found = _part(whole, TokenType.NUMBER, found.text + ahead.text, 0)
    return found


def _part(token: Token, kind: TokenType, text: str, offset: int) -> Token:
    start = token.start + offset
    column = token.col - len(token.text) + offset + len(text)
    return Token(kind, text, token.line, column, start, start + len(text) - 1, token.comments)


def position(node: exp.Expr, sql: str) -> Position | None:
    """Line and column, both from one, of the first word of a node that has kept its place."""
    starts = [part.meta["start"] for part in node.walk() if "start" in part.meta]
    return place(sql, min(starts)) if starts else None


def place(sql: str, offset: int) -> Position:
    before = sql[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _told(error: ParseError, tokens: list[Token]) -> str:
    found = error.errors[0]
    word = found.get("highlight") or ""
    line, last = found.get("line") or 1, found.get("col") or 1
    if call := grammar.unreadable_call(tokens, line, last):
        return f"NOT_SUPPORTED: {call} with '{word}' at line {line} is not supported here"
    column = max(1, (found.get("col") or 1) - len(word) + 1)
    return f"line {found.get('line') or 1}:{column}: mismatched input '{word}'"


def _unfinished(sql: str) -> str:
    return "a quoted text or a comment has no end" if sql.count("'") % 2 else "unreadable input"
