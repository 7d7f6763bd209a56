"""Gold computed a second time, in DuckDB over the raw bronze JSON; shares no code with the jobs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow

BRONZE = pyarrow.schema({"key": pyarrow.string(), "raw": pyarrow.string()})
TIMESTAMP = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$"

DELIVERIES = """
CREATE TABLE deliveries AS
WITH parsed AS (
    SELECT key, raw->>'$.ingestion_time' AS ingestion_time, raw->'$.data' AS envelope,
           raw->'$.data.payload' AS payload
    FROM bronze WHERE json_valid(raw)
), typed AS (
    SELECT *,
        CASE WHEN json_type(envelope, '$.event') = 'VARCHAR' THEN envelope->>'$.event' END AS event,
        CASE WHEN json_type(payload, '$.uri') = 'VARCHAR'
             THEN nullif(trim(split_part(rtrim(payload->>'$.uri', '/'), '/', -1)), '') END
             AS invitee_id,
        CASE WHEN json_type(envelope, '$.created_at') = 'VARCHAR'
              AND regexp_matches(envelope->>'$.created_at', $timestamp)
             THEN try_cast(envelope->>'$.created_at' AS TIMESTAMP) END AS created_at,
        CASE WHEN json_type(payload, '$.scheduled_event.start_time') = 'VARCHAR'
              AND regexp_matches(payload->>'$.scheduled_event.start_time', $timestamp)
             THEN try_cast(payload->>'$.scheduled_event.start_time' AS TIMESTAMP) END
             AS start_time,
        greatest(1, coalesce(json_array_length(payload, '$.questions_and_answers'), 0))
        * greatest(1, coalesce(json_array_length(payload, '$.scheduled_event.event_guests'), 0))
        * greatest(1, coalesce(
            json_array_length(payload, '$.scheduled_event.event_memberships'), 0))
        * greatest(1, coalesce(json_array_length(payload,
            '$.scheduled_event.location.data.settings.global_dial_in_numbers'), 0))
        AS combinations
    FROM parsed
)
SELECT *, list_position(['invitee.created', 'invitee.canceled', 'invitee_no_show.created',
                         'invitee_no_show.deleted'], event) AS event_order
FROM typed
WHERE event_order IS NOT NULL AND invitee_id IS NOT NULL AND created_at IS NOT NULL
  AND start_time IS NOT NULL AND combinations <= 10000
  AND created_at <= ingestion_time::TIMESTAMP + INTERVAL 5 MINUTE
"""

BOOKINGS = """
CREATE TABLE bookings AS
SELECT invitee_id, start_time,
    start_time::DATE AS booking_date, key AS bronze_key,
    CASE split_part(payload->>'$.scheduled_event.event_type', '/', -1)
        WHEN 'dbb4ec50-38cd-4bcd-bbff-efb7b5a6f098' THEN 'youtube'
        WHEN 'bb339e98-7a67-4af2-b584-8dbf95564312' THEN 'tiktok'
        WHEN 'd639ecd3-8718-4068-955a-436b10d72c78' THEN 'facebook'
        ELSE 'others' END AS channel,
    CASE WHEN payload->>'$.status' = 'canceled' THEN 'canceled'
         WHEN json_type(payload, '$.no_show') = 'OBJECT' THEN 'no_show' ELSE 'active' END AS status,
    coalesce((payload->>'$.rescheduled')::BOOLEAN, false) AS rescheduled,
    split_part(coalesce(payload->>'$.scheduled_event.uri', payload->>'$.event'), '/', -1)
        AS scheduled_event_id,
    list_transform(
        list_filter(payload->>'$.scheduled_event.event_memberships[*].user',
                    lambda u: u IS NOT NULL),
        lambda u: split_part(u, '/', -1)) AS employee_ids
FROM deliveries
QUALIFY row_number() OVER (PARTITION BY invitee_id
                           ORDER BY created_at DESC, event_order DESC, key DESC) = 1
"""

GOLD = {
    "gold_cpb_by_channel": """
        SELECT channel, coalesce(b.n, 0), coalesce(s.spend, 0.0),
               CASE WHEN coalesce(b.n, 0) = 0 THEN 0.0 ELSE coalesce(s.spend, 0.0) / b.n END
        FROM channels
        LEFT JOIN (SELECT channel, count(*) AS n FROM counted GROUP BY 1) b USING (channel)
        LEFT JOIN (SELECT channel, sum(spend)::DOUBLE AS spend FROM spend GROUP BY 1) s
            USING (channel) ORDER BY ALL""",
    "gold_daily_bookings_by_channel": """
        SELECT d.booking_date, c.channel, count(b.invitee_id), week(d.booking_date)
        FROM (SELECT DISTINCT booking_date FROM counted) d CROSS JOIN channels c
        LEFT JOIN counted b ON b.booking_date = d.booking_date AND b.channel = c.channel
        GROUP BY ALL ORDER BY ALL""",
    "gold_booking_time_analysis": """
        SELECT channel, hour(start_time), dayofweek(start_time) + 1, count(*)
        FROM counted GROUP BY ALL ORDER BY ALL""",
    "gold_meeting_load_per_employee": """
        SELECT user_id, count(DISTINCT scheduled_event_id)
        FROM (SELECT unnest(employee_ids) AS user_id, scheduled_event_id FROM bookings
              WHERE status <> 'canceled') GROUP BY 1 ORDER BY ALL""",
    "gold_booking_outcomes": """
        SELECT c.channel, count(*) FILTER (NOT rescheduled) AS bookings,
            count(*) FILTER (NOT rescheduled AND status = 'canceled') AS canceled,
            count(*) FILTER (rescheduled), count(*) FILTER (NOT rescheduled AND status = 'no_show')
                AS no_show, bookings - canceled - no_show
        FROM channels c LEFT JOIN bookings b ON b.channel = c.channel
        GROUP BY 1 ORDER BY ALL""",
    "metrics_by_day": """
        SELECT coalesce(b.day, s.day) AS day, coalesce(b.channel, s.channel) AS channel,
            coalesce(b.n, 0), round(coalesce(s.spend, 0.0), 6)
        FROM (SELECT booking_date AS day, channel, count(*) AS n FROM counted GROUP BY ALL) b
        FULL JOIN (SELECT day, channel, sum(spend)::DOUBLE AS spend FROM spend GROUP BY ALL) s
            ON b.day = s.day AND b.channel = s.channel ORDER BY ALL""",
}


def independent(events: dict[str, str], spend: dict[str, str]) -> duckdb.DuckDBPyConnection:
    """A connection with `bookings`, `counted`, `spend`, `channels`, from objects by their keys."""
    connection = duckdb.connect()
    columns = {"key": list(events), "raw": list(events.values())}
    connection.register("bronze", pyarrow.table(columns, schema=BRONZE))
    connection.execute(DELIVERIES, {"timestamp": TIMESTAMP})
    connection.execute(BOOKINGS)
    connection.execute("CREATE VIEW counted AS FROM bookings WHERE NOT rescheduled")
    connection.execute(
        "CREATE TABLE channels AS SELECT unnest(['facebook', 'others', 'tiktok', 'youtube'])"
        " AS channel"
    )
    connection.execute("CREATE TABLE spend (day DATE, channel VARCHAR, spend DECIMAL(18, 2))")
    rows = [row for key, text in spend.items() for row in valid_spend(key, text)]
    connection.executemany("INSERT INTO spend VALUES (?, ?, ?)", rows)
    return connection


def valid_spend(key: str, text: str) -> Iterator[tuple[str, str, str]]:
    """Day, channel and USD of a file's rows that count; a file that is no JSON array has none."""
    try:
        found = json.loads(text)
    except ValueError:
        return
    day = key.split("spend_date=")[1].removesuffix(".json")
    channels = ["facebook_paid_ads", "tiktok_paid_ads", "youtube_paid_ads"]
    for row in found if isinstance(found, list) else []:
        spend = row.get("spend")
        is_amount = type(spend) in (int, float) and 0 <= spend < math.inf
        if row.get("date") == day and row.get("channel") in channels and is_amount:
            yield day, row["channel"].removesuffix("_paid_ads"), str(spend)


def assert_gold_is_right(stack: Any) -> None:
    second = independent(
        stack.objects("project6-bronze-bucket", "events/"),
        stack.objects("project6-bronze-bucket", "marketing/spend_date="),
    )
    for name, query in GOLD.items():
        if name == "metrics_by_day":
            found = stack.query(
                "SELECT booking_date, channel, sum(total_bookings)::BIGINT,"
                " round(sum(total_spend), 6) FROM gold_booking_metrics GROUP BY ALL ORDER BY ALL"
            )
        else:
            found = stack.query(f"SELECT * FROM {name} ORDER BY ALL")
        assert found == second.sql(query).fetchall(), name
