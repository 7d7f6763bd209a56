"""Trino's aggregate and window functions.

A line is `name(types) -> type = template`; T, U, K, V stand for any type, and ... repeats the last.
"""
# ruff: noqa: E501 (a function is one line)

from __future__ import annotations

# {d} is DISTINCT, {o} ORDER BY, {w} FILTER and OVER.
AGGREGATES = """
count() -> bigint = count(*){w}
count(T) -> bigint = count({d}{0}){w}
count_if(boolean) -> bigint = CAST(count_if({0}){w} AS BIGINT)
sum(bigint) -> bigint = CAST(sum({d}{0}){w} AS BIGINT)
sum(decimal) -> decimal(38,same) = CAST(sum({d}{0}){w} AS {type})
sum(interval day to second) -> interval day to second = to_milliseconds(CAST(sum(trino_interval_milliseconds({0})){w} AS BIGINT))
sum(interval year to month) -> interval year to month = to_months(CAST(sum(trino_interval_months({0})){w} AS INTEGER))
sum(real) -> real = CAST(sum({d}{0}){w} AS FLOAT)
sum(double) -> double = sum({d}{0}){w}
avg(bigint) -> double = avg({d}{0}){w}
avg(interval day to second) -> interval day to second = to_milliseconds(CAST(round(avg(trino_interval_milliseconds({0})){w}) AS BIGINT))
avg(interval year to month) -> interval year to month = to_months(CAST(round(avg(trino_interval_months({0})){w}) AS INTEGER))
avg(double) -> double = avg({d}{0}){w}
avg(decimal) -> same = {mean}
avg(real) -> real = CAST(avg({d}{0}){w} AS FLOAT)
min(O, bigint) -> array(O) = min({0}, {1}){w}
max(O, bigint) -> array(O) = max({0}, {1}){w}
min_by(T, O) -> T = arg_min_null({0}, {1}){w}
max_by(T, O) -> T = arg_max_null({0}, {1}){w}
arbitrary(T) -> T = any_value({0}){w}
any_value(T) -> T = any_value({0}){w}
bool_and(boolean) -> boolean = bool_and({0}){w}
bool_or(boolean) -> boolean = bool_or({0}){w}
every(boolean) -> boolean = bool_and({0}){w}
array_agg(T) -> array(T) = list({d}{0}{o}){w}
approx_distinct(T) -> bigint = count(DISTINCT {0}){w}
approx_distinct(T, double) -> bigint = count(DISTINCT {0}){w}
geometric_mean(double) -> double = geomean({0}){w}
stddev(double) -> double = stddev_samp({0}){w}
stddev_samp(double) -> double = stddev_samp({0}){w}
stddev_pop(double) -> double = stddev_pop({0}){w}
variance(double) -> double = var_samp({0}){w}
var_samp(double) -> double = var_samp({0}){w}
var_pop(double) -> double = var_pop({0}){w}
corr(real, real) -> real = CAST(nullif(corr({0}, {1}){w}, 'NaN') AS FLOAT)
corr(double, double) -> double = nullif(corr({0}, {1}){w}, 'NaN')
covar_pop(real, real) -> real = CAST(covar_pop({0}, {1}){w} AS FLOAT)
covar_pop(double, double) -> double = covar_pop({0}, {1}){w}
covar_samp(real, real) -> real = CAST(covar_samp({0}, {1}){w} AS FLOAT)
covar_samp(double, double) -> double = covar_samp({0}, {1}){w}
bitwise_and_agg(bigint) -> bigint = bit_and({0}){w}
bitwise_or_agg(bigint) -> bigint = bit_or({0}){w}
histogram(T) -> map(T, bigint) = CAST(histogram({0}){w} AS {type})
listagg(varchar, literal) -> varchar = string_agg({d}{0}, {1}{o}){w}
grouping(T...) -> integer = CAST(grouping({*,}) AS INTEGER)
min(real) -> same = coalesce(min(nullif({0}, 'NaN')){w}, min({0}){w})
max(real) -> same = coalesce(max(nullif({0}, 'NaN')){w}, max({0}){w})
min(double) -> same = coalesce(min(nullif({0}, 'NaN')){w}, min({0}){w})
max(double) -> same = coalesce(max(nullif({0}, 'NaN')){w}, max({0}){w})
min(O) -> O = min({0}){w}
max(O) -> O = max({0}){w}
max_by(T, O, bigint) -> array(T) = arg_max({0}, {1}, {2}){w}
min_by(T, O, bigint) -> array(T) = arg_min({0}, {1}, {2}){w}
map_agg(K, V) -> map(K, V) = trino_map_first(list(struct_pack(k := {0}, v := {1}){o}){w})
multimap_agg(K, V) -> map(K, array(V)) = trino_multimap_first(list(struct_pack(k := {0}, v := {1}){o}){w})
map_union(map(K, V)) -> map(K, V) = CASE WHEN count({0}){w} > 0 THEN trino_map_first(trino_pairs(flatten(list(map_entries({0})){w}))) END
approx_percentile(bigint, double) -> bigint = trino_percentile(list({0}){w}, {1})
approx_percentile(real, double) -> real = CAST(trino_percentile(list({0}){w}, {1}) AS FLOAT)
approx_percentile(double, double) -> same = trino_percentile(list({0}){w}, {1})
approx_percentile(bigint, array(double)) -> array(bigint) = trino_percentiles(list({0}){w}, {1})
approx_percentile(double, array(double)) -> array(double) = trino_percentiles(list({0}){w}, {1})
approx_percentile(bigint, double, double) -> bigint = trino_weighted(list(struct_pack(v := {0}, w := {1})){w}, {2})
approx_percentile(double, double, double) -> same = trino_weighted(list(struct_pack(v := {0}, w := {1})){w}, {2})
approx_percentile(bigint, double, double, double) -> bigint = trino_weighted(list(struct_pack(v := {0}, w := {1})){w}, {2})
approx_percentile(double, double, double, double) -> same = trino_weighted(list(struct_pack(v := {0}, w := {1})){w}, {2})
regr_slope(real, real) -> real = CAST(nullif(regr_slope({0}, {1}){w}, 'NaN') AS FLOAT)
regr_slope(double, double) -> double = nullif(regr_slope({0}, {1}){w}, 'NaN')
regr_intercept(real, real) -> real = CAST(nullif(regr_intercept({0}, {1}){w}, 'NaN') AS FLOAT)
regr_intercept(double, double) -> double = nullif(regr_intercept({0}, {1}){w}, 'NaN')
kurtosis(double) -> double = kurtosis({0}){w}
skewness(double) -> double = trino_skew(list({0}){w})
"""

WINDOWS = """
row_number() -> bigint = row_number(){w}
rank() -> bigint = rank(){w}
dense_rank() -> bigint = dense_rank(){w}
percent_rank() -> double = percent_rank(){w}
cume_dist() -> double = cume_dist(){w}
ntile(bigint) -> bigint = ntile({0}){w}
lag(T) -> T = lag({0}{n}){w}
lag(T, bigint) -> T = lag({0}, trino_offset_checked({1}){n}){w}
lag(T, bigint, T) -> T = lag({0}, trino_offset_checked({1}), {2}{n}){w}
lead(T) -> T = lead({0}{n}){w}
lead(T, bigint) -> T = lead({0}, trino_offset_checked({1}){n}){w}
lead(T, bigint, T) -> T = lead({0}, trino_offset_checked({1}), {2}{n}){w}
first_value(T) -> T = first_value({0}{n}){w}
last_value(T) -> T = last_value({0}{n}){w}
nth_value(T, bigint) -> T = nth_value({0}, trino_place_checked({1}){n}){w}
"""
