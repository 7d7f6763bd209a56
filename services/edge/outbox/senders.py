"""The services that deliver by the outbox, and what is delivered again after a restart."""

from __future__ import annotations

import logging
from functools import partial
from importlib import import_module
from typing import Any

from services.edge.outbox.outbox import Outbox
from services.edge.service_loading import before_loading

LOG = logging.getLogger(__name__)
SENDERS = {"s3": "services.edge.outbox.buckets", "sns": "services.edge.outbox.topics"}


def register(outbox: Outbox) -> None:
    for service in SENDERS:
        before_loading(service, partial(_apply, service, outbox))


def deliver_waiting(outbox: Outbox) -> None:
    """Once the edge answers again: what it had not come to when it ended."""
    for number, service, item in outbox.waiting():
        LOG.info("Delivery %s of %s is made again", number, service)
        _module(service).send_again(outbox, number, item)


def _apply(service: str, outbox: Outbox) -> None:
    _module(service).apply(outbox)


def _module(service: str) -> Any:
    return import_module(SENDERS[service])
