"""The marketing channels of channels.json, and the channel of a booking's event type."""

from __future__ import annotations

import json
import pkgutil
from dataclasses import dataclass
from functools import cache
from itertools import chain

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

OTHERS = "others"


class ChannelConfigError(ValueError):
    """The channel configuration is missing or contradicts itself."""


@dataclass(frozen=True)
class Channel:
    """A channel, the event types (uuids) booked through it, and its name in the spend files."""

    name: str
    event_types: tuple[str, ...]
    spend_name: str | None = None


@cache
def channels() -> tuple[Channel, ...]:
    """The configured channels in the file's order, then `others`, which has no event types."""
    # get_data also reads from inside the zip that Spark puts on the path; a plain open() does not.
    text = pkgutil.get_data("lakehouse", "channels.json")
    if text is None:
        raise ChannelConfigError(
            "Expected lakehouse/channels.json beside lakehouse/channels.py, found none: "
            "package the whole lakehouse folder."
        )
    return parse_channels(text)


def parse_channels(text: bytes) -> tuple[Channel, ...]:
    """The channels of a configuration text, with `others` last."""
    configured = tuple(
        Channel(entry["name"], tuple(entry["event_types"]), entry.get("spend_name"))
        for entry in json.loads(text)["channels"]
    )
    _require_unique("name", [OTHERS] + [c.name for c in configured])
    _require_unique("event type", [t for c in configured for t in c.event_types])
    _require_unique("spend name", [c.spend_name for c in configured if c.spend_name])
    return (*configured, Channel(OTHERS, ()))


def _require_unique(what: str, values: list[str]) -> None:
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise ChannelConfigError(
            f"Expected each {what} once in channels.json ('{OTHERS}' is always there), "
            f"found {', '.join(repeated)} more than once: remove the repetition."
        )


def channel_names() -> tuple[str, ...]:
    """The names of all channels, `others` last."""
    return tuple(channel.name for channel in channels())


def channel_by_spend_name() -> dict[str, str]:
    """Channel names by their names in the spend files."""
    return {c.spend_name: c.name for c in channels() if c.spend_name}


def channel_of(event_type_id: str | None) -> str:
    """The channel that the event type (a uuid) belongs to; `others` for every unknown one."""
    return _channel_by_event_type().get(event_type_id or "", OTHERS)


def with_channel(frame: DataFrame, event_type_column: str) -> DataFrame:
    """The frame with the column `channel`, from the column that holds the event type's uuid."""
    by_event_type = _channel_by_event_type()
    if not by_event_type:
        return frame.withColumn("channel", F.lit(OTHERS))
    mapping = F.create_map(*(F.lit(text) for text in chain(*by_event_type.items())))
    return frame.withColumn(
        "channel", F.coalesce(F.try_element_at(mapping, F.col(event_type_column)), F.lit(OTHERS))
    )


def _channel_by_event_type() -> dict[str, str]:
    return {t: channel.name for channel in channels() for t in channel.event_types}
