"""Names as Step Functions writes them: members of the API change, what a user wrote does not."""

from __future__ import annotations

from typing import Any

import botocore.session

from services.edge.stepfunctions.casing import pascal_case


def job_run(document: dict[str, Any]) -> Any:
    model = botocore.session.get_session().get_service_model("emr-serverless")
    return pascal_case(document, model.operation_model("GetJobRun").output_shape.members["jobRun"])


def test_members_begin_with_a_capital_at_every_depth():
    written = job_run({"jobDriver": {"sparkSubmit": {"entryPoint": "s3://code/job.py"}}})
    assert written == {"JobDriver": {"SparkSubmit": {"EntryPoint": "s3://code/job.py"}}}


def test_spark_properties_and_tags_keep_their_names():
    written = job_run(
        {
            "tags": {"team": "sales"},
            "configurationOverrides": {
                "applicationConfiguration": [
                    {"classification": "spark-defaults", "properties": {"spark.x": "1"}}
                ]
            },
        }
    )
    assert written == {
        "Tags": {"team": "sales"},
        "ConfigurationOverrides": {
            "ApplicationConfiguration": [
                {"Classification": "spark-defaults", "Properties": {"spark.x": "1"}}
            ]
        },
    }


def test_values_and_lists_of_values_stay_as_they_are():
    written = job_run({"jobDriver": {"sparkSubmit": {"entryPointArguments": ["aKey", "bKey"]}}})
    assert written == {"JobDriver": {"SparkSubmit": {"EntryPointArguments": ["aKey", "bKey"]}}}
