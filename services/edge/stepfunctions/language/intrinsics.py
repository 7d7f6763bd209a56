"""Intrinsic functions of JSONPath machines, `States.Format('{} of {}', $.a, $.b)`: read and called.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.edge.stepfunctions.language import intrinsic_functions
from services.edge.stepfunctions.language.intrinsic_functions import IntrinsicError, Text

NAME = re.compile(r"States\.(\w+)\s*\(")
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?(?=\s*[,)])")
CONSTANTS = {"true": True, "false": False, "null": None}
Lookup = Callable[[str], Any]


def evaluate(text: str, lookup: Lookup) -> Any:
    """`lookup` answers what a path in the arguments names."""
    call = _Call(text, lookup)
    value = call.function()
    call.blanks()
    if call.at != len(text):
        raise call.error("nothing may follow the closing bracket")
    return value


@dataclass
class _Call:
    text: str
    lookup: Lookup
    at: int = 0

    def error(self, problem: str) -> IntrinsicError:
        return IntrinsicError(f"The intrinsic function '{self.text}' cannot be read: {problem}")

    def blanks(self) -> None:
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1

    def took(self, token: str) -> bool:
        self.blanks()
        if found := self.text.startswith(token, self.at):
            self.at += len(token)
        return found

    def function(self) -> Any:
        self.blanks()
        found = NAME.match(self.text, self.at)
        if not found or found[1] not in intrinsic_functions.FUNCTIONS:
            raise self.error(f"there is no function at position {self.at}")
        self.at = found.end()
        arguments: list[Any] = []
        while not self.took(")"):
            if arguments and not self.took(","):
                raise self.error(f"a comma or bracket is missing at position {self.at}")
            arguments.append(self.argument())
        if found[1] != "Format":
            arguments = [str(one) if isinstance(one, str) else one for one in arguments]
        try:
            return intrinsic_functions.FUNCTIONS[found[1]](*arguments)
        except IntrinsicError:
            raise
        except (TypeError, ValueError, IndexError, ArithmeticError) as error:
            raise IntrinsicError(
                f"The function '{self.text}' had the following error: {error}"
            ) from error

    def argument(self) -> Any:
        self.blanks()
        rest = self.text[self.at :]
        if rest.startswith("'"):
            return self.quoted()
        if rest.startswith("$"):
            return self.lookup(self.path())
        if rest.startswith("States."):
            return self.function()
        if found := NUMBER.match(self.text, self.at):
            self.at = found.end()
            return float(found[0]) if found[1] or found[2] else int(found[0])
        for word, value in CONSTANTS.items():
            if self.took(word):
                return value
        raise self.error(f"there is no argument at position {self.at}")

    def quoted(self) -> Text:
        begin = self.at = self.at + 1
        while self.text[self.at : self.at + 1] != "'":
            if self.at >= len(self.text):
                raise self.error("a quoted text does not end")
            self.at += 2 if self.text[self.at] == "\\" else 1
        self.at += 1
        return Text(self.text[begin : self.at - 1])

    def path(self) -> str:
        """Up to the comma or bracket that ends the argument."""
        begin, depth, quote = self.at, 0, ""
        while self.at < len(self.text):
            character = self.text[self.at]
            if quote:
                self.at += character == "\\"
                quote = "" if character == quote else quote
            elif character in "'\"" and depth:
                quote = character
            elif character in "[(":
                depth += 1
            elif character in "])" and depth:
                depth -= 1
            elif not depth and character in ",)":
                break
            self.at += 1
        return self.text[begin : self.at].strip()
