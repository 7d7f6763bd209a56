"""CloudWatch's alarm scheduler keeps no process from ending.

LocalStack loads CloudWatch at its first call. Where that comes while the edge stops, as the count
of an invocation just made does, the scheduler's thread starts after all were told to end, and is
waited for without end. Mends localstack/services/cloudwatch/alarm_scheduler.py.
"""

from __future__ import annotations

import threading
from typing import Any

from localstack.services.cloudwatch.alarm_scheduler import AlarmScheduler
from localstack.utils.patch import patch
from localstack.utils.scheduler import Scheduler


def apply() -> None:
    @patch(AlarmScheduler.__init__)
    def initialise(_initialise: Any, self: Any) -> None:
        self.scheduler = Scheduler()
        self.scheduled_alarms = {}
        self.thread = threading.Thread(
            target=self.scheduler.run, name="cloudwatch-scheduler", daemon=True
        )
        self.thread.start()
