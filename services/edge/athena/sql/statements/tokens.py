"""The words of a statement, read one after the other; for the statements that are no queries."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.edge.athena.sql.errors import MalformedQueryError
from services.edge.athena.sql.trino.syntax import place

_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)|(?P<text>'(?:[^'\\]|''|\\.)*')|(?P<name>"(?:[^"]|"")*"
    |`[^`]*`)|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z_][A-Za-z0-9_$]*)|(?P<sign>.)""",
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True)
class Word:
    kind: str
    written: str
    start: int
    end: int

    @property
    def value(self) -> str:
        """Without its quotes."""
        if self.kind == "text":
            plain = self.written[1:-1].replace("''", "'")
            return re.sub(r"\\(['\"\\])", r"\1", plain)
        if self.kind == "name":
            return self.written[1:-1].replace('""', '"')
        return self.written


class Words:
    def __init__(self, sql: str) -> None:
        self.sql = sql
        found = (Word(m.lastgroup or "", m[0], *m.span()) for m in _TOKEN.finditer(sql))
        self._words = [one for one in found if one.kind != "space"]
        if self._words and self._words[-1].written == ";":
            self._words.pop()
        self._at = 0

    @property
    def next(self) -> Word:
        if self._at < len(self._words):
            return self._words[self._at]
        return Word("end", "<EOF>", len(self.sql), len(self.sql))

    def looks(self, *words: str) -> bool:
        ahead = self._words[self._at : self._at + len(words)]
        return [one.written.upper() for one in ahead] == list(words)

    def accept(self, *words: str) -> bool:
        if not self.looks(*words):
            return False
        self._at += len(words)
        return True

    def expect(self, *words: str) -> None:
        if not self.accept(*words):
            raise self.unexpected(" ".join(words))

    def take(self, *kinds: str) -> Word:
        found = self.next
        if found.kind not in kinds:
            raise self.unexpected(" or ".join(kinds))
        self._at += 1
        return found

    def name(self) -> str:
        """A name, which has no case in Athena."""
        return self.take("word", "name").value.lower()

    def names(self) -> list[str]:
        """A name with its qualifiers."""
        found = [self.name()]
        while self.accept("."):
            found.append(self.name())
        return found

    def text(self) -> str:
        return self.take("text").value

    def end(self) -> None:
        if self.next.kind != "end":
            raise self.unexpected("<EOF>")

    def skip_to(self, end: int) -> None:
        """Over what ends there, however it has been split into words."""
        while self.next.kind != "end" and self.next.start < end:
            self._at += 1

    def rest(self) -> tuple[str, int]:
        """What has not been read, blanked up to there so that every position stays."""
        start = self.next.start
        return re.sub(r"[^\n]", " ", self.sql[:start]) + self.sql[start:], start

    def skip_parentheses(self) -> tuple[int, int]:
        """Over a pair of parentheses; answers where its inside begins and ends."""
        start, depth = self.next.end, 0
        while True:
            word = self.take("word", "name", "text", "number", "sign")
            depth += (word.written == "(") - (word.written == ")")
            if depth == 0:
                return start, word.start

    def unexpected(self, expected: str) -> MalformedQueryError:
        line, column = place(self.sql, self.next.start)
        return MalformedQueryError(
            f"line {line}:{column}: mismatched input '{self.next.written}'. Expecting: {expected}"
        )
