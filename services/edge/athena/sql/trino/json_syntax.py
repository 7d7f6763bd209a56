"""The words within the calls of SQL/JSON, for which sqlglot has no grammar, as plain arguments.

`json_value(x, 'lax $.a' RETURNING integer NULL ON EMPTY)` becomes
`json_value(x, 'lax $.a', '{"empty": "null", ...}', CAST(NULL AS integer))`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlglot.tokenizer_core import Token, TokenType

from services.edge.athena.sql.errors import MalformedQueryError

PATHS = ("json_value", "json_query", "json_exists")
MADE = ("json_object", "json_array")
_BEHAVIOURS = ("NULL", "ERROR", "DEFAULT", "EMPTY", "TRUE", "FALSE", "UNKNOWN")
_ENDS = (*_BEHAVIOURS, "WITH", "WITHOUT", "KEEP", "OMIT")


def rewritten(tokens: list[Token]) -> list[Token]:
    """Innermost calls first."""
    for at in range(len(tokens) - 2, -1, -1):
        name = tokens[at].text.lower()
        is_call = tokens[at + 1].token_type is TokenType.L_PAREN
        if is_call and name in (*PATHS, *MADE):
            end = _closing(tokens, at + 1)
            call = _Call(name, tokens[at], tokens[at + 2 : end])
            tokens = [*tokens[: at + 2], *call.arguments(), *tokens[end:]]
    return tokens


def _closing(tokens: list[Token], start: int) -> int:
    depth = 0
    for at in range(start, len(tokens)):
        depth += _step(tokens[at])
        if depth == 0:
            return at
    raise MalformedQueryError("line 1:1: mismatched input '<EOF>'. Expecting: ')'")


def _step(token: Token) -> int:
    kind = token.token_type
    opened = (TokenType.L_PAREN, TokenType.L_BRACKET)
    closed = (TokenType.R_PAREN, TokenType.R_BRACKET)
    return (kind in opened) - (kind in closed)


def _split(tokens: list[Token]) -> Iterator[list[Token]]:
    """At the commas that are in no parentheses."""
    depth = 0
    part: list[Token] = []
    for token in tokens:
        depth += _step(token)
        if token.token_type is TokenType.COMMA and depth == 0:
            yield part
            part = []
        else:
            part.append(token)
    yield part


class _Call:
    def __init__(self, name: str, place: Token, inside: list[Token]) -> None:
        self.name, self.place, self.inside = name, place, inside
        self.options: dict[str, str] = {}
        self.extra: list[list[Token]] = []

    def arguments(self) -> list[Token]:
        parts = self._path_parts() if self.name in PATHS else self._made_parts()
        options = [[self._token(TokenType.STRING, json.dumps(self.options))]]
        comma = self._token(TokenType.COMMA, ",")
        found: list[Token] = []
        for part in [*options, *parts, *self.extra]:
            found += [comma, *part] if found else part
        return found

    def _path_parts(self) -> list[list[Token]]:
        parts = list(_split(self.inside))
        if len(parts) < 2 or not parts[1] or parts[1][0].token_type is not TokenType.STRING:
            raise MalformedQueryError(
                f"line {self.place.line}:{self.place.col}: {self.name} needs a value and a path"
            )
        value, path = self._without_format(parts[0]), parts[1][0]
        rest = [token for part in parts[1:] for token in (self._token(TokenType.COMMA, ","), *part)]
        self._clauses(rest[2:])
        return [value, [path]]

    def _without_format(self, tokens: list[Token]) -> list[Token]:
        if self._words(tokens[-2:]) == ["FORMAT", "JSON"]:
            return tokens[:-2]
        return tokens

    @staticmethod
    def _words(tokens: list[Token]) -> list[str]:
        return [token.text.upper() for token in tokens]

    def _clauses(self, tokens: list[Token]) -> None:
        while tokens:
            word = tokens[0].text.upper()
            if word == "RETURNING":
                tokens = self._returning(tokens[1:])
            elif word in _BEHAVIOURS:
                tokens = self._behaviour(word, tokens)
            elif word in ("WITH", "WITHOUT", "KEEP", "OMIT"):
                tokens = self._shape(word, tokens)
            else:
                raise self._refused(tokens[0])

    def _refused(self, token: Token) -> MalformedQueryError:
        return MalformedQueryError(
            f"NOT_SUPPORTED: {self.name} with '{token.text}' at line {token.line} is not"
            " supported here"
        )

    def _returning(self, tokens: list[Token]) -> list[Token]:
        end = next(
            (at for at, token in enumerate(tokens) if token.text.upper() in _ENDS), len(tokens)
        )
        kind = self._without_format(tokens[:end])
        word, opened = self._token(TokenType.VAR, "CAST"), self._token(TokenType.L_PAREN, "(")
        null, alias = self._token(TokenType.NULL, "NULL"), self._token(TokenType.ALIAS, "AS")
        closed = self._token(TokenType.R_PAREN, ")")
        self.options["returning"] = str(len(self.extra))
        self.extra.append([word, opened, null, alias, *kind, closed])
        return tokens[end:]

    def _behaviour(self, word: str, tokens: list[Token]) -> list[Token]:
        texts = self._words(tokens)
        ends = [
            at
            for at in range(1, len(texts) - 1)
            if texts[at] == "ON" and texts[at + 1] in ("EMPTY", "ERROR")
        ]
        if not ends:
            raise self._refused(tokens[0])
        at, when = ends[0], texts[ends[0] + 1].lower()
        self.options[when] = texts[1].lower() if word == "EMPTY" else word.lower()
        if word == "DEFAULT":
            self.options[f"{when} default"] = str(len(self.extra))
            self.extra.append(tokens[1:at])
        return tokens[at + 2 :]

    def _shape(self, word: str, tokens: list[Token]) -> list[Token]:
        texts = self._words(tokens)
        last = "QUOTES" if word in ("KEEP", "OMIT") else "WRAPPER"
        if last not in texts:
            raise self._refused(tokens[0])
        at = texts.index(last)
        if last == "QUOTES":
            self.options["quotes"] = word.lower()
            is_long = texts[at + 1 : at + 4] == ["ON", "SCALAR", "STRING"]
            return tokens[at + (4 if is_long else 1) :]
        conditional = "CONDITIONAL" in texts[:at]
        self.options["wrapper"] = "conditional" if conditional else word.lower()
        return tokens[at + 1 :]

    def _made_parts(self) -> list[list[Token]]:
        inside = self._made_clauses()
        parts = [part for part in _split(inside) if part]
        if self.name == "json_object":
            parts = [half for part in parts for half in self._entry(part)]
        formatted, found = [], []
        for at, part in enumerate(parts):
            plain = self._without_format(part)
            if plain is not part or part[0].text.lower() in (*MADE, "json_query"):
                formatted.append(str(at))
            found.append(plain)
        self.options["json"] = ",".join(formatted)
        return found

    def _made_clauses(self) -> list[Token]:
        inside = self.inside
        while True:
            texts = self._words(inside)
            if texts[-3:] in (["NULL", "ON", "NULL"], ["ABSENT", "ON", "NULL"]):
                self.options["nulls"], inside = texts[-3].lower(), inside[:-3]
            elif texts[-3:-1] in (["WITH", "UNIQUE"], ["WITHOUT", "UNIQUE"]):
                self.options["unique"], inside = texts[-3].lower(), inside[:-3]
            elif texts[-2:] in (["WITH", "UNIQUE"], ["WITHOUT", "UNIQUE"]):
                self.options["unique"], inside = texts[-2].lower(), inside[:-2]
            elif "RETURNING" in texts:
                raise self._refused(inside[texts.index("RETURNING")])
            else:
                return inside

    def _entry(self, part: list[Token]) -> list[list[Token]]:
        if part[0].text.upper() == "KEY":
            part = part[1:]
        depth = 0
        for at, token in enumerate(part):
            depth += _step(token)
            is_value = token.text.upper() == "VALUE" and token.token_type is not TokenType.STRING
            if depth == 0 and at > 0 and (token.token_type is TokenType.COLON or is_value):
                return [part[:at], part[at + 1 :]]
        raise self._refused(part[0])

    def _token(self, kind: TokenType, text: str) -> Token:
        place = self.place
        return Token(kind, text, place.line, place.col, place.start, place.end, [])
