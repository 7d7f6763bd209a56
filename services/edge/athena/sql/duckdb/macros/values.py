"""DuckDB macros that give Trino's meaning where DuckDB has another."""

from __future__ import annotations

TIME = r"[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]+)?)?"
UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
DATE = r"[+-]?[0-9]{4,9}-[0-9]{1,2}-[0-9]{1,2}"
SHORT_DATE = DATE.replace("{4,9}", "{1,9}")
ISO_DATE = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
NUMBER = r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?"


def _checked(name: str, pattern: str, shown: str, value: str = "trim(x)") -> str:
    """A text that no cast takes, and that names its error, where the pattern does not match."""
    return (
        f"CREATE MACRO {name}(x) AS CASE WHEN regexp_full_match(trim(x), '{pattern}')"
        f" THEN {value} ELSE chr(1) || {shown} || chr(1) || x END"
    )


VALUES = (
    # Fails with the message when it is computed, not before; error() would be refused within TRY.
    "CREATE MACRO fail(message) AS list_extract([NULL], CAST(message || chr(2) AS BIGINT))",
    "CREATE MACRO trino_integer_text(x, kind) AS CASE WHEN regexp_full_match(x, '[+-]?[0-9]+')"
    " THEN x ELSE chr(1) || kind || chr(1) || x END",
    "CREATE MACRO trino_number_text(x, kind) AS CASE WHEN regexp_full_match(trim(x),"
    f" '({NUMBER}|[+-]?(NaN|Infinity))[fFdD]?') THEN regexp_replace(trim(x), '[fFdD]$', '')"
    " ELSE chr(1) || kind || chr(1) || x END",
    _checked("trino_uuid_text", UUID, "'uuid'"),
    "CREATE MACRO trino_time_text(x) AS CASE WHEN"
    " regexp_full_match(x, '([01]?[0-9]|2[0-3])(:[0-5]?[0-9]){1,2}"
    "(\\.[0-9]+)?') THEN regexp_replace(x, '^([0-9]+:[0-9]+)$', '\\1:00') ELSE"
    " chr(1) || 'time' || chr(1) || x END",
    "CREATE MACRO trino_uuid_of(x) AS CASE WHEN octet_length(x) = 16 THEN hex(x) ELSE"
    " chr(1) || 'uuid' || chr(1) || hex(x) END",
    "CREATE MACRO trino_fitted(x, n) AS CASE WHEN length(x) <= n THEN x WHEN x IS NOT NULL THEN"
    " CAST(CAST(chr(1) || 'varchar(' || n || ')' || chr(1) || x AS INTEGER) AS VARCHAR) END",
    "CREATE MACRO trino_decimal_cast(x) AS regexp_replace(CAST(x AS VARCHAR), '^(-?)\\.', '\\10.')",
    "CREATE MACRO trino_round_clock(x, digits) AS CAST(make_timestamp(((epoch_us(x) +"
    " CAST(pow(10, 6 - digits) AS BIGINT) // 2) // CAST(pow(10, 6 - digits) AS BIGINT)) *"
    " CAST(pow(10, 6 - digits) AS BIGINT)) AS TIME)",
    "CREATE MACRO trino_interval_milliseconds(x) AS CAST(epoch_ms(x) AS BIGINT)",
    "CREATE MACRO trino_interval_months(x) AS CAST(datepart('year', x) * 12 +"
    " datepart('month', x) AS BIGINT)",
    "CREATE MACRO trino_whole_days(x) AS CASE WHEN epoch_ms(x) % 86400000 = 0 THEN"
    " to_days(CAST(epoch_ms(x) // 86400000 AS INTEGER)) ELSE fail('INVALID_FUNCTION_ARGUMENT:"
    " Cannot add hour, minutes or seconds to a date') END",
    _checked("trino_date_text", SHORT_DATE, "'date'", value="ltrim(trim(x), '+')"),
    "CREATE MACRO trino_year_shown(x) AS CASE WHEN year(x) > 9999 THEN '+' WHEN year(x) < 0 THEN"
    " '-' ELSE '' END || trino_padded(year(x), 4)",
    # A date has no plus sign, as Trino writes it by another library.
    "CREATE MACRO trino_date_shown(x) AS ltrim(trino_year_shown(x), '+') || strftime(x, '-%m-%d')",
    # Trino drops a time zone, and whatever else stands where one could.
    f"CREATE MACRO trino_timestamp_text(x) AS CASE WHEN regexp_full_match(trim(x), '{DATE}( .*)?')"
    f" THEN ltrim(regexp_extract(trim(x), '^{DATE}( {TIME})?'), '+')"
    " ELSE chr(1) || 'timestamp' || chr(1) || x END",
    "CREATE MACRO trino_boolean_text(x) AS CASE WHEN"
    " regexp_full_match(x, '(?i)true|false|t|f|1|0') THEN x ELSE"
    " chr(1) || 'boolean' || chr(1) || x END",
    "CREATE MACRO trino_floor(x, step) AS x - (x % step + step) % step",  # before 1970 too
    "CREATE MACRO trino_round_time(x, step) AS"
    " make_timestamp(trino_floor(epoch_us(x) + step // 2, step))",
    "CREATE MACRO trino_round_down(x) AS make_timestamp(trino_floor(epoch_us(x), 1000))",
    # The operator fails for zero, where Trino's floating point answers Infinity or NaN.
    "CREATE MACRO trino_divide(a, b) AS CASE WHEN b = 0 THEN a * 'Infinity'::DOUBLE ELSE a / b END",
    "CREATE MACRO trino_remainder(a, b) AS CASE WHEN b = 0 THEN 'NaN'::DOUBLE ELSE a % b END",
    "CREATE MACRO trino_decimal_rest(a, b) AS CASE WHEN b = 0 THEN"
    " fail('DIVISION_BY_ZERO: Division by zero') ELSE a % b END",
    "CREATE MACRO trino_unscaled(x, scale) AS"
    " CAST(replace(CAST(x AS VARCHAR), '.', '') AS HUGEINT)",
    "CREATE MACRO trino_divide_half_up(a, b) AS CASE WHEN b = 0 THEN"
    " fail('DIVISION_BY_ZERO: Division by zero') ELSE a // b + CASE WHEN abs(a % b) * 2 >= abs(b)"
    " THEN CASE WHEN (a < 0) = (b < 0) THEN 1 ELSE -1 END ELSE 0 END END",
    "CREATE MACRO trino_padded(x, size) AS lpad(CAST(abs(x) AS VARCHAR),"
    " CAST(greatest(size, length(CAST(abs(x) AS VARCHAR))) AS INTEGER), '0')",
    "CREATE MACRO trino_scaled(x, scale) AS CASE WHEN scale = 0 THEN CAST(x AS VARCHAR) ELSE"
    " CASE WHEN x < 0 THEN '-' ELSE '' END || left(trino_padded(x, scale + 1), -scale) || '.' ||"
    " right(trino_padded(x, scale + 1), scale) END",
    "CREATE MACRO trino_substr(x, start) AS CASE WHEN start = 0 OR start < -length(x) THEN"
    " CASE WHEN x IS NOT NULL THEN '' END ELSE substr(x, start) END,"
    " (x, start, size) AS CASE WHEN start = 0 OR start < -length(x) OR size <= 0 THEN"
    " CASE WHEN x IS NOT NULL AND size IS NOT NULL THEN '' END ELSE substr(x, start, size) END",
    "CREATE MACRO trino_element(x, i) AS CASE WHEN i = 0 THEN"
    " fail('INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1') ELSE x[i] END",
    "CREATE MACRO trino_subscript(x, i) AS CASE WHEN i = 0 THEN"
    " fail('INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1') WHEN i < 0 THEN"
    " fail('INVALID_FUNCTION_ARGUMENT: Array subscript is negative: ' || i) WHEN i > len(x) THEN"
    " fail('INVALID_FUNCTION_ARGUMENT: Array subscript must be less than or equal to array"
    " length: ' || i || ' > ' || len(x)) ELSE x[i] END",
    "CREATE MACRO trino_map_subscript(x, k) AS CASE WHEN x IS NOT NULL AND NOT"
    " list_contains(map_keys(x), k) THEN fail('INVALID_FUNCTION_ARGUMENT: Key not present in map:"
    " ' || k) ELSE map_extract_value(x, k) END",
    "CREATE MACRO trino_split_part(x, d, i) AS CASE WHEN i <= 0 THEN"
    " fail('INVALID_FUNCTION_ARGUMENT: Index must be greater than zero') ELSE"
    " string_split(x, d)[i] END",
    "CREATE MACRO trino_days_text(x) AS trino_days_shown(trino_interval_milliseconds(x))",
    "CREATE MACRO trino_months_text(x) AS trino_months_shown(trino_interval_months(x))",
    "CREATE MACRO trino_iso_timestamp(x) AS CASE WHEN x IS NULL THEN NULL WHEN"
    f" regexp_full_match(x, '{ISO_DATE}(T{TIME})?(Z|[+-]00:?00)?') THEN"
    " timezone('UTC', trino_round_down(CAST(regexp_replace(regexp_replace(x,"
    " '(Z|[+-]00:?00)$', ''), '^([0-9]{4})(-[0-9]{2})?$',"
    " CASE WHEN length(x) = 4 THEN '\\1-01-01' ELSE '\\1\\2-01' END) AS TIMESTAMP)))"
    " WHEN regexp_full_match(x, '[0-9]{4}-(W[0-9]{2}(-[0-9])?|[0-9]{3})') THEN"
    " timezone('UTC', CAST(trino_iso_date(x) AS TIMESTAMP))"
    f" WHEN regexp_full_match(x, '{ISO_DATE}T{TIME}[+-][0-9]{{2}}:?[0-9]{{2}}') THEN"
    " fail('NOT_SUPPORTED: an offset other than Z in ' || x || ' is not supported here') ELSE"
    " fail('INVALID_FUNCTION_ARGUMENT: Invalid format: \"' || x || '\"') END",
    "CREATE MACRO trino_blanks() AS E' \\t\\n\\r\\f\\v' || chr(28) || chr(29) || chr(30) || chr(31)"
    " || chr(5760) || chr(8192) || chr(8193) || chr(8194) || chr(8195) || chr(8196) || chr(8197)"
    " || chr(8198) || chr(8200) || chr(8201) || chr(8202) || chr(8232) || chr(8233) || chr(8287)"
    " || chr(12288)",
    # The functions fail for what has no logarithm or root, where Java answers NaN or -Infinity.
    *(
        f"CREATE MACRO trino_{name}(x) AS CASE WHEN x = 0 THEN '-Infinity'::DOUBLE WHEN x < 0 THEN"
        f" 'NaN'::DOUBLE ELSE {name}(x) END"
        for name in ("ln", "log2", "log10")
    ),
    "CREATE MACRO trino_log_of(b, x) AS trino_divide(trino_ln(x), trino_ln(b))",
    "CREATE MACRO trino_sqrt(x) AS CASE WHEN x < 0 THEN 'NaN'::DOUBLE ELSE sqrt(x) END",
    *(
        f"CREATE MACRO trino_{name}(x) AS CASE WHEN abs(x) > 1 THEN 'NaN'::DOUBLE"
        f" ELSE {name}(x) END"
        for name in ("asin", "acos")
    ),
    *(
        f"CREATE MACRO trino_{name}(x) AS CASE WHEN isfinite(x) THEN {name}(x) WHEN x IS NOT NULL"
        " THEN 'NaN'::DOUBLE END"
        for name in ("sin", "cos", "tan")
    ),
    "CREATE MACRO trino_order_checked(n) AS CASE WHEN n IN (-1, 0, 1) THEN n ELSE"
    " fail('INVALID_FUNCTION_ARGUMENT: Lambda comparator must return either -1, 0, or 1')"
    " END",
    "CREATE MACRO trino_place_checked(n) AS CASE WHEN n < 1 THEN"
    " fail('INVALID_FUNCTION_ARGUMENT: Offset must be at least 1') ELSE n END",
    "CREATE MACRO trino_real(x) AS CAST(CASE WHEN isfinite(x) AND abs(x) >= 3.4028235677973366e38"
    " THEN CASE WHEN x > 0 THEN 'Infinity'::DOUBLE ELSE '-Infinity'::DOUBLE END ELSE x END"
    " AS FLOAT)",
    "CREATE MACRO trino_sign(x) AS CASE WHEN isnan(x) THEN x ELSE sign(x) END",
    "CREATE MACRO trino_offset_checked(n) AS CASE WHEN n < 0 THEN"
    " fail('INVALID_FUNCTION_ARGUMENT: Offset must be at least 0') ELSE n END",
    "CREATE MACRO trino_truncate_decimal(x, n) AS sign(x) * floor(abs(x) * CAST(pow(10, n) AS"
    " DECIMAL(18, 6))) / pow(10, n)",
    "CREATE MACRO trino_offset(minutes) AS CASE WHEN minutes = 0 THEN 'Z' ELSE"
    " printf('%s%02d:%02d', CASE WHEN minutes < 0 THEN '-' ELSE '+' END,"
    " abs(minutes) // 60, abs(minutes) % 60) END",
    "CREATE MACRO trino_now() AS timezone('UTC', trino_round_down(timezone('UTC', now())))",
    "CREATE MACRO trino_unixtime(x) AS timezone('UTC',"
    " make_timestamp(CAST(round(x * 1000) AS BIGINT) * 1000))",
    "CREATE MACRO trino_array_join(x, d) AS CASE WHEN x IS NOT NULL THEN coalesce("
    "array_to_string(list_filter(x, lambda e: e IS NOT NULL), d), '') END,"
    " (x, d, n) AS CASE WHEN x IS NOT NULL THEN coalesce(array_to_string("
    "list_transform(x, lambda e: coalesce(e, n)), d), '') END",
)
