"""The thread that delivers what is due, again and again until it is taken or given up."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait

from services.calendly import bookings
from services.calendly.clock import Clock, stamp
from services.calendly.organization import scope_hosts
from services.calendly.posting import Answer, Poster
from services.calendly.settings import refused_url
from services.calendly.signing import signed
from services.calendly.store import Row, Store
from services.calendly.subscriptions import EVENT_NAMES

LOG = logging.getLogger(__name__)
CONNECTIONS = 8
LONGEST_PAUSE = 60.0


class Deliveries:
    """At least once: an attempt that a crash cuts off is made again by the next start."""

    def __init__(
        self, store: Store, clock: Clock, poster: Poster, deliver_to: frozenset[str] = frozenset()
    ) -> None:
        self._store, self._clock, self._poster, self._deliver_to = store, clock, poster, deliver_to
        self._turn, self._woken, self._ended = threading.Lock(), threading.Event(), False
        self._under_way: dict[int, Future[None]] = {}
        self._pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="delivery")
        self._thread = threading.Thread(target=self._run, name="deliveries", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What is under way is finished; what waits stays in the store."""
        self._ended = True
        self._woken.set()
        self._thread.join()
        self._pool.shutdown()
        self._poster.close()

    def wake(self) -> None:
        self._woken.set()

    def jump(self, until: float) -> None:
        """Make all attempts that are due by then, each at its own time; the clock ends up there.

        Raises ValueError where that is in the past.
        """
        with self._turn:
            if until < self._clock.now():
                raise ValueError("the clock does not go back while messages wait: set it instead")
            self._clock.hold(self._clock.now())
            try:
                while (due := self._store.next_due()) is not None and due <= until:
                    self._clock.hold(max(due, self._clock.now()))
                    self._take_due()
                    wait(list(self._under_way.values()))
                    self._forget_done()
                self._clock.hold(until)
            finally:
                self._clock.release()
        self.wake()

    def _run(self) -> None:
        while not self._ended:
            self._woken.clear()
            with self._turn:
                self._forget_done()
                self._take_due()
            self._woken.wait(self._pause())

    def _pause(self) -> float:
        """Real seconds until something is due; an attempt that ends wakes the thread as well."""
        due = self._store.next_due()
        if due is None or self._under_way or self._clock.speed <= 0:
            return LONGEST_PAUSE
        return min(max((due - self._clock.now()) / self._clock.speed, 0.0), LONGEST_PAUSE)

    def _take_due(self) -> None:
        now = self._clock.now()
        self._let_happen(now)
        room = 2 * CONNECTIONS - len(self._under_way)
        for message in self._store.due(now, max(room, 0), self._under_way):
            self._under_way[message["id"]] = self._pool.submit(self._deliver, message)

    def _forget_done(self) -> None:
        for number, future in list(self._under_way.items()):
            if future.done():
                del self._under_way[number]

    def _let_happen(self, now: float) -> None:
        """Make what happens by now a booking, and a message to each subscription that asked."""
        with self._store.transaction() as write:
            found = self._store.rows("SELECT * FROM occurrences WHERE at <= ? ORDER BY at, id", now)
            subscriptions = self._store.rows("SELECT * FROM subscriptions WHERE state = 'active'")
            for one in found:
                envelope = bookings.parsed(one["body"])
                if booking := bookings.booking(envelope):
                    self._store.keep_booking(write, booking)
                write.executemany(
                    "INSERT INTO messages (subscription, event, body, signing, state, due_at)"
                    " VALUES (?, ?, ?, ?, 'pending', ?)",
                    [
                        (
                            each["id"],
                            bookings.event_of(envelope),
                            one["body"],
                            one["signing"],
                            one["at"],
                        )
                        for each in subscriptions
                        if is_told(each, envelope)
                    ],
                )
                write.execute("DELETE FROM occurrences WHERE id = ?", (one["id"],))

    def _deliver(self, message: Row) -> None:
        try:
            at = self._clock.now()
            answer, signature = self._attempt(message, at)
            self._store.record(message, at, answer, signature)
        except Exception:
            LOG.exception("message %s: the attempt is made again", message["id"])
            time.sleep(1)
        finally:
            self.wake()

    def _attempt(self, message: Row, at: float) -> tuple[Answer, str | None]:
        until = self._store.outage_until()
        if at < until:
            return Answer(None, f"no connection: outage of the receiver until {stamp(until)}"), None
        if reason := refused_url(message["url"], self._deliver_to):
            return Answer(None, f"the URL {reason}"), None
        age = 0.0 if message["signs_anew"] else at - (message["first_at"] or at)
        header, body = signed(message, self._clock.signing_time(age))
        return self._poster.post(message["url"], body, header), header


def is_told(subscription: Row, envelope: dict[str, object]) -> bool:
    """Events that no subscription can ask for, and bodies without one, are told to all."""
    event = bookings.event_of(envelope)
    asked = event not in EVENT_NAMES or event in subscription["events"].split()
    hosts = scope_hosts(subscription["scope"], subscription["owner"])
    return asked and (hosts is None or bool(hosts & bookings.hosts_of(envelope)))
