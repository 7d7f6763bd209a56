"""GetPartitions' filter language, judged in the store's SQL against values compared in Python."""

from __future__ import annotations

import operator
import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.edge.glue.catalog import expressions, filters, partition_rows, partitions
from services.edge.glue.catalog.store import CatalogStore, dumped
from services.edge.glue.catalog.table_rows import StoredTable
from services.edge.glue.errors import GlueError

KEYS = [
    {"Name": "year", "Type": "int"},
    {"Name": "day", "Type": "date"},
    {"Name": "place", "Type": "string"},
    {"Name": "price", "Type": "decimal(10,2)"},
    {"Name": "at", "Type": "timestamp"},
    {"Name": "ratio", "Type": "double"},
]
NAMES = ("year", "day", "place", "price")
TYPES = {"year": int, "day": date.fromisoformat, "place": str, "price": Decimal}
COMPARED = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt,
    "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
LITERALS = {
    "year": st.integers(-20, 20).map(str),
    "day": st.dates(date(2024, 1, 28), date(2024, 2, 3)).map(str),
    "place": st.text("abA_%'é", max_size=3),
    "price": st.decimals(-3, 12, places=1).map(str),
}


def stored_table(keys: list[dict[str, str]]) -> StoredTable:
    table = {"Name": "t", "DatabaseName": "d", "CatalogId": "1", "PartitionKeys": keys}
    return StoredTable(1, table)


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> CatalogStore:
    made = CatalogStore(tmp_path_factory.mktemp("catalog") / "catalog.sqlite")
    made.write("INSERT INTO databases VALUES ('d', '{}')")
    made.write("INSERT INTO tables VALUES (1, 'd', 't', '', ?)", dumped(stored_table(KEYS).table))
    return made


def passing(store: CatalogStore, rows: list[list[str]], expression: str, keys=KEYS) -> list:
    """The rows that the expression lets through, in the order that the store gives them."""
    found = stored_table(keys)
    with store.transaction():
        store.write("DELETE FROM partitions")
        for values in rows:
            row = {"Values": values}
            partition_rows.insert(store, found, partitions.created(row, found.table, 0.0))
    wanted = filters.filtered(expressions.parsed(expression), keys)
    answer = partition_rows.after(store, found, partition_rows.START, wanted, None, 1000)
    return [partition["Values"] for _, partition in answer]


def row(year="1", day="2024-01-01", place="a", price="1", at="2024-01-01 00:00:00") -> list[str]:
    return [year, day, place, price, at, "0.5"]


# Each condition as the text that Glue gets, and as what it says of a row.
def quoted(literal: str) -> str:
    return "'" + literal.replace("'", "''") + "'"


def compared(name: str, symbol: str, literal: str):
    typed = TYPES[name]
    return (
        f"{name} {symbol} {quoted(literal)}",
        lambda values: COMPARED[symbol](typed(values[name]), typed(literal)),
    )


def in_list(name: str, literals: list[str]):
    typed = TYPES[name]
    wanted = {typed(literal) for literal in literals}
    text = ", ".join(map(quoted, literals))
    return f"{name} IN ({text})", lambda values: typed(values[name]) in wanted


def between(name: str, low: str, high: str):
    typed = TYPES[name]
    return (
        f"{name} between {quoted(low)} and {quoted(high)}",
        lambda values: typed(low) <= typed(values[name]) <= typed(high),
    )


def like(pattern: str):
    wild = {"%": ".*", "_": "."}
    regex = re.compile("".join(wild.get(c, re.escape(c)) for c in pattern), re.DOTALL)
    return f"place LIKE {quoted(pattern)}", lambda values: bool(regex.fullmatch(values["place"]))


def null(name: str):
    return f"{name} IS NULL", lambda values: False


def not_null(name: str):
    return f"{name} is not null", lambda values: True


def of_name(name: str):
    literal = LITERALS[name]
    return st.one_of(
        st.builds(compared, st.just(name), st.sampled_from(list(COMPARED)), literal),
        st.builds(in_list, st.just(name), st.lists(literal, min_size=1, max_size=3)),
        st.builds(between, st.just(name), literal, literal),
    )


def negated(condition):
    return f"NOT ({condition[0]})", lambda values: not condition[1](values)


def joined(word: str, parts: list):
    text = f" {word} ".join(f"({part[0]})" for part in parts)
    every = all if word == "AND" else any
    return text, lambda values: every(part[1](values) for part in parts)


SINGLE = st.one_of(
    st.sampled_from(NAMES).flatmap(of_name),
    st.builds(like, LITERALS["place"]),
    st.builds(null, st.sampled_from(NAMES)),
    st.builds(not_null, st.sampled_from(NAMES)),
)
CONDITIONS = st.recursive(
    SINGLE,
    lambda inner: st.one_of(
        st.builds(negated, inner),
        st.builds(joined, st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=6,
)
ROWS = st.lists(st.tuples(*(LITERALS[name] for name in NAMES)), max_size=6, unique=True)


@settings(max_examples=150)
@given(CONDITIONS, ROWS)
def test_the_sql_of_an_expression_passes_the_rows_that_the_expression_says(
    store, condition, values
):
    text, says = condition
    expected = [list(one) for one in values if says(dict(zip(NAMES, one, strict=True)))]

    assert sorted(passing(store, [list(one) for one in values], text, KEYS[:4])) == sorted(expected)


@pytest.mark.parametrize(
    ("expression", "years"),
    [
        ("year = 10", ["10"]),
        ("YEAR = '10'", ["10"]),
        ("year > 9", ["10", "200"]),
        ("year < 10", ["-3", "9"]),
        ("year != 9", ["-3", "10", "200"]),
        ("year = 010", ["10"]),
        ("year in (9, '200')", ["9", "200"]),
        ("year not in (9, 200)", ["-3", "10"]),
        ("year BETWEEN 9 AND 10", ["9", "10"]),
        ("year NOT BETWEEN 9 AND 10", ["-3", "200"]),
        ("NOT year = 9 AND year < 100", ["-3", "10"]),
        ("year = 9 OR year = 10 AND year = 200", ["9"]),
        ("(year = 9 OR year = 10) AND `year` = ((10))", ["10"]),
    ],
)
def test_whole_numbers_are_compared_as_numbers_and_listed_in_their_order(store, expression, years):
    rows = [row(year=year) for year in ("200", "9", "10", "-3")]
    assert [values[0] for values in passing(store, rows, expression)] == years


@pytest.mark.parametrize(
    ("expression", "prices"),
    [
        ("price = 2.6", ["2.60"]),
        ("price > 2.5", ["2.60", "3e14"]),
        ("price between 0 and 3e10", ["0", "1.2", "2.60"]),
        ("price < -1.1", ["-1.2", "-12"]),
    ],
)
def test_decimals_are_compared_by_value_however_they_are_written(store, expression, prices):
    rows = [row(price=price) for price in ("1.2", "2.60", "3e14", "0", "-1.2", "-12", "-1.1")]
    found = passing(store, rows, expression)
    assert sorted(values[3] for values in found) == sorted(prices)


def test_instants_are_compared_to_the_nanosecond(store):
    rows = [row(at=f"2024-01-01 00:00:00{part}") for part in ("", ".000000001", ".1")]
    found = passing(store, rows, "at > '2024-01-01 00:00:00.0'")
    assert [values[4][19:] for values in found] == [".000000001", ".1"]


def test_like_knows_two_wildcards_and_minds_upper_case(store):
    rows = [row(place=place) for place in ("two", "Two", "t.o", "too")]
    assert [values[2] for values in passing(store, rows, "place LIKE 't_o'")] == [
        "t.o",
        "too",
        "two",
    ]
    assert [values[2] for values in passing(store, rows, "place not like 't%'")] == ["Two"]


def test_a_key_beyond_the_eighth_is_filtered_too(store):
    keys = [{"Name": f"k{number}", "Type": "int"} for number in range(10)]
    rows = [["0"] * 9 + [last] for last in ("9", "10")]
    assert passing(store, rows, "k9 > 9 AND k0 = 0", keys) == [["0"] * 9 + ["10"]]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("year = 'test'", 'For input string: "test" is not an integer.'),
        ("year in (2.5)", 'For input string: "2.5" is not an integer.'),
        ("year = 2147483648", 'For input string: "2147483648" is not an integer.'),
        ("price = 'x'", "x is not a decimal."),
        ("day = '2024-02-31'", "2024-02-31 is not a date."),
        (
            "at > '2024-01-01'",
            "Timestamp format must be yyyy-mm-dd hh:mm:ss[.fffffffff]"
            " 2024-01-01 is not a timestamp.",
        ),
        ("year LIKE '2'", "Integral data type doesn't support operation 'LIKE'"),
        ("price LIKE '2'", "Decimal data type doesn't support operation 'LIKE'"),
        ("ratio = 0.5", "Unknown type : 'double'"),
        ("nowhere IS NULL", "Invalid partition expression!"),
    ],
)
def test_what_is_not_of_a_keys_type_is_refused(expression, message):
    with pytest.raises(GlueError) as refused:
        filters.filtered(expressions.parsed(expression), KEYS)
    assert (refused.value.code, refused.value.message) == ("InvalidInputException", message)


@pytest.mark.parametrize(
    "expression",
    [
        "year",
        "year =",
        "year = 1 AND",
        "year = 'open",
        "year == 1",
        "= 1",
        "1 = year",
        "year = 1 year = 2",
        "year IS 1",
        "year IN ()",
        "year IN (1",
        "year BETWEEN 1",
        "(year = 1",
        "year = 1)",
        "lower(place) = 'a'",
        "year = 1; DROP TABLE partitions",
        "in = 1",
        "(" * 500 + "year = 1" + ")" * 500,
    ],
)
def test_what_is_not_of_the_language_is_refused(expression):
    with pytest.raises(GlueError) as refused:
        expressions.parsed(expression)
    assert refused.value.message == f"Unsupported expression '{expression}'"


def test_a_filter_over_a_stored_value_that_is_not_of_the_type_fails_and_others_do_not(store):
    rows = [row(year="null"), row(year="7", place="b")]
    assert passing(store, rows, "place = 'b'") == [row(year="7", place="b")]
    with pytest.raises(GlueError) as refused:
        passing(store, rows, "year >= 0")
    assert refused.value.code == "InvalidStateException"
    assert refused.value.message == 'For input string: "null" is not an integer.'
