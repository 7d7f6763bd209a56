"""Event logs of drivers started ahead are shown under the name of the job that they took."""

from __future__ import annotations

from pathlib import Path

from services.spark.applications import Application, name_log
from services.spark.settings import Settings

AHEAD = '{"Event":"SparkListenerApplicationStart","App Name":"started ahead","Timestamp":1}\n'
GIVEN = '{"Event":"SparkListenerApplicationStart","App Name":"silver","Timestamp":2}\n'
JOB = '{"Event":"SparkListenerJobStart","App Name":"%s"}\n'


def test_the_last_start_takes_the_place_of_the_first(tmp_path: Path) -> None:
    log, other = tmp_path / "local-1.inprogress", tmp_path / "local-2"
    log.write_text('{"Event":"SparkListenerLogStart"}\n' + AHEAD + JOB % 1 + GIVEN + JOB % 2)
    other.write_text(AHEAD + GIVEN)

    name_log(tmp_path, "local-1")

    assert log.read_text() == '{"Event":"SparkListenerLogStart"}\n' + GIVEN + JOB % 1 + JOB % 2
    assert other.read_text() == AHEAD + GIVEN


def test_a_log_with_one_start_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "local-1").write_text(AHEAD + JOB % 1)

    name_log(tmp_path, "local-1")

    assert (tmp_path / "local-1").read_text() == AHEAD + JOB % 1


def test_an_application_is_known_by_its_log_which_is_kept_for_the_history(tmp_path: Path) -> None:
    application = Application(tmp_path / "run", Settings.from_env())
    assert application.id is None
    (tmp_path / "run" / "events" / "local-7.inprogress").write_text(AHEAD)
    (tmp_path / "history").mkdir()

    assert application.id == "local-7"
    application.keep_log(tmp_path / "history")

    assert (tmp_path / "history" / "local-7.inprogress").read_text() == AHEAD
