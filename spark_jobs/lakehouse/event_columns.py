"""The 68 columns of fact_events as paths into a bronze object: `a.b[].c` is the column a_b_c."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# In the table's order. `[]` marks the arrays that are exploded; text unless a type follows.
_PATHS = """
ingestion_time
source
data.created_at
data.created_by
data.event
data.payload.cancel_url
data.payload.created_at
data.payload.email
data.payload.event
data.payload.first_name
data.payload.invitee_scheduled_by
data.payload.last_name
data.payload.name
data.payload.new_invitee
data.payload.no_show json
data.payload.old_invitee
data.payload.payment json
data.payload.reschedule_url
data.payload.rescheduled boolean
data.payload.routing_form_submission
data.payload.scheduling_method
data.payload.status
data.payload.textReminder_number
data.payload.timezone
data.payload.updated_at
data.payload.uri
data.payload.reconfirmation.confirmed_at
data.payload.reconfirmation.created_at
data.payload.scheduled_event.created_at
data.payload.scheduled_event.end_time
data.payload.scheduled_event.event_type
data.payload.scheduled_event.meeting_notes_html
data.payload.scheduled_event.meeting_notes_plain
data.payload.scheduled_event.name
data.payload.scheduled_event.start_time
data.payload.scheduled_event.status
data.payload.scheduled_event.updated_at
data.payload.scheduled_event.uri
data.payload.tracking.salesforce_uuid
data.payload.tracking.utm_campaign
data.payload.tracking.utm_content
data.payload.tracking.utm_medium
data.payload.tracking.utm_source
data.payload.tracking.utm_term
data.payload.questions_and_answers[].answer
data.payload.questions_and_answers[].position bigint
data.payload.questions_and_answers[].question
data.payload.scheduled_event.invitees_counter.active bigint
data.payload.scheduled_event.invitees_counter.limit bigint
data.payload.scheduled_event.invitees_counter.total bigint
data.payload.scheduled_event.location.join_url
data.payload.scheduled_event.location.location
data.payload.scheduled_event.location.status
data.payload.scheduled_event.location.type
data.payload.scheduled_event.event_guests[].created_at
data.payload.scheduled_event.event_guests[].email
data.payload.scheduled_event.event_guests[].updated_at
data.payload.scheduled_event.event_memberships[].user
data.payload.scheduled_event.event_memberships[].user_email
data.payload.scheduled_event.event_memberships[].user_name
data.payload.scheduled_event.location.data.id bigint_or_digits
data.payload.scheduled_event.location.data.password
data.payload.scheduled_event.location.data.extra.intl_numbers_url
data.payload.scheduled_event.location.data.settings.global_dial_in_numbers[].city
data.payload.scheduled_event.location.data.settings.global_dial_in_numbers[].country
data.payload.scheduled_event.location.data.settings.global_dial_in_numbers[].country_name
data.payload.scheduled_event.location.data.settings.global_dial_in_numbers[].number
data.payload.scheduled_event.location.data.settings.global_dial_in_numbers[].type
"""

# The column keeps its published spelling; Calendly writes the other one, which goes first.
ALIASES = {"data.payload.textReminder_number": "data.payload.text_reminder_number"}

# Fields that Calendly is known to send and fact_events has no column for.
_WITHOUT_COLUMN = """
data.payload.cancellation
data.payload.scheduled_event.cancellation
data.payload.scheduled_event.location.additional_info
data.payload.scheduled_event.location.data.uniqueMeetingId
data.payload.scheduled_event.location.data.conferenceCallInfo
data.payload.scheduled_event.location.data.audioConferencing
data.payload.scheduled_event.location.data.telephony
"""


@dataclass(frozen=True)
class EventColumn:
    """A column: its name, where its value is (`keys`, within an element of `array` if set)."""

    name: str
    kind: str
    keys: tuple[str, ...]
    alias: tuple[str, ...] | None
    array: str | None

    @property
    def sql_type(self) -> str:
        """The type in the table."""
        types = {"json": "string", "bigint_or_digits": "bigint"}
        return types.get(self.kind, self.kind)


def _column(line: str) -> EventColumn:
    path, _, kind = line.partition(" ")
    array, _, element = path.rpartition("[].")
    alias = ALIASES.get(path)
    return EventColumn(
        name=path.replace("[]", "").replace(".", "_"),
        kind=kind or "string",
        keys=tuple((element if array else path).split(".")),
        alias=tuple(alias.split(".")) if alias else None,
        array=array or None,
    )


EVENT_COLUMNS = tuple(_column(line) for line in _PATHS.split("\n") if line)
ARRAYS = tuple(dict.fromkeys(column.array for column in EVENT_COLUMNS if column.array))
SCALARS = tuple(column for column in EVENT_COLUMNS if not column.array)
# Short, unique names of the arrays, for the columns that hold them before the explosion.
ARRAY_NAMES = {path: path.rpartition(".")[2] for path in ARRAYS}


def columns_of(array: str) -> tuple[EventColumn, ...]:
    """The columns that come from one element of the array."""
    return tuple(column for column in EVENT_COLUMNS if column.array == array)


def _known_paths() -> Iterator[str]:
    for line in (*_PATHS.split("\n"), *_WITHOUT_COLUMN.split("\n"), *ALIASES.values()):
        yield line.partition(" ")[0].replace("[]", "")


KNOWN_FIELDS = frozenset(path for path in _known_paths() if path)
# The objects (and arrays of objects) that known fields are in.
KNOWN_OBJECTS = frozenset(
    ".".join(path.split(".")[:depth])
    for path in KNOWN_FIELDS
    for depth in range(1, path.count(".") + 1)
)
