"""Delta's jars in the image of an EMR release: a job that names others fails on AWS."""

from __future__ import annotations

from typing import Any

import pytest

from services.edge.aws.errors import AwsError
from services.edge.emr_serverless.documents.job_run_checks import checked_driver

LIB = "/usr/share/aws/delta/lib"


def driver(*jars: str) -> dict[str, Any]:
    named = ",".join(jars)
    submit = {"entryPoint": "s3://b/j.py", "sparkSubmitParameters": f"--conf spark.jars={named}"}
    return {"sparkSubmit": submit}


@pytest.mark.parametrize(
    ("release", "jar"), [("emr-7.12.0", "delta-spark.jar"), ("emr-6.15.0", "delta-core.jar")]
)
def test_the_jars_of_a_release_may_be_named_and_so_may_jars_in_s3(release, jar):
    given = driver(f"{LIB}/{jar}", f"{LIB}/delta-storage.jar", "s3://jars/delta-spark_2.12.jar")
    assert checked_driver(given, {"releaseLabel": release}) == given


@pytest.mark.parametrize(
    ("release", "jar", "has"),
    [
        ("emr-7.12.0", "delta-core.jar", "has delta-spark.jar and delta-storage.jar"),
        ("emr-6.15.0", "delta-spark.jar", "has delta-core.jar and delta-storage.jar"),
        ("emr-6.8.0", "delta-core.jar", "has none"),
    ],
)
def test_a_jar_that_the_release_has_not_is_refused_with_those_it_has(release, jar, has):
    with pytest.raises(AwsError, match=has) as refused:
        checked_driver(driver(f"{LIB}/{jar}"), {"releaseLabel": release})
    assert refused.value.code == "ValidationException"
    assert f"{jar} is not in {LIB} of {release}" in refused.value.message
