"""The pure parts of `lake dev`, `lake debug` and `lake notebook`."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace

import pytest

from aws_bootstrap.package import package
from lake import debug, jobs
from lake.dev_session import _whole
from lake.errors import StackError
from lake.notebook import document
from lake.settings import ROOT
from lake.working_copy import changes, faults

INGESTION = "project6-calendly-webhook-ingestion"
DEFINITION = {
    "States": {
        "DeployCode": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke"},
        "MarketingToBronze": {
            "Type": "Task",
            "Resource": "arn:aws:states:::glue:startJobRun.sync",
            "Parameters": {"JobName": "project6-bronze"},
            "Next": "Silver",
        },
        "Silver": {
            "Type": "Parallel",
            "Branches": [
                {
                    "States": {
                        "SilverEvents": {
                            "Type": "Task",
                            "Resource": "arn:aws:states:::emr-serverless:startJobRun.sync",
                            "Parameters": {
                                "ApplicationId": "00a",
                                "Name": "project6-silver-events",
                                "JobDriver": {
                                    "SparkSubmit": {
                                        "EntryPoint": "s3://c/Spark_codes/project6-silver-events.py",
                                        "SparkSubmitParameters": "--jars s3://j/a.jar",
                                    }
                                },
                            },
                        }
                    }
                }
            ],
        },
    }
}


@pytest.fixture(scope="module")
def packaged():
    return package(ROOT)


def test_what_did_not_change_is_not_deployed(packaged):
    assert not changes(packaged, package(ROOT))


def test_a_changed_script_and_a_gone_one_are_told_by_their_keys(packaged):
    code = {**packaged.code, "Spark_codes/project6-gold.py": b"new"}
    del code["Spark_codes/project6-silver-events.py"]
    found = changes(packaged, replace(packaged, code=code))

    assert found.code == {
        "Spark_codes/project6-gold.py": b"new",
        "Spark_codes/project6-silver-events.py": None,
    }
    assert (dict(found.functions), found.stack) == ({}, ())
    assert found.told == "project6-gold.py, project6-silver-events.py"


def test_a_function_is_told_with_its_zip_and_the_stack_by_its_files(packaged):
    changed = replace(
        packaged,
        ingestion_key="lambdas/new.zip",
        parts={**packaged.parts, "lambdas/new.zip": b"zip"},
        template=f"{packaged.template}\n",
        state_machine_key="state-machine/new.asl.json",
    )
    found = changes(packaged, changed)

    assert found.functions == {INGESTION: b"zip"}
    assert found.stack == ("template.yaml", "state_machine.asl.json")
    assert found.told == f"{INGESTION}, template.yaml, state_machine.asl.json"


def test_broken_files_are_told_by_path_and_line():
    found = faults(
        {
            "spark_jobs/a.py": b"x = 1\ny = (\n",
            "spark_jobs/b.py": b"\x00",
            "spark_jobs/fine.py": b"x = 1\n",
            "aws_bootstrap/state_machine.asl.json": b'{"States": ',
            "spark_jobs/lakehouse/channels.json": b"{}",
        }
    )

    assert len(found) == 3
    assert found[0].startswith("aws_bootstrap/state_machine.asl.json: Expecting value")
    assert found[1].startswith("spark_jobs/a.py:2: '(' was never closed")
    assert "spark_jobs/b.py" in found[2]


def test_ctrl_c_waits_until_what_is_under_way_is_whole():
    done = []
    with pytest.raises(KeyboardInterrupt), _whole():
        os.kill(os.getpid(), signal.SIGINT)
        done.append("the rest")

    assert done == ["the rest"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("SilverEvents", "SilverEvents"),
        ("silver-events", "SilverEvents"),
        ("project6-silver-events", "SilverEvents"),
        ("project6-silver-events.py", "SilverEvents"),
        ("marketing-bronze", "MarketingToBronze"),
        ("marketingtobronze", "MarketingToBronze"),
    ],
)
def test_a_job_is_found_by_its_state_and_by_its_script(name, state):
    known = list(jobs.of_definition(DEFINITION))

    assert [job.state for job in known] == ["MarketingToBronze", "SilverEvents"]
    assert jobs.named(known, name).state == state


def test_an_unknown_job_is_told_with_those_that_there_are():
    known = list(jobs.of_definition(DEFINITION))

    with pytest.raises(StackError, match=r"SilverEvents or silver-events\), found 'DeployCode'"):
        jobs.named(known, "DeployCode")


def test_a_state_is_run_alone_with_the_driver_s_environment_where_each_service_takes_it():
    glue, emr = jobs.of_definition(DEFINITION, "arn:role")
    variables = {"A": "1", "B": "2"}
    machine = jobs.machine_of(emr, variables)
    state = machine["States"]["SilverEvents"]

    assert machine["StartAt"] == "SilverEvents"
    assert (state["End"], "Next" in state) == (True, False)
    assert state["Parameters"]["JobDriver"]["SparkSubmit"]["SparkSubmitParameters"] == (
        "--jars s3://j/a.jar --conf spark.emr-serverless.driverEnv.A=1"
        " --conf spark.emr-serverless.driverEnv.B=2"
    )
    assert jobs.machine_of(glue, variables)["States"]["MarketingToBronze"]["Parameters"] == {
        "JobName": "project6-bronze",
        "Arguments": {
            "--conf": "spark.emr-serverless.driverEnv.A=1 --conf spark.emr-serverless.driverEnv.B=2"
        },
    }
    assert glue.definition == DEFINITION["States"]["MarketingToBronze"]
    assert emr.role == "arn:role"


def test_the_editor_s_configuration_attaches_where_the_debugger_waits():
    (configuration,) = json.loads((ROOT / ".vscode/launch.json").read_text())["configurations"]

    assert configuration["name"] == debug.CONFIGURATION
    assert configuration["connect"] == {"host": "127.0.0.1", "port": debug.PORT}
    assert configuration["request"] == "attach"


def test_the_notebook_has_jupyter_s_form():
    made = document()

    assert (made["nbformat"], made["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in made["cells"]}) == len(made["cells"])
    for cell in made["cells"]:
        assert ("outputs" in cell) == (cell["cell_type"] == "code")
        assert cell["source"] == "".join(cell["source"]).splitlines(keepends=True)
