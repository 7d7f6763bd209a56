"""What services count for CloudWatch: added up here and sent by one thread, each second.

LocalStack's Lambda sends each count by a call of its own; its other services send none.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from localstack.aws.connect import connect_to
from localstack.runtime import events
from localstack.utils.bootstrap import is_api_enabled

EVERY_SECONDS = 1.0
METRICS_A_CALL = 1000
LOG = logging.getLogger(__name__)
Dimensions = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Source:
    """Whose metrics they are, such as one function's."""

    account: str
    region: str
    namespace: str
    dimensions: Dimensions


@dataclass
class Sample:
    count: int = 0
    total: float = 0.0
    least: float = float("inf")
    most: float = float("-inf")

    def add(self, value: float) -> None:
        self.count, self.total = self.count + 1, self.total + value
        self.least, self.most = min(self.least, value), max(self.most, value)


Samples = dict[tuple[Source, str], Sample]


class ServiceMetrics:
    """The thread begins with the first value."""

    def __init__(self) -> None:
        self._samples: Samples = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, source: Source, **values: float) -> None:
        """One value of each metric."""
        with self._lock:
            for name, value in values.items():
                self._samples.setdefault((source, name), Sample()).add(value)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._send_on, name="service-metrics", daemon=True
                )
                self._thread.start()

    def _send_on(self) -> None:
        while not events.infra_stopping.wait(EVERY_SECONDS):
            with self._lock:
                samples, self._samples = self._samples, {}
            for (account, region, namespace), data in _calls(samples).items():
                _send(account, region, namespace, data)


METRICS = ServiceMetrics()


def _calls(samples: Samples) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
    now = datetime.now(UTC)
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for (source, name), sample in samples.items():
        place = (source.account, source.region, source.namespace)
        found.setdefault(place, []).append(
            {
                "MetricName": name,
                "Dimensions": [{"Name": key, "Value": value} for key, value in source.dimensions],
                "Timestamp": now,
                "StatisticValues": {
                    "SampleCount": sample.count,
                    "Sum": sample.total,
                    "Minimum": sample.least,
                    "Maximum": sample.most,
                },
            }
        )
    return found


def _send(account: str, region: str, namespace: str, data: list[dict[str, Any]]) -> None:
    if not is_api_enabled("cloudwatch"):
        return
    cloudwatch = connect_to(aws_access_key_id=account, region_name=region).cloudwatch
    for start in range(0, len(data), METRICS_A_CALL):
        try:
            cloudwatch.put_metric_data(
                Namespace=namespace, MetricData=data[start : start + METRICS_A_CALL]
            )
        except Exception as error:  # what cannot be sent must not end the counting
            LOG.warning("Metrics of %s were not kept by CloudWatch: %s", namespace, error)
