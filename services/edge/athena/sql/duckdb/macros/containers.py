"""Macros on lists, maps and JSON; a map's entries are structs of k and v."""

from __future__ import annotations

import re

_ARGUMENT = "INVALID_FUNCTION_ARGUMENT: "
_STARTS_AT_ONE = f"fail('{_ARGUMENT}SQL array indices start at 1')"
# A NULL within a list makes the answer NULL where nothing is found.
_HAS_NULL = "len(list_filter({0}, lambda e: e IS NULL)) > 0"


def _once(macro: str, parameter: str, body: str) -> str:
    """A macro whose argument stands in no lambda.

    An aggregate of something with a lambda cannot be computed where it stands in another one.
    """
    inner = re.sub(rf"\b{parameter}\b", "once", body)
    return f"CREATE MACRO {macro} AS list_transform([{parameter}], lambda once: {inner})[1]"


CONTAINERS = (
    _once(
        "trino_distinct(x)",
        "x",
        "list_filter(x, lambda e, i: list_position(x, e) = i OR"
        " (e IS NULL AND len(list_filter(x[:i], lambda o: o IS NULL)) = 1))",
    ),
    "CREATE MACRO trino_contains(x, v) AS CASE WHEN x IS NULL OR v IS NULL THEN NULL WHEN"
    f" list_contains(x, v) THEN true WHEN {_HAS_NULL.format('x')} THEN NULL ELSE false END",
    "CREATE MACRO trino_position(x, v) AS CASE WHEN x IS NOT NULL AND v IS NOT NULL THEN"
    " coalesce(CAST(list_position(x, v) AS BIGINT), 0) END",
    "CREATE MACRO trino_remove(x, v) AS CASE WHEN v IS NOT NULL THEN"
    " list_filter(x, lambda e: e IS DISTINCT FROM v) END",
    "CREATE MACRO trino_overlap(x, y) AS CASE WHEN x IS NULL OR y IS NULL THEN NULL WHEN"
    " list_has_any(x, y) THEN true WHEN"
    f" {_HAS_NULL.format('x')} OR {_HAS_NULL.format('y')} THEN NULL ELSE false END",
    "CREATE MACRO trino_array_max(x) AS CASE WHEN"
    f" {_HAS_NULL.format('x')} THEN NULL ELSE list_max(x) END",
    "CREATE MACRO trino_array_min(x) AS CASE WHEN"
    f" {_HAS_NULL.format('x')} THEN NULL ELSE list_min(x) END",
    _once(
        "trino_kept(x, y, wanted)",
        "y",
        "CASE WHEN y IS NOT NULL THEN list_filter(x,"
        " lambda e: (len(list_filter(y, lambda o: o IS NOT DISTINCT FROM e)) > 0) = wanted) END",
    ),
    "CREATE MACRO trino_no_nans(x) AS CASE WHEN len(list_filter(x, lambda e: NOT isnan(e))) > 0"
    " THEN list_filter(x, lambda e: e IS NULL OR NOT isnan(e)) ELSE x END",
    "CREATE MACRO trino_combinations(x, n) AS list_transform(trino_picks(len(x), n),"
    " lambda p: list_transform(p, lambda i: x[i]))",
    _once(
        "trino_array_histogram(x)",
        "x",
        "trino_built(list_transform(trino_distinct(list_filter(x, lambda e: e IS NOT NULL)),"
        " lambda d: struct_pack(k := d, v := CAST(len(list_filter(x, lambda e: e = d))"
        " AS BIGINT))))",
    ),
    "CREATE MACRO trino_norm(m) AS sqrt(list_sum(list_transform(map_values(m), lambda v: v * v)))",
    "CREATE MACRO trino_cosine(a, b) AS CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN"
    " coalesce(list_sum(list_transform(map_keys(a), lambda k:"
    " coalesce(map_extract_value(a, k) * map_extract_value(b, k), 0))), 0)"
    " / (trino_norm(a) * trino_norm(b)) END",
    f"CREATE MACRO trino_slice(x, i, n) AS CASE WHEN i = 0 THEN {_STARTS_AT_ONE} WHEN n < 0 THEN"
    f" fail('{_ARGUMENT}length must be greater than or equal to 0') WHEN abs(i) > len(x) THEN"
    " list_slice(x, 1, 0) WHEN i < 0 THEN list_slice(x, len(x) + i + 1,"
    " least(len(x) + i + n, len(x))) ELSE list_slice(x, i, i + n - 1) END",
    "CREATE MACRO trino_trim_array(x, n) AS CASE WHEN n < 0 THEN"
    f" fail('{_ARGUMENT}size must not be negative: ' || n) WHEN n > len(x) THEN"
    f" fail('{_ARGUMENT}size must not exceed array cardinality ' || len(x) || ': ' || n)"
    " ELSE list_slice(x, 1, len(x) - n) END",
    "CREATE MACRO trino_ngrams(x, n) AS CASE WHEN n <= 0 THEN"
    f" fail('{_ARGUMENT}N must be positive') ELSE list_transform("
    "range(1, greatest(CAST(len(x) AS BIGINT) - n + 1, 1) + 1), lambda i: x[i:i + n - 1]) END",
    "CREATE MACRO trino_contains_sequence(x, y) AS CASE WHEN x IS NOT NULL AND y IS NOT NULL THEN"
    " len(y) = 0 OR len(list_filter(range(1, len(x) - len(y) + 2),"
    " lambda i: x[i:i + len(y) - 1] = y)) > 0 END",
    "CREATE MACRO trino_repeat(x, n) AS CASE WHEN n > 10000 THEN"
    f" fail('{_ARGUMENT}count argument of repeat function must be less than or equal to"
    " 10000') WHEN n < 0 THEN fail('"
    f"{_ARGUMENT}count argument of repeat function must be greater than or equal to 0')"
    " ELSE list_transform(range(n), lambda i: x) END",
    f"CREATE MACRO trino_sequence(a, b, s) AS CASE WHEN s = 0 THEN fail('{_ARGUMENT}step must not"
    " be zero') WHEN (s > 0) <> (b >= a) AND a <> b THEN"
    f" fail('{_ARGUMENT}sequence stop value should be greater than or equal to start value if"
    " step is greater than zero otherwise stop should be less than or equal to start')"
    f" WHEN abs(b - a) // abs(s) >= 10000 THEN fail('{_ARGUMENT}result of sequence function must"
    " not have more than 10000 entries') ELSE generate_series(a, b, s) END",
    "CREATE MACRO trino_table_sequence(a, b, s) AS CASE WHEN s = 0 AND a <> b THEN"
    f" fail('{_ARGUMENT}Step must not be zero for sequence [' || a || ', ' || b || ']')"
    " WHEN a <> b AND"
    f" (s > 0) <> (b > a) THEN fail('{_ARGUMENT}Step must be of the sequence''s direction')"
    " ELSE generate_series(a, b, CASE WHEN s = 0 THEN 1 ELSE s END) END",
    "CREATE MACRO trino_series(a, b, s) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN"
    f" (a + s > a) <> (b >= a) AND a <> b THEN fail('{_ARGUMENT}sequence stop value should be"
    " greater than or equal to start value if step is greater than zero otherwise stop should be"
    " less than or equal to start') ELSE list_filter(list_transform(range(0, 10001),"
    " lambda i: a + s * CAST(i AS INTEGER)), lambda e: CASE WHEN a + s > a THEN e <= b ELSE e >= b"
    " END) END",
    "CREATE MACRO trino_moments(a, b, s) AS CASE WHEN len(trino_series(a, b, s)) > 10000 THEN"
    f" fail('{_ARGUMENT}result of sequence function must not have more than 10000 entries')"
    " ELSE trino_series(a, b, s) END",
    "CREATE MACRO trino_dates(a, b, s) AS list_transform(trino_moments(CAST(a AS TIMESTAMP),"
    " CAST(b AS TIMESTAMP), s), lambda e: CAST(e AS DATE))",
    # Maps
    "CREATE MACRO trino_entries(m) AS list_transform(map_entries(m),"
    " lambda e: struct_pack(k := e.key, v := e.value))",
    "CREATE MACRO trino_pairs(l) AS list_transform(l,"
    " lambda e: struct_pack(k := e.key, v := e.value))",
    "CREATE MACRO trino_first_keys(l) AS list_filter(list_filter(l, lambda e: e.k IS NOT NULL),"
    " lambda e, i: list_position(list_transform(list_filter(l, lambda o: o.k IS NOT NULL),"
    " lambda o: o.k), e.k) = i)",
    "CREATE MACRO trino_built(l) AS map(list_transform(l, lambda e: e.k),"
    " list_transform(l, lambda e: e.v))",
    _once("trino_map_first(l)", "l", "trino_built(trino_first_keys(l))"),
    "CREATE MACRO trino_map_of(l) AS CASE WHEN len(list_filter(l, lambda e: e.k IS NULL)) > 0 THEN"
    f" fail('{_ARGUMENT}map key cannot be null') WHEN len(trino_first_keys(l)) < len(l) THEN"
    f" fail('{_ARGUMENT}Duplicate map keys are not allowed') ELSE trino_built(l) END",
    "CREATE MACRO trino_map(a, b) AS CASE WHEN len(a) <> len(b) THEN"
    f" fail('{_ARGUMENT}Key and value arrays must be the same length') WHEN a IS NOT NULL AND"
    " b IS NOT NULL THEN trino_map_of(list_transform(list_zip(a, b),"
    " lambda e: struct_pack(k := e[1], v := e[2]))) END",
    "CREATE MACRO trino_of_rows(l) AS list_transform(l,"
    " lambda e: struct_pack(k := struct_extract_at(e, 1), v := struct_extract_at(e, 2)))",
    "CREATE MACRO trino_map_from_entries(l) AS trino_map_of(trino_of_rows(l))",
    "CREATE MACRO trino_map_entries(m) AS list_transform(map_entries(m),"
    " lambda e: struct_pack(element1 := e.key, element2 := e.value))",
    _once(
        "trino_multimap_first(l)",
        "l",
        "trino_built(list_transform(trino_first_keys(l), lambda f: struct_pack(k := f.k,"
        " v := list_transform(list_filter(l, lambda e: e.k = f.k), lambda e: e.v))))",
    ),
    "CREATE MACRO trino_multimap(l) AS trino_multimap_first(trino_of_rows(l))",
    "CREATE MACRO trino_split_pairs(x, a, b) AS list_transform(trino_split_entries(x, a, b),"
    " lambda e: struct_pack(k := e[1], v := e[2]))",
    "CREATE MACRO trino_split_to_map(x, a, b) AS trino_map_of(trino_split_pairs(x, a, b))",
    "CREATE MACRO trino_concat_ws(d, x) AS CASE WHEN x IS NOT NULL AND d IS NOT NULL THEN"
    " coalesce(array_to_string(list_filter(x, lambda e: e IS NOT NULL), d), '') END",
    # Percentiles: of n values in order the one at floor(p * n), as Trino's digests give few values.
    "CREATE MACRO trino_sorted(x) AS list_sort(list_filter(x, lambda e: e IS NOT NULL))",
    # Of the whole population, where DuckDB's is an estimate for a sample.
    "CREATE MACRO trino_centred(x, power) AS list_sum(list_transform(trino_sorted(x), lambda e:"
    " pow(e - list_avg(x), power)))",
    "CREATE MACRO trino_skew(x) AS CASE WHEN len(trino_sorted(x)) >= 3 THEN"
    " trino_divide(sqrt(len(trino_sorted(x))) * trino_centred(x, 3),"
    " pow(trino_centred(x, 2), 1.5)) END",
    "CREATE MACRO trino_at(x, p) AS CASE WHEN p < 0 OR p > 1 THEN"
    f" fail('{_ARGUMENT}Percentile must be between 0 and 1') ELSE"
    " x[least(CAST(floor(p * len(x)) AS BIGINT) + 1, len(x))] END",
    "CREATE MACRO trino_percentile(x, p) AS trino_at(trino_sorted(x), p)",
    _once(
        "trino_percentiles(x, ps)",
        "x",
        "CASE WHEN len(trino_sorted(x)) > 0 THEN"
        " list_transform(ps, lambda p: trino_at(trino_sorted(x), p)) END",
    ),
    "CREATE MACRO trino_weights(l) AS list_sort(list_filter(l,"
    " lambda e: e.v IS NOT NULL AND e.w IS NOT NULL))",
    _once(
        "trino_weighted(l, p)",
        "l",
        "CASE WHEN p < 0 OR p > 1 THEN"
        f" fail('{_ARGUMENT}Percentile must be between 0 and 1') WHEN"
        f" list_min(list_transform(l, lambda e: e.w)) <= 0 THEN fail('{_ARGUMENT}weight must be"
        " > 0') ELSE coalesce(list_filter(trino_weights(l), lambda e, i:"
        " list_sum(list_transform(trino_weights(l)[:i], lambda o: o.w)) >"
        " p * list_sum(list_transform(trino_weights(l), lambda o: o.w)))[1].v,"
        " trino_weights(l)[-1].v) END",
    ),
    # JSON
    "CREATE MACRO trino_json(x, path) AS CAST(trino_json_at(CAST(x AS VARCHAR), path) AS JSON)",
    "CREATE MACRO trino_json_get(x, i) AS trino_json_element(x, i)::JSON",
)
