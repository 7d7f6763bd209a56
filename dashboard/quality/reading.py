"""What the page Quality asks of bronze, of the tables' logs and of the runs."""

from __future__ import annotations

import streamlit as st

from dashboard.access import Access
from dashboard.quality.facts import RunAccount
from dashboard.runs import reading as runs
from pipeline import masking, objects
from pipeline.addresses import NotDeployedError
from pipeline.freshness import Freshness, freshness_of
from pipeline.lineage import Lineage

QUARANTINE = "quarantine"
MOST_RUNS = 8
FRESH_SECONDS = 10.0


def freshness(access: Access) -> Freshness:
    return access.asked(lambda: _freshness(access))


def quarantined(access: Access) -> list[str]:
    """The keys of the bodies under quarantine/ in bronze, the newest first."""
    return access.asked(lambda: _quarantined(access))


def body(access: Access, key: str) -> str | None:
    """The object of bronze, masked; None where it is not there."""
    bucket = access.settings.resources.bronze_bucket
    found = access.asked(lambda: objects.body(access.client("s3"), bucket, key))
    return None if found is None else masking.masked_body(found)


def run_accounts(access: Access) -> list[RunAccount]:
    """Of the last runs that ended, newest first; none where nothing is deployed."""
    try:
        arn = runs.machine_arn(access)
    except NotDeployedError:
        return []
    ended = [run for run in runs.recent(access, arn) if run.ended][:MOST_RUNS]
    return [
        RunAccount(one.name, one.started, dict(runs.run(access, one).accounts)) for one in ended
    ]


@st.cache_data(ttl=FRESH_SECONDS, show_spinner=False)
def _freshness(_access: Access) -> Freshness:
    settings = _access.settings
    return freshness_of(Lineage(settings.resources, settings.storage_options, _access.client("s3")))


@st.cache_data(ttl=FRESH_SECONDS, show_spinner=False)
def _quarantined(_access: Access) -> list[str]:
    pages = (
        _access.client("s3")
        .get_paginator("list_objects_v2")
        .paginate(Bucket=_access.settings.resources.bronze_bucket, Prefix=f"{QUARANTINE}/")
    )
    found = [entry for page in pages for entry in page.get("Contents", [])]
    found.sort(key=lambda entry: entry["LastModified"], reverse=True)
    return [entry["Key"] for entry in found]
