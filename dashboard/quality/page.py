"""The page Quality: what silver did not take, and why."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import markup, refresh
from dashboard.access import Access
from dashboard.figures import count
from dashboard.panels import panel
from dashboard.quality import queries

TABLES = ("rejected_events", "rejected_marketing")


def show(access: Access) -> None:
    opened = access.open((), TABLES)
    st.html(markup.header("Quality"))
    with panel("Rejected and quarantined"):
        reasons = queries.reject_reasons(opened.cursor)
        rows = [[escape(r.reason), escape(r.source), count(r.rows)] for r in reasons]
        rows.append(["not a JSON object", "quarantine", count(quarantined(access))])
        st.html(markup.table("rejects", ["Reason", "Where", "Rows"], rows))
    refresh.when_versions_change(access, opened.versions, *TABLES)


def quarantined(access: Access) -> int:
    """How many deliveries lie under quarantine/ in bronze, counted by listing."""
    pages = (
        access.client("s3")
        .get_paginator("list_objects_v2")
        .paginate(Bucket=access.settings.resources.bronze_bucket, Prefix="quarantine/")
    )
    return sum(page["KeyCount"] for page in pages)
