"""S3's event notifications: acknowledged with the object, so kept until they are delivered.

LocalStack hands them to threads only (services/s3/notifications.py).
"""

from __future__ import annotations

from typing import Any

from localstack.services.plugins import SERVICE_PLUGINS
from localstack.services.s3.notifications import NotificationDispatcher
from localstack.utils.patch import Patch

from services.edge.outbox.outbox import Outbox


def apply(outbox: Outbox) -> None:
    def submit(self: Any, notifier: Any, context: Any, configuration: Any) -> None:
        kind = next(name for name, one in self.notifiers.items() if one is notifier)
        number = outbox.put("s3", (kind, context, configuration))
        _submit(self, outbox, number, kind, context, configuration)

    Patch(NotificationDispatcher, "_submit_notification", submit).apply()


def send_again(outbox: Outbox, number: int, item: Any) -> None:
    dispatcher = SERVICE_PLUGINS.require("s3")._provider._notification_dispatcher
    _submit(dispatcher, outbox, number, *item)


def _submit(
    dispatcher: Any, outbox: Outbox, number: int, kind: str, context: Any, configuration: Any
) -> None:
    notifier = dispatcher.notifiers[kind]
    dispatcher.executor.submit(
        outbox.deliver, number, lambda: notifier.notify(context, configuration)
    )
