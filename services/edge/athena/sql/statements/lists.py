"""The lists in parentheses of a statement: columns, properties, values of a partition."""

from __future__ import annotations

from collections.abc import Iterator

from services.edge.athena.glue_documents import Column
from services.edge.athena.sql.errors import MalformedQueryError
from services.edge.athena.sql.statements import statement as st
from services.edge.athena.sql.statements.tokens import Tokens
from services.edge.athena.sql.trino.types import from_hive


def _items(tokens: Tokens) -> Iterator[None]:
    """Stops before each item of (…, …), and after the last."""
    tokens.expect("(")
    while not tokens.accept(")"):
        yield
        if not tokens.accept(",") and tokens.next.text != ")":
            raise tokens.unexpected("',' or ')'")


def columns(tokens: Tokens) -> list[Column]:
    """(name type [COMMENT '…'], …)"""
    found = []
    for _ in _items(tokens):
        column: Column = {"Name": tokens.name(), "Type": _type(tokens)}
        if tokens.accept("COMMENT"):
            column["Comment"] = tokens.text()
        found.append(column)
    return found


def _type(tokens: Tokens) -> str:
    """A Hive type up to the comma, the parenthesis or the comment that ends it."""
    written, depth = "", 0
    while True:
        ahead = tokens.next.text
        if depth == 0 and written and (ahead in (",", ")") or ahead.upper() == "COMMENT"):
            break
        part = tokens.take("word", "name", "number", "sign").value.lower()
        depth += (part in "<(") - (part in ">)")
        written += part
    try:
        from_hive(written)
    except ValueError as error:
        raise MalformedQueryError(f"Column type {written}: {error}") from error
    return written


def text_properties(tokens: Tokens) -> st.Properties:
    """('name'='value', …)"""
    properties = {}
    for _ in _items(tokens):
        name = tokens.text()
        tokens.expect("=")
        properties[name] = tokens.text()
    return properties


def write_properties(tokens: Tokens) -> st.WriteProperties:
    """(name = value, …) of CTAS and UNLOAD, where a value may be ARRAY['…', …]."""
    properties: st.WriteProperties = {}
    for _ in _items(tokens):
        name = tokens.name()
        tokens.expect("=")
        properties[name] = _texts(tokens) if tokens.accept("ARRAY") else _constant(tokens)
    return properties


def _texts(tokens: Tokens) -> list[str]:
    tokens.expect("[")
    texts = []
    while not tokens.accept("]"):
        texts.append(tokens.text())
        tokens.accept(",")
    return texts


def _constant(tokens: Tokens) -> str:
    return tokens.take("text", "number", "word").value


def partition_values(tokens: Tokens) -> st.PartitionValues:
    """PARTITION (key = value, …)"""
    tokens.expect("PARTITION")
    tokens.expect("(")
    values = {}
    while not tokens.accept(")"):
        name = tokens.name()
        tokens.expect("=")
        values[name] = _constant(tokens)
        tokens.accept(",")
    return values
