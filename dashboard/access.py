"""What every page asks for: clients, and the tables it names as one DuckDB database.

Everything is kept by the version of a table, which never changes; the versions themselves are
asked for again after `FRESH_SECONDS`, so that a click on a control waits for no S3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import pyarrow as pa
import streamlit as st

from dashboard import data, states
from dashboard.clients import make_client
from dashboard.settings import Settings

FRESH_SECONDS = 3.0
Result = TypeVar("Result")
cached_client = st.cache_resource(show_spinner=False)(make_client)


@dataclass(frozen=True)
class Opened:
    """A cursor over the tables that a page named; `missing` are the optional ones not there."""

    cursor: Any
    versions: dict[str, data.Version]
    as_of: str | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Access:
    """The stack that the dashboard shows."""

    settings: Settings

    def client(self, service: str) -> Any:
        return cached_client(service, self.settings)

    def asked(self, call: Callable[[], Result], bucket: str | None = None) -> Result:
        """What the call returns; raises NothingToShowError where AWS gives it no answer."""
        names = self.settings
        try:
            return call()
        except states.NothingToShowError:
            raise
        except Exception as error:
            raise states.of_failed_call(
                error, names.endpoint_url, bucket or names.resources.gold_bucket
            ) from error

    def check(self) -> None:
        """Raises NothingToShowError where there is no stack, or none that may be read."""
        _check(self.settings)

    def versions(self, names: tuple[str, ...]) -> dict[str, data.Version]:
        """The tables of the names that exist, as of at most `FRESH_SECONDS` ago.

        Raises NothingToShowError where there is no stack to ask.
        """
        return _versions(self.settings, names)

    def open(self, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Opened:
        """Raises NothingToShowError where a required table is not there or cannot be read."""
        versions = self.versions((*required, *optional))
        if absent := [name for name in required if name not in versions]:
            raise states.no_tables(absent, self.settings.endpoint_url)
        database, as_of = _database(self.settings, tuple(versions.values()))
        missing = tuple(name for name in optional if name not in versions)
        return Opened(database.cursor(), versions, as_of, missing)


@st.cache_data(ttl=FRESH_SECONDS, show_spinner=False)
def _check(settings: Settings) -> None:
    bucket = settings.resources.gold_bucket
    Access(settings).asked(lambda: cached_client("s3", settings).head_bucket(Bucket=bucket))


@st.cache_data(ttl=FRESH_SECONDS, show_spinner=False)
def _versions(settings: Settings, names: tuple[str, ...]) -> dict[str, data.Version]:
    # deltalake would try for a long time to reach what is not there.
    _check(settings)
    return Access(settings).asked(lambda: data.current_versions(settings, names))


@st.cache_resource(max_entries=50, show_spinner=False)
def _read(settings: Settings, version: data.Version) -> tuple[pa.Table, datetime]:
    return Access(settings).asked(lambda: data.read(settings, version))


@st.cache_resource(max_entries=4, show_spinner="Reading the tables …")
def _database(settings: Settings, versions: tuple[data.Version, ...]) -> tuple[Any, str | None]:
    found = {version.name: _read(settings, version) for version in versions}
    database = data.database({name: rows for name, (rows, _) in found.items()})
    return database, data.as_of({name: committed for name, (_, committed) in found.items()})
