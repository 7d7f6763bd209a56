"""The members of the organisation by name: the tables of silver in, names by id out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from pipeline.masking import masked_name

USER = "data_payload_scheduled_event_event_memberships_user"
NAME = "data_payload_scheduled_event_event_memberships_user_name"
IDS = "SELECT DISTINCT unnest(employee_ids) AS id FROM fact_bookings"
NAMES = f"""
    SELECT regexp_extract(rtrim({USER}, '/'), '([^/]+)$', 1), min({NAME})
    FROM fact_events WHERE {USER} IS NOT NULL AND {NAME} IS NOT NULL
    GROUP BY 1
"""


def labels(connection: Any, *, is_masked: bool) -> dict[str, str]:
    """What to call each member of a booking, by id, in the order of these: the name, masked where
    it is not asked for; the end of the id too where two would be called alike."""
    ids = [user_id for (user_id,) in connection.execute(IDS).fetchall()]
    names = dict(connection.execute(NAMES).fetchall())
    return distinct({user_id: _label(user_id, names, is_masked) for user_id in ids})


def distinct(names: Mapping[str, str]) -> dict[str, str]:
    often = Counter(names.values())
    told = {i: f"{name} · {i[-4:]}" if often[name] > 1 else name for i, name in names.items()}
    return dict(sorted(told.items(), key=lambda item: (item[1], item[0])))


def _label(user_id: str, names: Mapping[str, str], is_masked: bool) -> str:
    name = names.get(user_id)
    if name is None:
        return f"Member {user_id[:8]}"
    return masked_name(name) if is_masked else name
