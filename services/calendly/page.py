"""The simulator's page for people: what waits, what was delivered, buttons to let things happen.

Its forms go to control.py, which leads a form back here; no page elsewhere can post them
(services/admission.py).
"""

from __future__ import annotations

from flask import Blueprint, render_template, request

from sample_data import generator
from services.calendly import control, scenarios
from services.calendly.api.answers import not_found
from services.calendly.clock import Clock
from services.calendly.store import Store

SHOWN = 50


def page(store: Store, clock: Clock) -> Blueprint:
    part = Blueprint("page", __name__)

    @part.get("/")
    def show() -> str:
        wanted = request.args.get("state", "")
        return render_template(
            "page.html",
            state=control.state(store, clock),
            wanted=wanted,
            deliveries=control.newest(store, wanted, SHOWN),
            scenarios=scenarios.SCENARIOS,
            seed=generator.SEED,
            day=generator.FIRST_DAY.isoformat(),
        )

    @part.get("/deliveries/<int:identifier>")
    def show_one(identifier: int) -> str:
        found = control.with_tries(store, identifier)
        if found is None:
            raise not_found()
        return render_template("delivery.html", delivery=found)

    return part
