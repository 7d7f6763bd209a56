"""From a number to its webhook: a cell's bookings, a booking's deliveries, a delivery's body.

All in a dialog that the URL opens, so that "back" leads from the body to the page step by step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

import streamlit as st

from dashboard import markup, privacy, rows, url
from dashboard.access import Access
from dashboard.figures import DASH, count
from dashboard.overview import cells
from dashboard.overview.cells import Cell
from dashboard.overview.queries import Filters
from dashboard.panels import data_menu, told
from dashboard.query import Query
from dashboard.rows import chooser
from pipeline import deliveries, evidence, masking, objects
from pipeline.deliveries import Delivery, Trail
from pipeline.evidence import Booking

MOST_ROWS = 200
HEADS = ["Booking", "Starts (UTC)", "Channel", "Status", "Members"]


class ListedBooking(NamedTuple):
    """A row of the list's download."""

    invitee_id: str
    channel: str
    booking_date: Any
    event_start_time: Any
    status: str
    bronze_key: str


def open_cell(cell: Cell) -> None:
    url.put({"cell": cell.text, "booking": None})


def cell_of_mark(mark: Mapping[str, Any]) -> Cell:
    """What a chart's mark counts: a day of a channel."""
    return Cell("bookings", {"booking_date": mark["day"], "channel": mark["channel"]})


def show(access: Access, connection: Any, chosen: Filters, names: Mapping[str, str]) -> None:
    """The dialog, where the URL names a cell or a booking."""
    cell = cells.cell_of(url.value("cell"))
    if cell is None and url.value("booking") is None:
        return

    was_masked = privacy.is_masked()

    def body() -> None:
        if privacy.is_masked() != was_masked:
            st.rerun()  # the names are of the page, and its title
        invitee = url.value("booking")
        if invitee is not None:
            of_booking(access, connection, invitee, names, has_list=cell is not None)
        elif cell is not None:
            of_cell(connection, cell, chosen, names)

    title = cells.title(cell, names) if cell else "Booking"
    close = {"cell": None, "booking": None}
    st.dialog(title, width="large", on_dismiss=lambda: url.put(close))(body)()


def of_cell(connection: Any, cell: Cell, chosen: Filters, names: Mapping[str, str]) -> None:
    selection = cells.selection(cell, chosen)
    number = evidence.count(connection, selection)
    if not number:
        st.html(markup.empty("No bookings", "Nothing was booked here: the cell counts 0."))
        return
    found = evidence.bookings(connection, selection, limit=MOST_ROWS)
    first = f"; the first {MOST_ROWS} are listed" if number > MOST_ROWS else ""
    columns = ", ".join(ListedBooking._fields)
    query = Query(ListedBooking, evidence.statement(selection, columns), selection.conditions)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        noun = "booking" if number == 1 else "bookings"
        st.html(
            f'<p class="lead">{count(number)} {noun}{first}. Choose one to see its webhook.</p>'
        )
        data_menu("this list", "listing_data", query, connection)
    listed = {booking.invitee_id: _cells(booking, names) for booking in found}
    rows.table("bookings", HEADS, listed, lambda invitee: url.put({"booking": invitee}))


def of_booking(
    access: Access,
    connection: Any,
    invitee: str,
    names: Mapping[str, str],
    *,
    has_list: bool,
) -> None:
    booking = evidence.booking(connection, invitee)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if has_list:
            st.button(
                "All bookings of the cell",
                icon=":material/arrow_back:",
                type="tertiary",
                on_click=lambda: url.put({"booking": None}),
            )
        privacy.toggle("names_of_booking")
    if booking is None:
        text = f"Silver has no booking {invitee}: the address may be of another lake."
        st.html(markup.empty("No such booking", text))
        return
    st.html(_facts(booking, names))
    with told(again=False):
        of_trail(access, _trail(booking, access, connection))


def of_trail(access: Access, found: Trail) -> None:
    st.html('<h3 class="panel-title">Deliveries, the newest first</h3>')
    if not found.is_whole:
        part = f"{count(found.read)} of {count(found.listed)}"
        st.html(markup.notice(f"Only {part} objects of the booking's days were looked through."))
    if not found.deliveries:
        st.caption("Bronze holds none of them any more.")
    for delivery in found.deliveries:
        label = f":{_COLOURS[delivery.fate]}-badge[{delivery.fate}] {delivery.event or DASH}"
        with st.expander(label, key=f"body_{delivery.bronze_key}", on_change="rerun") as box:
            st.html(_delivery(delivery))
            if box.open:
                st.code(_body(access, delivery.bronze_key), language="json", height=420)


def _body(access: Access, key: str) -> str:
    raw = _called(access, lambda s3, bucket: objects.body(s3, bucket, key))
    if raw is None:
        return f"(bronze has no {key} any more)"
    return masking.masked_body(raw) if privacy.is_masked() else masking.readable_body(raw)


def _trail(booking: Booking, access: Access, connection: Any) -> Trail:
    # What bronze holds changes with each webhook: the trail is kept as long as the booking is open.
    kept = st.session_state.get("trail")
    if kept is None or kept[0] != booking:
        with st.spinner("Looking through bronze …"):
            found = _called(
                access, lambda s3, bucket: deliveries.trail(s3, bucket, connection, booking)
            )
        kept = st.session_state["trail"] = (booking, found)
    trail: Trail = kept[1]
    return trail


def _called(access: Access, call: Any) -> Any:
    bucket = access.settings.resources.bronze_bucket
    return access.asked(lambda: call(access.client("s3"), bucket), bucket)


_COLOURS = {"winner": "green", "superseded": "gray", "rejected": "red", "waiting": "orange"}


def _cells(booking: Booking, names: Mapping[str, str]) -> list[str]:
    return [
        chooser(f"<code>{escape(booking.invitee_id[:13])}</code>", booking.invitee_id),
        f"{booking.event_start_time:%-d %b %Y, %H:%M}",
        escape(booking.channel),
        escape(booking.status.replace("_", "-")),
        escape(_members(booking.employee_ids, names)),
    ]


def _members(ids: Sequence[str] | None, names: Mapping[str, str]) -> str:
    return ", ".join(names.get(i, i) for i in ids or []) or DASH


def _facts(booking: Booking, names: Mapping[str, str]) -> str:
    facts = {
        "Booking": booking.invitee_id,
        "Channel": booking.channel,
        "Starts": f"{booking.event_start_time:%-d %b %Y, %H:%M} UTC",
        "Status": booking.status.replace("_", "-") + (", moved" if booking.rescheduled else ""),
        "Members": _members(booking.employee_ids, names),
    }
    return markup.definitions(facts)


def _delivery(delivery: Delivery) -> str:
    facts = {
        "Created": delivery.created_at or DASH,
        "Received": delivery.ingested_at or DASH,
        "Object": delivery.bronze_key,
    }
    if delivery.reasons:
        facts["Reasons"] = ", ".join(delivery.reasons)
    return markup.definitions(facts)
