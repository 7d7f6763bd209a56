"""getResolvedOptions as AWS's library answers it."""

from __future__ import annotations

import pytest
from awsglue.utils import GlueArgumentError, getResolvedOptions

ARGUMENTS = ["job.py", "--JOB_NAME", "j", "--JOB_RUN_ID", "jr_1", "--my-param", "x", "--other", "y"]


def test_a_dash_of_a_name_is_an_underscore_and_glues_own_come_unasked() -> None:
    assert getResolvedOptions([*ARGUMENTS, "--TempDir", "s3://t/x"], ["JOB_NAME", "my-param"]) == {
        "JOB_NAME": "j",
        "my_param": "x",
        "JOB_ID": None,
        "JOB_RUN_ID": "jr_1",
        "SECURITY_CONFIGURATION": None,
        "TempDir": "s3://t/x",
        "RedshiftTempDir": "s3://t/x",
        "encryption_type": None,
        "job_bookmark_option": "job-bookmark-disable",
        "job_bookmark_from": None,
        "job_bookmark_to": None,
    }


def test_the_folder_for_temporary_files_may_be_asked_for_and_need_not_be_given() -> None:
    assert getResolvedOptions(ARGUMENTS, ["TempDir"])["TempDir"] is None


@pytest.mark.parametrize("name", ["JOB_RUN_ID", "JOB_ID", "job-bookmark-option"])
def test_a_name_of_glues_own_is_refused(name: str) -> None:
    with pytest.raises(RuntimeError, match=f"Using reserved arguments --{name}"):
        getResolvedOptions(ARGUMENTS, [name])


def test_what_is_missing_or_has_no_value_is_named() -> None:
    with pytest.raises(GlueArgumentError, match="required: --DAY"):
        getResolvedOptions(ARGUMENTS, ["DAY"])
    with pytest.raises(GlueArgumentError, match="expected one argument"):
        getResolvedOptions(["job.py", "--DAY", "--other", "y"], ["DAY"])
