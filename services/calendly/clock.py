"""The simulated time: set, sped up, or held while a jump is under way; in Unix seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class ClockState:
    """It was `simulated` at the wall clock's `real`, and goes `speed` times as fast since."""

    simulated: float
    real: float
    speed: float = 1.0

    def at(self, real: float) -> float:
        return self.simulated + (real - self.real) * self.speed


class Clock:
    """Time goes on while the simulator is down, at the same speed: its state is kept, not its time.

    `keep` is called with each new state.
    """

    def __init__(
        self,
        state: ClockState | None,
        keep: Callable[[ClockState], None],
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._wall, self._keep = wall, keep
        self._state = state or ClockState(wall(), wall())
        self._held: float | None = None

    @property
    def speed(self) -> float:
        return self._state.speed

    def now(self) -> float:
        return self._state.at(self._wall()) if self._held is None else self._held

    def set(self, now: float | None = None, speed: float | None = None) -> None:
        """Go on from `now`, or from where it is, at this speed or at the same."""
        real = self._wall()
        simulated = self._state.at(real) if now is None else now
        self._state = ClockState(simulated, real, self._state.speed if speed is None else speed)
        self._keep(self._state)

    def hold(self, now: float) -> None:
        """Stand still at a moment until `release`, so that a jump has no time of its own."""
        self._held = now

    def release(self) -> None:
        if self._held is not None:
            now, self._held = self._held, None
            self.set(now)

    def signing_time(self, age: float = 0.0) -> int:
        """What a signature made `age` simulated seconds ago says: the receiver's clock is real."""
        return int(self._wall() - age)


def stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def whole_stamp(moment: float) -> str:
    """As an envelope's created_at is written."""
    return stamp(int(moment))


def seconds(text: str) -> float:
    """Unix seconds of an ISO time, UTC where it names no zone; raises ValueError."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
