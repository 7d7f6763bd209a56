"""What steers the simulator, as JSON: clock, outage, scenarios, deliveries. It asks for no token.

GET  /simulator/state
POST /simulator/clock       {"now": "<ISO time>", "speed": <factor>}, either or both
POST /simulator/jump        {"seconds": <n>}: make all attempts that are due by then, then answer
POST /simulator/outage      {"seconds": <n>}: from now on no connection; 0 ends it
GET  /simulator/scenarios
POST /simulator/scenarios/<name>  {"seed", "day", "size", "paced"}, all optional
GET  /simulator/deliveries  ?state=&limit=, the newest first
GET  /simulator/deliveries/<id>   with its body and attempts
POST /simulator/deliveries/<id>/again   one more message with the same body, now

A form may be sent instead of JSON: then the answer leads back to the page.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, request

from sample_data import generator
from services.calendly import scenarios, subscriptions
from services.calendly.api.answers import Answer, invalid, not_found
from services.calendly.clock import Clock, seconds, stamp
from services.calendly.deliveries import Deliveries
from services.calendly.store import Row, Store

Document = dict[str, Any]
PAGE, FORM = "/", "application/x-www-form-urlencoded"
MOST_BOOKINGS, FASTEST = 100_000, 1_000_000.0
STATES = "SELECT state, count(*) AS count FROM messages GROUP BY state"
COLUMNS = (
    "id, subscription, event, signing, state, due_at, first_at, attempts, status, answer, outcome"
)


def control(store: Store, clock: Clock, deliveries: Deliveries) -> Blueprint:
    part = Blueprint("control", __name__, url_prefix="/simulator")

    @part.get("/state")
    def show_state() -> Response:
        return jsonify(state(store, clock))

    @part.post("/clock")
    def set_clock() -> Response:
        asked = body()
        now = asked.get("now")
        speed = number(asked, "speed", 0.0, FASTEST) if "speed" in asked else None
        try:
            clock.set(None if now is None else seconds(now), speed)
        except (ValueError, TypeError) as error:
            raise invalid([("now", "must be a time such as 2026-01-14T15:00:00Z")]) from error
        deliveries.wake()
        return jsonify(state(store, clock))

    @part.post("/jump")
    def jump() -> Response:
        deliveries.jump(clock.now() + number(body(), "seconds", 0.0, 366 * 86_400.0))
        return jsonify(state(store, clock))

    @part.post("/outage")
    def outage() -> Response:
        store.set_outage(clock.now() + number(body(), "seconds", 0.0, 366 * 86_400.0))
        return jsonify(state(store, clock))

    @part.after_request
    def back_to_the_page(answer: Response) -> Response:
        is_form = request.method == "POST" and request.mimetype == FORM
        return redirect(PAGE, 303) if is_form and answer.status_code < 300 else answer  # type: ignore[return-value]

    add_scenarios(part, store, clock, deliveries)
    add_deliveries(part, store, clock, deliveries)
    return part


def add_scenarios(part: Blueprint, store: Store, clock: Clock, deliveries: Deliveries) -> None:
    @part.get("/scenarios")
    def show_scenarios() -> Response:
        known = scenarios.SCENARIOS.items()
        return jsonify([{"name": name, "told": one.told, "size": one.size} for name, one in known])

    @part.post("/scenarios/<name>")
    def play(name: str) -> Answer:
        asked = body()
        name = asked.get("scenario", name)  # which a form can only tell so
        if name not in scenarios.SCENARIOS:
            known = ", ".join(scenarios.SCENARIOS)
            raise invalid([("scenario", f"must be one of {known}; found {name!r}")])
        size = int(number(asked, "size", 1, MOST_BOOKINGS)) if asked.get("size") else None
        seed = int(number(asked, "seed", 0, 2**63)) if asked.get("seed") else generator.SEED
        try:
            day = date.fromisoformat(asked.get("day") or generator.FIRST_DAY.isoformat())
        except (ValueError, TypeError) as error:
            raise invalid([("day", "must be a day such as 2026-01-14")]) from error
        made = scenarios.occurrences(name, seed, day, size)
        now = clock.now()
        if outage := scenarios.SCENARIOS[name].outage_seconds:
            store.set_outage(now + outage)
        store.plan(scenarios.from_now(made, now, paced=asked.get("paced") in (True, "true")))
        deliveries.wake()
        told = len(store.rows("SELECT 1 FROM subscriptions WHERE state = 'active'"))
        return jsonify(scenario=name, seed=seed, happens=len(made), subscriptions=told), 202


def add_deliveries(part: Blueprint, store: Store, clock: Clock, deliveries: Deliveries) -> None:
    @part.get("/deliveries")
    def show_deliveries() -> Response:
        asked = request.args.to_dict()
        limit = int(number({"limit": 100, **asked}, "limit", 1, 10_000))
        return jsonify(newest(store, asked.get("state", ""), limit))

    @part.get("/deliveries/<int:identifier>")
    def show(identifier: int) -> Response:
        found = with_tries(store, identifier)
        if found is None:
            raise not_found()
        return jsonify(found)

    @part.post("/deliveries/<int:identifier>/again")
    def again(identifier: int) -> Answer:
        with store.transaction() as write:
            made = write.execute(
                "INSERT INTO messages (subscription, event, body, signing, state, due_at)"
                " SELECT subscription, event, body, signing, 'pending', ? FROM messages"
                " WHERE id = ? AND subscription IN"
                " (SELECT id FROM subscriptions WHERE state = 'active')",
                (clock.now(), identifier),
            )
        if not made.rowcount:
            raise not_found()
        deliveries.wake()
        return jsonify(id=made.lastrowid), 202


def state(store: Store, clock: Clock) -> Document:
    due, outage = store.next_due(), store.outage_until()
    rows = store.rows("SELECT * FROM subscriptions ORDER BY created_at")
    return {
        "now": stamp(clock.now()),
        "speed": clock.speed,
        "outage_until": stamp(outage) if outage > clock.now() else None,
        "next_due": None if due is None else stamp(due),
        "deliveries": {row["state"]: row["count"] for row in store.rows(STATES)},
        "to_happen": len(store.rows("SELECT 1 FROM occurrences")),
        "subscriptions": [subscriptions.document(row) for row in rows],
    }


def newest(store: Store, state_: str, limit: int) -> list[Document]:
    """Deliveries of a state, or of all where it is empty."""
    found = store.rows(
        f"SELECT {COLUMNS} FROM messages WHERE ? IN ('', state) ORDER BY id DESC LIMIT ?",
        state_,
        limit,
    )
    return [readable(row) for row in found]


def with_tries(store: Store, identifier: int) -> Document | None:
    """A delivery with its body as text and its attempts."""
    message = store.row("SELECT * FROM messages WHERE id = ?", identifier)
    if message is None:
        return None
    text = message.pop("body").decode("utf-8", "replace")
    tries = store.rows("SELECT * FROM attempts WHERE message = ? ORDER BY at", identifier)
    return {**readable(message), "body": text, "tries": [readable(attempt) for attempt in tries]}


def readable(row: Row) -> Document:
    """Times as Calendly writes them."""
    times = ("due_at", "first_at", "at")
    return {
        name: stamp(value) if name in times and value is not None else value
        for name, value in row.items()
    }


def body() -> Document:
    """The JSON object, or the fields of a form."""
    found = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    return found if isinstance(found, dict) else {}


def number(asked: Document, name: str, least: float, most: float) -> float:
    try:
        found = float(asked[name])
    except (KeyError, TypeError, ValueError) as error:
        raise invalid([(name, f"must be a number from {least:g} to {most:g}")]) from error
    if not least <= found <= most:
        raise invalid([(name, f"must be a number from {least:g} to {most:g}")])
    return found
