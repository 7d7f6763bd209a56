"""OpenCSVSerde: fields that may stand in quotes, read as the library opencsv 2.3 reads them.

https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html
"""

from __future__ import annotations

from dataclasses import dataclass

from services.edge.athena.engine.tables.serde_properties import character


@dataclass(frozen=True)
class Layout:
    separator: str
    quote: str
    escape: str

    @classmethod
    def of(cls, properties: dict[str, str]) -> Layout:
        signs = {"separatorChar": ",", "quoteChar": '"', "escapeChar": "\\"}
        return cls(*(character(properties.get(name) or sign, name) for name, sign in signs.items()))

    def row(self, line: str, width: int) -> list[str | None]:
        """As many values as there are columns: short rows are filled up, long ones are cut."""
        if self.quote not in line and self.escape not in line:
            found = line.split(self.separator)
        else:
            found = self._fields(line)
        return [*found[:width], *[None] * (width - len(found))]

    def _fields(self, line: str) -> list[str]:
        fields: list[str] = []
        field = ""
        quoted = begun = False
        at = 0
        while at < len(line):
            sign, after = line[at], line[at + 1 : at + 2]
            if sign == self.escape and self.escape != self.quote:
                if (quoted or begun) and after in (self.quote, self.escape) and after:
                    field, at = field + after, at + 1
            elif sign == self.quote:
                if (quoted or begun) and after == self.quote:
                    field, at = field + after, at + 1
                else:
                    inside = at > 2 and line[at - 1] != self.separator
                    if inside and after and after != self.separator:
                        field = "" if field.isspace() else field + sign
                    quoted = not quoted
                begun = not begun
            elif sign == self.separator and not quoted:
                fields.append(field)
                field, begun = "", False
            else:
                field, begun = field + sign, True
            at += 1
        return [*fields, field]
