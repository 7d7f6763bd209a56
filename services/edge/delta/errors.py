"""Why a location cannot be read as a Delta table."""

from __future__ import annotations


class DeltaTableError(Exception):
    """A location that cannot be read as a Delta table."""

    def __init__(self, location: str, message: str) -> None:
        super().__init__(message)
        self.location = location


class NotADeltaTableError(DeltaTableError):
    """No Delta log stands at the location."""

    def __init__(self, location: str) -> None:
        super().__init__(location, f"Expected a Delta table at {location}, found no Delta log.")


class UnreadableDeltaTableError(DeltaTableError):
    """There is a Delta log, but it cannot be read: its cause says why."""

    def __init__(self, location: str, cause: str) -> None:
        super().__init__(location, f"The Delta log at {location} cannot be read: {cause}")
