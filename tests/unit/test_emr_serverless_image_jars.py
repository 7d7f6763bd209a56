"""Delta's jars in the image of an EMR release: a job that names others fails on AWS."""

from __future__ import annotations

from typing import Any

import pytest

from services.edge.aws.errors import AwsError
from services.edge.emr_serverless.documents import applications, job_runs

LIB = "/usr/share/aws/delta/lib"
ARN = "arn:aws:emr-serverless:us-east-1:000000000000:"


def submit(release: str, *jars: str, by: str = "parameters") -> dict[str, Any]:
    named = ",".join(jars)
    application = applications.created(
        {"releaseLabel": release, "type": "SPARK"}, ARN, "00app", 1.0
    )
    defaults = [{"classification": "spark-defaults", "properties": {"spark.jars": named}}]
    driver: dict[str, Any] = {"entryPoint": "s3://b/j.py"}
    if by == "parameters":
        driver["sparkSubmitParameters"] = f"--jars {named}"
    request = {
        "executionRoleArn": "arn:aws:iam::000000000000:role/emr",
        "jobDriver": {"sparkSubmit": driver},
        "configurationOverrides": {
            "applicationConfiguration": defaults if by == "defaults" else []
        },
    }
    return job_runs.submitted(request, application, "me", "00run", 5.0)


@pytest.mark.parametrize(
    ("release", "jar"), [("emr-7.12.0", "delta-spark.jar"), ("emr-6.15.0", "delta-core.jar")]
)
def test_the_jars_of_a_release_may_be_named_and_so_may_jars_in_s3(release, jar):
    named = (f"{LIB}/{jar}", f"{LIB}/delta-storage.jar", "s3://jars/delta-spark_2.12.jar")
    assert submit(release, *named)["state"] == "SUBMITTED"


@pytest.mark.parametrize("by", ["parameters", "defaults"])
@pytest.mark.parametrize(
    ("release", "jar", "has"),
    [
        ("emr-7.12.0", "delta-core.jar", "has delta-spark.jar and delta-storage.jar"),
        ("emr-6.15.0", "delta-spark.jar", "has delta-core.jar and delta-storage.jar"),
        ("emr-6.8.0", "delta-core.jar", "has none"),
    ],
)
def test_a_jar_that_the_release_has_not_is_refused_with_those_it_has(release, jar, has, by):
    with pytest.raises(AwsError, match=has) as refused:
        submit(release, f"local://{LIB}/{jar}", by=by)
    assert refused.value.code == "ValidationException"
    assert f"{jar} is not in {LIB} of {release}" in refused.value.message
