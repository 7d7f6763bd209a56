"""DuckDB macros that give Trino's meaning where DuckDB has another."""

from __future__ import annotations

from typing import Any

from services.edge.athena.sql import python_functions as functions

TIME = r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?"
DATE = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
ISO_DATE = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
NUMBER = r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?"


def _checked(name: str, pattern: str, shown: str, arguments: str = "") -> str:
    """A text that no cast takes, and that names its error, where the pattern does not match.

    error() would be refused within TRY.
    """
    return (
        f"CREATE MACRO {name}(x{arguments}) AS CASE WHEN regexp_full_match(trim(x), '{pattern}')"
        f" THEN trim(x) ELSE chr(1) || {shown} || chr(1) || x END"
    )


MACROS = (
    _checked("trino_integer_text", "[+-]?[0-9]+", "kind", ", kind"),
    _checked("trino_number_text", f"{NUMBER}|[+-]?(NaN|Infinity)", "kind", ", kind"),
    _checked("trino_date_text", DATE, "'date'"),
    _checked("trino_timestamp_text", f"{DATE}( {TIME})?", "'timestamp'"),
    _checked("trino_boolean_text", "(?i)true|false|t|f|1|0", "'boolean'"),
    "CREATE MACRO trino_round_time(x, step) AS"
    " make_timestamp(((epoch_us(x) + step // 2) // step) * step)",
    "CREATE MACRO trino_round_down(x) AS make_timestamp(epoch_us(x) - epoch_us(x) % 1000)",
    # The operator fails for zero, where Trino's floating point answers Infinity or NaN.
    "CREATE MACRO trino_divide(a, b) AS CASE WHEN b = 0 THEN a * 'Infinity'::DOUBLE ELSE a / b END",
    "CREATE MACRO trino_remainder(a, b) AS CASE WHEN b = 0 THEN 'NaN'::DOUBLE ELSE a % b END",
    "CREATE MACRO trino_unscaled(x, scale) AS"
    " CAST(replace(CAST(x AS VARCHAR), '.', '') AS HUGEINT)",
    "CREATE MACRO trino_divide_half_up(a, b) AS CASE WHEN b = 0 THEN"
    " error('DIVISION_BY_ZERO: Division by zero') ELSE a // b + CASE WHEN abs(a % b) * 2 >= abs(b)"
    " THEN CASE WHEN (a < 0) = (b < 0) THEN 1 ELSE -1 END ELSE 0 END END",
    "CREATE MACRO trino_padded(x, size) AS lpad(CAST(abs(x) AS VARCHAR),"
    " CAST(greatest(size, length(CAST(abs(x) AS VARCHAR))) AS INTEGER), '0')",
    "CREATE MACRO trino_scaled(x, scale) AS CASE WHEN scale = 0 THEN CAST(x AS VARCHAR) ELSE"
    " CASE WHEN x < 0 THEN '-' ELSE '' END || left(trino_padded(x, scale + 1), -scale) || '.' ||"
    " right(trino_padded(x, scale + 1), scale) END",
    "CREATE MACRO trino_json_text(x) AS CASE WHEN json_type(x) IN ('OBJECT', 'ARRAY') THEN"
    " error('INVALID_CAST_ARGUMENT: Cannot cast ' || CAST(x AS VARCHAR) || ' to varchar')"
    " ELSE json_extract_string(x, '$') END",
    "CREATE MACRO trino_json(x, path) AS CASE WHEN json_valid(x) THEN json_extract(x, path) END",
    "CREATE MACRO trino_substr(x, start) AS CASE WHEN start = 0 OR start < -length(x) THEN"
    " CASE WHEN x IS NOT NULL THEN '' END ELSE substr(x, start) END,"
    " (x, start, size) AS CASE WHEN start = 0 OR start < -length(x) OR size <= 0 THEN"
    " CASE WHEN x IS NOT NULL AND size IS NOT NULL THEN '' END ELSE substr(x, start, size) END",
    "CREATE MACRO trino_element(x, i) AS CASE WHEN i = 0 THEN"
    " error('INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1') ELSE x[i] END",
    "CREATE MACRO trino_subscript(x, i) AS CASE WHEN i = 0 THEN"
    " error('INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1') WHEN i < 0 THEN"
    " error('INVALID_FUNCTION_ARGUMENT: Array subscript is negative: ' || i) WHEN i > len(x) THEN"
    " error('INVALID_FUNCTION_ARGUMENT: Array subscript must be less than or equal to array"
    " length: ' || i || ' > ' || len(x)) ELSE x[i] END",
    "CREATE MACRO trino_map_subscript(x, k) AS CASE WHEN x IS NOT NULL AND NOT"
    " list_contains(map_keys(x), k) THEN error('INVALID_FUNCTION_ARGUMENT: Key not present in map:"
    " ' || k) ELSE map_extract_value(x, k) END",
    "CREATE MACRO trino_contains(x, v) AS CASE WHEN x IS NULL OR v IS NULL THEN NULL WHEN"
    " list_contains(x, v) THEN true WHEN len(list_filter(x, lambda e: e IS NULL)) > 0 THEN NULL"
    " ELSE false END",
    "CREATE MACRO trino_distinct(x) AS list_filter(x, lambda e, i: list_position(x, e) = i OR"
    " (e IS NULL AND len(list_filter(x[:i], lambda o: o IS NULL)) = 1))",
    "CREATE MACRO trino_split_part(x, d, i) AS CASE WHEN i <= 0 THEN"
    " error('INVALID_FUNCTION_ARGUMENT: Index must be greater than zero') ELSE"
    " string_split(x, d)[i] END",
    "CREATE MACRO trino_regexp_extract(x, p, g) AS CASE WHEN regexp_matches(x, p) THEN"
    " regexp_extract(x, p, g) END",
    "CREATE MACRO trino_iso_timestamp(x) AS CASE WHEN x IS NULL THEN NULL WHEN"
    f" regexp_full_match(x, '{ISO_DATE}(T{TIME})?(Z|[+-]00:?00)?') THEN"
    " timezone('UTC', trino_round_down(CAST(regexp_replace(regexp_replace(x,"
    " '(Z|[+-]00:?00)$', ''), '^([0-9]{4})(-[0-9]{2})?$',"
    " CASE WHEN length(x) = 4 THEN '\\1-01-01' ELSE '\\1\\2-01' END) AS TIMESTAMP)))"
    f" WHEN regexp_full_match(x, '{ISO_DATE}T{TIME}[+-][0-9]{{2}}:?[0-9]{{2}}') THEN"
    " error('NOT_SUPPORTED: an offset other than Z in ' || x || ' is not supported here') ELSE"
    " error('INVALID_FUNCTION_ARGUMENT: Invalid format: \"' || x || '\"') END",
    "CREATE MACRO trino_now() AS timezone('UTC', trino_round_down(timezone('UTC', now())))",
    "CREATE MACRO trino_iso_date(x) AS CASE WHEN x IS NULL THEN NULL WHEN regexp_full_match(x,"
    " '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN CAST(x AS DATE) ELSE"
    " error('INVALID_FUNCTION_ARGUMENT: Invalid format: \"' || x || '\"') END",
    "CREATE MACRO trino_unixtime(x) AS timezone('UTC',"
    " make_timestamp(CAST(round(x * 1000) AS BIGINT) * 1000))",
    "CREATE MACRO trino_array_join(x, d) AS CASE WHEN x IS NOT NULL THEN coalesce("
    "array_to_string(list_filter(x, lambda e: e IS NOT NULL), d), '') END,"
    " (x, d, n) AS CASE WHEN x IS NOT NULL THEN coalesce(array_to_string("
    "list_transform(x, lambda e: coalesce(e, n)), d), '') END",
)


def define(connection: Any) -> None:
    """Everything that translated queries rely on, before the configuration is locked."""
    for macro in MACROS:
        connection.execute(macro)
    text, nullable = "VARCHAR", {"null_handling": "special"}
    connection.create_function("trino_double_text", functions.double_text, ["DOUBLE"], text)
    connection.create_function("trino_real_text", functions.real_text, ["FLOAT"], text)
    for name in ("url_part", "url_parameter", "json_scalar"):
        function = functions.nullable(getattr(functions, name))
        connection.create_function(f"trino_{name}", function, [text, text], text, **nullable)
    for name in ("url_decode", "json_parsed"):
        connection.create_function(f"trino_{name}", getattr(functions, name), [text], text)
