"""Calendly's API of webhook subscriptions: create, list, read, delete; there is no update."""

from __future__ import annotations

from flask import Blueprint, Response, request

from services.calendly import subscriptions
from services.calendly.api.answers import (
    Answer,
    CalendlyError,
    collection,
    direction,
    invalid,
    not_found,
    resource,
)
from services.calendly.clock import Clock
from services.calendly.store import Row, Store, delete


def webhooks_api(store: Store, clock: Clock, deliver_to: frozenset[str]) -> Blueprint:
    api = Blueprint("webhooks", __name__, url_prefix="/webhook_subscriptions")

    @api.post("")
    def create() -> Answer:
        asked = request.get_json(silent=True)
        if not isinstance(asked, dict):
            raise invalid([("body", "must be a JSON object")])
        if found := subscriptions.problems(asked, deliver_to):
            raise invalid(found)
        return resource(
            subscriptions.document(added(store, subscriptions.row(asked, clock.now()))), 201
        )

    @api.get("")
    def show_all() -> Answer:
        asked = request.args.to_dict()
        missing = [(name, "is missing") for name in ("organization", "scope") if name not in asked]
        if found := missing + subscriptions.scope_problems(asked):
            raise invalid(found)
        _, descending = direction("created_at", default="created_at:asc")
        found_rows = store.rows(
            "SELECT * FROM subscriptions WHERE scope = ? AND owner IS ?",
            asked["scope"],
            subscriptions.owner(asked),
        )
        documents = [subscriptions.document(row) for row in found_rows]
        return collection(documents, lambda one: str(one["created_at"]), descending=descending)

    @api.get("/<identifier>")
    def show(identifier: str) -> Answer:
        kept = store.row("SELECT * FROM subscriptions WHERE id = ?", identifier)
        if kept is None:
            raise not_found()
        return resource(subscriptions.document(kept))

    @api.delete("/<identifier>")
    def remove(identifier: str) -> Response:
        with store.transaction() as write:
            if not delete(write, identifier):
                raise not_found()
        return Response(status=204)

    return api


def added(store: Store, row: Row) -> Row:
    with store.transaction() as write:
        same = "SELECT 1 FROM subscriptions WHERE url = ? AND owner IS ?"
        if store.rows(same, row["url"], row["owner"]):
            raise CalendlyError(409, "Already Exists", "Hook with this url already exists")
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        write.execute(f"INSERT INTO subscriptions ({names}) VALUES ({values})", row)
    return row
