"""A path's text and how far it has been read, with the values that may stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
WORD = re.compile(r"[A-Za-z]+")
CONSTANTS = {"true": True, "false": False, "null": None}


@dataclass
class Reader:
    """A text and how far it has been read; `find` follows the paths that a filter holds."""

    text: str
    at: int
    find: Callable[[str, Any, Any], Any]

    def ended(self) -> bool:
        return self.at >= len(self.text)

    def sees(self, token: str) -> bool:
        return self.text.startswith(token, self.at)

    def took(self, token: str) -> bool:
        if found := self.sees(token):
            self.at += len(token)
        return found

    def expect(self, token: str) -> None:
        if not self.took(token):
            found = self.text[self.at : self.at + 10] or "the end"
            raise ValueError(f"expected {token!r} at position {self.at}, found {found!r}")

    def blanks(self) -> None:
        while self.sees(" "):
            self.at += 1

    def match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if not found:
            raise ValueError(f"what stands at position {self.at} cannot be read")
        self.at = found.end()
        return found[0]

    def until(self, token: str) -> str:
        end = self.text.find(token, self.at)
        if end < 0:
            raise ValueError(f"{token!r} is missing after position {self.at}")
        text, self.at = self.text[self.at : end], end
        return text

    def quoted(self) -> str:
        mark, found = self.text[self.at], ""
        self.at += 1
        while not self.took(mark):
            if self.ended():
                raise ValueError("a quoted text does not end")
            self.at += self.sees("\\")
            found += self.text[self.at : self.at + 1]
            self.at += 1
        return found

    def listed(self, item: Callable[[], Any]) -> list[Any]:
        found = [item()]
        self.blanks()
        while self.took(","):
            self.blanks()
            found.append(item())
            self.blanks()
        return found

    def arguments(self) -> tuple[Any, ...]:
        self.expect("(")
        self.blanks()
        found = [] if self.sees(")") else self.listed(lambda: self.literal())
        self.expect(")")
        return tuple(found)

    def literal(self) -> Any:
        if self.sees("'") or self.sees('"'):
            return self.quoted()
        if self.took("["):
            found = [] if self.sees("]") else self.listed(lambda: self.literal())
            self.expect("]")
            return found
        if self.took("/"):
            pattern = self.until("/")
            self.at += 1
            return re.compile(pattern, re.IGNORECASE if self.took("i") else 0)
        if number := NUMBER.match(self.text, self.at):
            self.at = number.end()
            return float(number[0]) if number[1] or number[2] else int(number[0])
        word = self.match(WORD)
        if word not in CONSTANTS:
            raise ValueError(f"{word!r} is no value")
        return CONSTANTS[word]
