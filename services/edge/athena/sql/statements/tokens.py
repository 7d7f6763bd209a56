"""The tokens of a statement, one after the other; for statements that are not queries."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.edge.athena.sql.errors import MalformedQueryError
from services.edge.athena.sql.statements.statement import TableName
from services.edge.athena.sql.trino.syntax import place

_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)|(?P<text>'(?:[^'\\]|''|\\.)*')|(?P<name>"(?:[^"]|"")*"
    |`[^`]*`)|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z_][A-Za-z0-9_$]*)|(?P<sign>.)""",
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    start: int
    end: int

    @property
    def value(self) -> str:
        """Without its quotes."""
        if self.kind == "text":
            plain = self.text[1:-1].replace("''", "'")
            return re.sub(r"\\(['\"\\])", r"\1", plain)
        if self.kind == "name":
            return self.text[1:-1].replace('""', '"')
        return self.text


class Tokens:
    """`position` may be kept and set back, to try another way to read what follows."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        found = (Token(m.lastgroup or "", m[0], *m.span()) for m in _TOKEN.finditer(sql))
        self._tokens = [token for token in found if token.kind != "space"]
        if self._tokens and self._tokens[-1].text == ";":
            self._tokens.pop()
        self.position = 0

    @property
    def next(self) -> Token:
        if self.position < len(self._tokens):
            return self._tokens[self.position]
        return Token("end", "<EOF>", len(self.sql), len(self.sql))

    def at(self, *words: str) -> bool:
        ahead = self._tokens[self.position : self.position + len(words)]
        return [token.text.upper() for token in ahead] == list(words)

    def accept(self, *words: str) -> bool:
        if not self.at(*words):
            return False
        self.position += len(words)
        return True

    def expect(self, *words: str) -> None:
        if not self.accept(*words):
            raise self.unexpected(" ".join(words))

    def take(self, *kinds: str) -> Token:
        token = self.next
        if token.kind not in kinds:
            raise self.unexpected(" or ".join(kinds))
        self.position += 1
        return token

    def name(self) -> str:
        """A name, which has no case in Athena."""
        return self.take("word", "name").value.lower()

    def table_name(self) -> TableName:
        """A name with its database; a catalog before that is passed over."""
        names = [self.name()]
        while self.accept("."):
            names.append(self.name())
        return TableName(names[-1], names[-2] if len(names) > 1 else None)

    def text(self) -> str:
        return self.take("text").value

    def expect_end(self) -> None:
        if self.next.kind != "end":
            raise self.unexpected("<EOF>")

    def skip_to(self, end: int) -> None:
        """Over what ends there, however it has been split into words."""
        while self.next.kind != "end" and self.next.start < end:
            self.position += 1

    def rest(self) -> str:
        """All that follows, without the semicolon."""
        start, self.position = self.next.start, len(self._tokens)
        return self.sql[start:].rstrip().rstrip(";")

    def blanked(self, text: str, start: int) -> str:
        """`text`, which begins at `start`, where it stands: every position stays as it is."""
        return re.sub(r"[^\n]", " ", self.sql[:start]) + text

    def skip_parentheses(self) -> tuple[int, int]:
        """Over a pair of parentheses; answers where its inside begins and ends."""
        start, depth = self.next.end, 0
        while True:
            token = self.take("word", "name", "text", "number", "sign")
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0:
                return start, token.start

    def unexpected(self, expected: str) -> MalformedQueryError:
        line, column = place(self.sql, self.next.start)
        return MalformedQueryError(
            f"line {line}:{column}: mismatched input '{self.next.text}'. Expecting: {expected}"
        )
