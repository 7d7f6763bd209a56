"""JVMs that stay: each runs job after job, one at a time, and goes when it cannot be made clean."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping

from services.spark.jvm import Jvm, JvmError
from services.spark.settings import Settings
from services.spark.warming import JOB_CORES, warmed

PATIENCE_SECONDS = 0.2
RETRY_SECONDS = 2.0
# With no cores for another job, a JVM at work is waited for: as long as a new one would take to be
# as fast, and the job that works would have half of the cores meanwhile.
WAIT_SECONDS = 30.0
# After so long without a job a JVM gives back the memory that is free.
SETTLE_SECONDS = 10.0
FULL = 0.5  # of the largest heap, after a collection
LOG = logging.getLogger(__name__)


class GivenUpError(Exception):
    """A job that waited for a JVM does not want it any more."""


class Pool:
    """Keeps `settings.warm_drivers` JVMs; more are started for jobs, and go after idling."""

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        replenish: Callable[[], None],
    ) -> None:
        """`replenish` is called now and then while a JVM is there for the next job."""
        self._settings, self._environment, self._replenish = settings, environment, replenish
        self._idle: list[Jvm] = []
        # Those being started or cleaned, those that run a job, and jobs that wait for one.
        self._coming = self._busy = self._waiting = 0
        self._failure: JvmError | None = None
        self._changed = threading.Condition()
        shutil.rmtree(settings.jvms_dir, ignore_errors=True)  # of a service that was killed
        threading.Thread(target=self._keep, name="jvms", daemon=True).start()

    @property
    def idle(self) -> int:
        return len(self._idle)

    def take(self, is_given_up: Callable[[], bool]) -> Jvm:
        """A JVM to run one job in, started where none is to be had. Raises JvmError."""
        since = time.monotonic()
        with self._changed:
            self._waiting += 1
            try:
                while not (alive := self._living()):
                    self._check(is_given_up)
                    if self._waiting > self._coming and self._may_start(since):
                        self._add(ahead=False)
                    self._changed.wait(PATIENCE_SECONDS)
                self._idle.remove(alive[-1])  # the one that worked last
                self._busy += 1
                return alive[-1]
            finally:
                self._waiting -= 1

    def give_back(self, jvm: Jvm) -> None:
        """Clean it, or let it go, behind the caller's back."""
        with self._changed:
            self._busy -= 1
            self._coming += 1
        threading.Thread(target=self._clean, args=(jvm,), daemon=True).start()

    def _may_start(self, since: float) -> bool:
        """Whether a job that waits since then is better off with one that has yet to start."""
        has_cores = self._settings.has_cluster or (self._busy + 1) * JOB_CORES <= _cores()
        return not self._busy or has_cores or time.monotonic() - since > WAIT_SECONDS

    def _living(self) -> list[Jvm]:
        for jvm in [known for known in self._idle if not known.process.is_alive()]:
            self._idle.remove(jvm)
            threading.Thread(target=jvm.discard, daemon=True).start()
        return list(self._idle)

    def _check(self, is_given_up: Callable[[], bool]) -> None:
        if is_given_up():
            raise GivenUpError
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    def _add(self, *, ahead: bool) -> None:
        self._coming += 1
        threading.Thread(target=self._start, args=(ahead,), daemon=True).start()

    def _start(self, ahead: bool) -> None:
        since = time.monotonic()
        jvm = Jvm(self._settings, self._environment)
        try:
            if ahead:
                warmed(jvm, self._settings, self._environment, lambda: self._waiting > 0)
            else:
                jvm.wait_until_ready()
        except Exception as error:  # whatever keeps it from starting, a job is told
            LOG.error("%s", error)
            jvm.discard()
            time.sleep(0 if self._waiting else RETRY_SECONDS)
            with self._changed:
                self._coming -= 1
                self._failure = JvmError(str(error)) if self._waiting else None
                self._changed.notify_all()
            return
        LOG.info("a JVM is ready after %.1f s", time.monotonic() - since)
        self._arrive(jvm)

    def _arrive(self, jvm: Jvm | None) -> None:
        with self._changed:
            self._coming -= 1
            if jvm is not None:
                self._idle.append(jvm)
            self._changed.notify_all()

    def _clean(self, jvm: Jvm) -> None:
        left = "as many jobs as it may run" if jvm.jobs >= self._settings.jvm_jobs else None
        left = left or jvm.left_behind()
        if left is None:
            jvm.idle_since = time.monotonic()
            jvm.is_settled = False
            self._arrive(jvm)
        else:
            LOG.info("a JVM goes after %d jobs: %s", jvm.jobs, left)
            jvm.discard()
            self._arrive(None)

    def _settle(self, jvm: Jvm) -> None:
        try:
            full = jvm.settle()
        except JvmError as error:
            full, reason = 1.0, str(error)
        else:
            reason = f"{full:.0%} of its heap stay full"
        jvm.is_settled = True
        if full < FULL:
            self._arrive(jvm)
        else:
            LOG.info("a JVM goes after %d jobs: %s", jvm.jobs, reason)
            jvm.discard()
            self._arrive(None)

    def _keep(self) -> None:
        while True:
            with self._changed:
                living = self._living()
                count = len(living) + self._coming + self._busy
                if count < self._settings.warm_drivers:
                    self._add(ahead=True)
                idled = {jvm: time.monotonic() - jvm.idle_since for jvm in living}
                over = [jvm for jvm in living if idled[jvm] > self._settings.jvm_idle_seconds]
                over = over[: max(0, count - self._settings.warm_drivers)]
                due = [j for j in living if idled[j] > SETTLE_SECONDS and not j.is_settled]
                due = [jvm for jvm in due if jvm not in over]
                for jvm in (*over, *due):
                    self._idle.remove(jvm)
                self._coming += len(due)
            if living:
                self._replenish()
            for jvm in over:
                LOG.info("a JVM goes after %d jobs: it has idled", jvm.jobs)
                jvm.discard()
            for jvm in due:
                self._settle(jvm)
            time.sleep(PATIENCE_SECONDS)


def _cores() -> int:
    return os.cpu_count() or 1
