"""The cause of a failure, taken from what Python and Spark print."""

from __future__ import annotations

import pytest

from services.spark.failure import LIMIT, cause

TASK = """26/01/14 10:00:00 WARN TaskSetManager: Lost task 0.0 in stage 3.0
Traceback (most recent call last):
  File "job.py", line 9, in <module>
    rows.collect()
py4j.protocol.Py4JJavaError: An error occurred while calling o45.collectToPython.
: org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 3.0 failed
\tat org.apache.spark.scheduler.DAGScheduler.failJobAndIndependentStages(DAGScheduler.scala:2856)
Caused by: java.lang.IllegalStateException: the table is gone
\t... 1 more
"""


def test_pythons_exception_is_the_cause_whatever_its_class_is_called() -> None:
    stderr = (
        "WARN something before\nTraceback (most recent call last):\n"
        '  File "job.py", line 3, in <module>\n    main()\n'
        "lakehouse.accounting.RowsLost: read 10, kept 9\nWARN ShutdownHookManager: bye\n"
    )

    assert cause(stderr, "", 1) == "lakehouse.accounting.RowsLost: read 10, kept 9"


def test_of_javas_exceptions_the_first_and_the_cause_are_named_without_pythons_wrapper() -> None:
    assert cause(TASK, "", 1) == (
        "org.apache.spark.SparkException: Job aborted due to stage failure:"
        " Task 0 in stage 3.0 failed; java.lang.IllegalStateException: the table is gone"
    )


def test_an_exception_of_a_java_job_is_found_without_python() -> None:
    stderr = (
        'Exception in thread "main" java.io.IOException: no space\n\tat Main.main(Main.java:3)\n'
    )

    assert cause(stderr, "", 1) == "java.io.IOException: no space"


def test_without_an_exception_the_last_lines_are_the_cause() -> None:
    assert cause("usage: job.py SOURCE\n\njob.py: error: SOURCE is missing\n", "", 2) == (
        "usage: job.py SOURCE job.py: error: SOURCE is missing"
    )


def test_standard_output_is_read_where_standard_error_is_empty() -> None:
    assert cause("", "checked 3 files\nnone is valid\n", 4) == "checked 3 files none is valid"


def test_a_run_that_wrote_nothing_is_told_by_its_exit_code() -> None:
    assert cause("", "", 3) == "The job ended with exit code 3 and wrote nothing."


@pytest.mark.parametrize("stderr", ["", "Traceback (most recent call last):\n  x\nValueError: a\n"])
def test_exit_code_137_is_told_as_a_kill(stderr: str) -> None:
    text = cause(stderr, "", 137)

    assert text.startswith("Killed by signal 9: out of memory, or ended from outside.")
    assert ("ValueError: a" in text) == bool(stderr)


def test_a_long_cause_is_cut() -> None:
    text = cause("Traceback (most recent call last):\n  x\nValueError: " + "a" * 5000, "", 1)

    assert len(text) == LIMIT + 1 and text.endswith("a…")
