"""Many bodies in, each posted once to the webhook, counts by outcome out."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from services.calendly.sender import Result, Sender

EXAMPLES = 5
Item = TypeVar("Item")


class UnreachableError(Exception):
    """No delivery of the replay got any answer, so the rest was not tried."""


@dataclass(frozen=True)
class Summary:
    """sent = accepted + repeated + quarantined + refused + failed.

    accepted: made a bronze object; repeated: its bytes were stored before; refused: answered 4xx;
    failed: gave up. `retries` counts the attempts beyond the first of each; `problems` holds the
    first few answers of what was refused or failed.
    """

    sent: int
    accepted: int
    repeated: int
    quarantined: int
    refused: int
    failed: int
    retries: int
    seconds: float
    per_second: float
    problems: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether every delivery arrived and was taken."""
        return not self.refused and not self.failed

    def document(self) -> dict[str, Any]:
        return asdict(self)


def replay(
    bodies: Sequence[bytes],
    sender: Sender,
    *,
    concurrency: int,
    rate: float | None = None,
    each: Callable[[bytes, Result], None] = lambda _, __: None,
) -> Summary:
    """Post the bodies, in their order as far as several at once have one.

    `rate` is the most per second (None: as fast as it goes). `each` is called after every
    delivery, from one thread at a time, with its body and what became of it. Raises
    UnreachableError.
    """
    began = time.monotonic()
    results: list[Result] = []
    lock = threading.Lock()

    given_up = threading.Event()

    def post(position: int, body: bytes) -> None:
        if given_up.is_set():
            return
        if rate is not None:
            time.sleep(max(0.0, began + position / rate - time.monotonic()))
        result = sender.send(body)
        with lock:
            results.append(result)
            each(body, result)
            if all(one.status is None for one in results):
                given_up.set()
                raise UnreachableError(f"No delivery was answered: {result.answer}")

    with ThreadPoolExecutor(concurrency) as pool:
        for done in [pool.submit(post, position, body) for position, body in enumerate(bodies)]:
            done.result()
    return summary(results, time.monotonic() - began)


def summary(results: Sequence[Result], seconds: float) -> Summary:
    count = Counter(result.outcome for result in results)
    bad = [result for result in results if result.outcome in ("refused", "failed")]
    return Summary(
        sent=len(results),
        accepted=count["stored"],
        repeated=count["repeated"],
        quarantined=count["quarantined"],
        refused=count["refused"],
        failed=count["failed"],
        retries=sum(result.attempts - 1 for result in results),
        seconds=round(seconds, 3),
        per_second=round(len(results) / max(seconds, 0.001), 1),
        problems=tuple(f"{one.status or 'no answer'}: {one.answer}" for one in bad[:EXAMPLES]),
    )


def shuffled(items: Sequence[Item], seed: int) -> list[Item]:
    """The items in another order, the same for the same seed."""
    order = list(items)
    random.Random(seed).shuffle(order)
    return order
