"""Flags of a job, from its command line or from the input of the execution that started it."""

from __future__ import annotations

import argparse

import pytest
from lakehouse.job_flags import FlagError, add_flags, job_arguments


def arguments(*given: str, has_window: bool = True) -> dict:
    parser = argparse.ArgumentParser()
    add_flags(parser, has_window)
    return job_arguments(parser.parse_args(given))


def test_the_input_of_an_execution_may_ask_for_all_or_for_some_days():
    assert arguments("--input", '{"full": true}')["full"] is True
    assert arguments("--input", '{"window_days": 3}')["window"] == 3
    assert arguments("--window-days", "1", "--input", '{"window_days": 3}')["window"] == 1


def test_without_flags_a_run_reads_what_is_new():
    expected = {"full": False, "window": None, "execution": None}
    assert arguments() == expected
    event = '{"version": "0", "id": "x", "detail": {}}'  # of a schedule
    assert arguments("--input", event) == expected
    assert arguments("--input", '["a list"]') == expected


def test_a_job_without_days_leaves_them_aside():
    found = arguments("--input", '{"window_days": 3}', has_window=False)
    assert found == {"full": False, "execution": None}


@pytest.mark.parametrize("given", ['{"full": "yes"}', '{"window_days": 0}', '{"window_days": "3"}'])
def test_a_flag_that_nobody_can_follow_fails_the_job(given):
    with pytest.raises(FlagError, match="found"):
        arguments("--input", given)
