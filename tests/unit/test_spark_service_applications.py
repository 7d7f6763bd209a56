"""A job's application is known by the event log that it writes."""

from __future__ import annotations

from pathlib import Path

from services.spark.applications import Application
from services.spark.settings import Settings


def test_an_application_is_known_by_its_log_which_is_kept_for_the_history(tmp_path: Path) -> None:
    application = Application(tmp_path / "run", Settings.from_env())
    assert application.id is None
    log = tmp_path / "run" / "events" / "local-7.inprogress"
    log.write_text("events")
    log.chmod(0o660)  # as Spark makes it, killed before it was closed to others
    (tmp_path / "history").mkdir()

    assert application.id == "local-7"
    application.keep_log(tmp_path / "history")

    kept = tmp_path / "history" / "local-7.inprogress"
    assert kept.read_text() == "events"
    assert kept.stat().st_mode & 0o077 == 0
