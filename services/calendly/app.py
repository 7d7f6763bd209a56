"""The simulator's HTTP interface: Calendly's API v2 behind a token, and what steers the simulator.

/users /organizations /organization_memberships /groups /event_types     api/people.py
/scheduled_events                                                        api/events.py
/invitees /invitee_no_shows /scheduled_events/<id>/cancellation          api/changes.py
/webhook_subscriptions                                                   api/webhooks.py
/simulator/...  clock, scenarios, deliveries, outage: JSON, no token     control.py
/  /deliveries/<id>  a page to watch and to trigger                      page.py
/health
"""

from __future__ import annotations

import hmac

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from services.admission_wsgi import admitting
from services.calendly.api.answers import Answer, CalendlyError, not_found
from services.calendly.api.changes import changes_api
from services.calendly.api.events import events_api
from services.calendly.api.people import people_api
from services.calendly.api.webhooks import webhooks_api
from services.calendly.clock import Clock
from services.calendly.control import control
from services.calendly.deliveries import Deliveries
from services.calendly.page import page
from services.calendly.settings import Settings
from services.calendly.store import Store

OPEN = ("/health", "/simulator/", "/deliveries/")


def create_app(settings: Settings, store: Store, clock: Clock, deliveries: Deliveries) -> Flask:
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    admitted = admitting(app.wsgi_app, settings.names)
    app.wsgi_app = admitted  # type: ignore[assignment, method-assign]
    app.register_error_handler(CalendlyError, CalendlyError.answer)
    app.register_error_handler(HTTPException, in_calendlys_form)
    expected = f"Bearer {settings.token}".encode()

    @app.before_request
    def check_token() -> Answer | None:
        if request.path == "/" or request.path.startswith(OPEN):
            return None
        sent = request.headers.get("Authorization", "").encode()
        if hmac.compare_digest(sent, expected):
            return None
        return CalendlyError(401, "Unauthenticated", "The access token is invalid").answer()

    @app.get("/health")
    def health() -> Response:
        return jsonify(status="ok", next_due=store.next_due())

    app.register_blueprint(people_api())
    app.register_blueprint(events_api(store))
    app.register_blueprint(changes_api(store, clock, deliveries.wake))
    app.register_blueprint(webhooks_api(store, clock, settings.deliver_to))
    app.register_blueprint(control(store, clock, deliveries))
    app.register_blueprint(page(store, clock))
    return app


def in_calendlys_form(error: HTTPException) -> Answer:
    if error.code == 404:
        return not_found().answer()
    return CalendlyError(error.code or 500, error.name, error.description or error.name).answer()
