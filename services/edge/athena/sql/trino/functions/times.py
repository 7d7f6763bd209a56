"""Trino's functions on dates, times and intervals.

A line is `name(types) -> type = template`; T, U, K, V stand for any type, and ... repeats the last.
"""
# ruff: noqa: E501 (a function is one line)

from __future__ import annotations

TIMES = """
now() -> timestamp(3) with time zone = trino_now()
current_timezone() -> varchar = 'UTC'
date(timestamp) -> date = CAST({local0} AS DATE)
date_trunc(unit, moment) -> same = {trunc}
date_add(unit, bigint, moment) -> same = {add}
date_diff(unit, moment, moment) -> bigint = {diff}
year(moment) -> bigint = year({local0})
quarter(moment) -> bigint = quarter({local0})
month(moment) -> bigint = month({local0})
week(moment) -> bigint = week({local0})
week_of_year(moment) -> bigint = week({local0})
day(moment) -> bigint = day({local0})
day_of_month(moment) -> bigint = day({local0})
day_of_week(moment) -> bigint = isodow({local0})
dow(moment) -> bigint = isodow({local0})
day_of_year(moment) -> bigint = dayofyear({local0})
doy(moment) -> bigint = dayofyear({local0})
year_of_week(moment) -> bigint = isoyear({local0})
yow(moment) -> bigint = isoyear({local0})
last_day_of_month(moment) -> date = last_day({local0})
millisecond(timestamp) -> bigint = (millisecond({local0}) % 1000)
from_unixtime(double) -> timestamp(3) with time zone = trino_unixtime({0})
to_unixtime(timestamp) -> double = (epoch_us({0}) / 1000000)
from_iso8601_timestamp(varchar) -> timestamp(3) with time zone = trino_iso_timestamp({0})
format_datetime(timestamp, joda) -> varchar = strftime({local0}, {1})
format_datetime(timestamp, varchar) -> varchar = trino_joda_format({local0}::TIMESTAMP, {minutes}, {zone}, {1})
date_trunc(varchar, moment) -> same = {truncs}
date_trunc(unit, clock) -> same = {trunc}
date_add(unit, bigint, clock) -> same = {add}
date_diff(varchar, moment, moment) -> bigint = {diffs}
date_diff(unit, clock, clock) -> bigint = {diff}
year(interval year to month) -> bigint = (trino_interval_months({0}) // 12)
month(interval year to month) -> bigint = (trino_interval_months({0}) % 12)
day(interval day to second) -> bigint = (trino_interval_milliseconds({0}) // 86400000)
day_of_month(interval day to second) -> bigint = (trino_interval_milliseconds({0}) // 86400000)
hour(interval day to second) -> bigint = (trino_interval_milliseconds({0}) % 86400000 // 3600000)
minute(interval day to second) -> bigint = (trino_interval_milliseconds({0}) % 3600000 // 60000)
second(interval day to second) -> bigint = (trino_interval_milliseconds({0}) % 60000 // 1000)
millisecond(interval day to second) -> bigint = (trino_interval_milliseconds({0}) % 1000)
parse_datetime(varchar, joda) -> timestamp(3) with time zone = timezone('UTC', strptime({0}, {1}))
date(varchar) -> date = CAST(trino_date_text({0}) AS DATE)
hour(timestamp) -> bigint = hour({local0})
minute(timestamp) -> bigint = minute({local0})
second(timestamp) -> bigint = second({local0})
hour(clock) -> bigint = hour({0})
minute(clock) -> bigint = minute({0})
second(clock) -> bigint = second({0})
millisecond(clock) -> bigint = (millisecond({0}) % 1000)
timezone_hour(zoned) -> bigint = ({offset} // 60)
timezone_minute(zoned) -> bigint = ({offset} % 60)
from_unixtime(double, zone) -> timestamp(3) with time zone = trino_unixtime({0})
from_iso8601_date(varchar) -> date = CAST(trino_iso_date({0}) AS DATE)
to_iso8601(date) -> varchar = trino_date_shown({0})
to_iso8601(timestamp) -> varchar = {iso}
with_timezone(plain, zone) -> zoned = {there}
date_format(timestamp, mysql) -> varchar = strftime(trino_round_down({local0}::TIMESTAMP), {1})
date_parse(varchar, mysql) -> timestamp(3) = trino_date_parse({0}, {1})
parse_datetime(varchar, varchar) -> timestamp(3) with time zone = timezone('UTC', trino_joda_parse({0}, {1}))
date_format(timestamp, varchar) -> varchar = trino_date_format(trino_round_down({local0}::TIMESTAMP), {1})
date_parse(varchar, varchar) -> timestamp(3) = trino_date_parse_by({0}, {1})
sequence(date, date) -> array(date) = trino_dates({0}, {1}, to_days(CASE WHEN {0} > {1} THEN -1 ELSE 1 END))
sequence(date, date, interval day to second) -> array(date) = trino_dates({0}, {1}, {2})
sequence(date, date, interval year to month) -> array(date) = trino_dates({0}, {1}, {2})
sequence(plain, plain, interval day to second) -> array(same) = trino_moments({0}, {1}, {2})
sequence(plain, plain, interval year to month) -> array(same) = trino_moments({0}, {1}, {2})
to_milliseconds(interval day to second) -> bigint = trino_interval_milliseconds({0})
parse_duration(varchar) -> interval day to second = to_milliseconds(trino_duration({0}))
"""
