"""Versions and what differs between them, kept: a version never changes."""

from __future__ import annotations

import streamlit as st
from deltalake.exceptions import DeltaError

from dashboard import states
from dashboard.access import Access
from pipeline import gold_history, masking, objects
from pipeline.change_causes import BOOKINGS, SPEND
from pipeline.delta_versions import NoSuchTableError, Version
from pipeline.gold_history import Lake, Reasons
from pipeline.table_changes import TableChanges

FRESH_SECONDS = 3.0


def versions(access: Access, table: str) -> list[Version]:
    """Newest first. Raises NothingToShowError where the table is not there or cannot be read."""
    access.check()
    try:
        return _versions(access, table)
    except NoSuchTableError as error:
        raise states.no_tables([table], access.settings.endpoint_url) from error
    except (DeltaError, OSError) as error:
        raise states.unreadable(table, error, access.settings.endpoint_url) from error


def changes(access: Access, table: str, before: Version | None, after: Version) -> TableChanges:
    """Raises NoSuchVersionError where the files of a version are gone."""
    mark = _mark(before) if before else None
    return access.asked(lambda: _changes(access, table, mark, _mark(after)))


def reasons(access: Access, before: Version | None, after: Version) -> Reasons:
    """Raises NoSuchVersionError where the files of a version of silver are gone."""

    def pair(table: str) -> tuple[int | None, int | None]:
        silver = versions(access, table)
        old, new = (gold_history.made_from(gold, silver, table) for gold in (before, after))
        return old, new

    return access.asked(lambda: _reasons(access, pair(BOOKINGS), pair(SPEND), _mark(after)))


def body(access: Access, key: str) -> str | None:
    """A delivery's body as bronze has it, masked; None where it is not there."""
    bucket = access.settings.resources.bronze_bucket
    found = access.asked(lambda: objects.body(access.client("s3"), bucket, key), bucket)
    return None if found is None else masking.masked_body(found)


def _lake(access: Access) -> Lake:
    return Lake(access.settings.resources, access.settings.storage_options)


def _mark(version: Version) -> tuple[int, str]:
    """A table that is made anew has the same numbers, committed at other times."""
    return version.number, version.committed.isoformat()


@st.cache_data(ttl=FRESH_SECONDS, show_spinner=False)
def _versions(_access: Access, table: str) -> list[Version]:
    return _lake(_access).versions(table)


@st.cache_resource(max_entries=30, show_spinner="Comparing the versions …")
def _changes(
    _access: Access, table: str, before: tuple[int, str] | None, after: tuple[int, str]
) -> TableChanges:
    number = before[0] if before else None
    return gold_history.changes_between(_lake(_access), table, number, after[0])


@st.cache_resource(max_entries=10, show_spinner="Looking for the deliveries …")
def _reasons(
    _access: Access,
    bookings: tuple[int | None, int | None],
    spend: tuple[int | None, int | None],
    after: tuple[int, str],  # noqa: ARG001 - silver's numbers mean another thing in a lake made anew
) -> Reasons:
    return gold_history.reasons(_lake(_access), bookings, spend)
