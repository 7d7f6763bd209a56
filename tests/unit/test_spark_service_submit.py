"""What sparkSubmitParameters mean, and which jobs a JVM of the pool can take."""

from __future__ import annotations

import pytest

from services.spark import delta_jars
from services.spark.plan import memory_bytes, plan
from services.spark.submit import Submission, SubmitError, parse

POOLED = {"spark.driver.memory": "1g", "spark.sql.extensions": "io.delta.Ext"}


def test_the_parameters_of_the_aws_console_are_read_with_their_spaces_after_commas() -> None:
    text = """--jars s3://j/a.jar, s3://j/b.jar --conf spark.sql.extensions=io.delta.Ext
      --conf spark.sql.sources.partitionOverwriteMode=dynamic --py-files=s3://c/lakehouse.zip"""

    assert parse(text) == Submission(
        conf={
            "spark.sql.extensions": "io.delta.Ext",
            "spark.sql.sources.partitionOverwriteMode": "dynamic",
        },
        jars=("s3://j/a.jar", "s3://j/b.jar"),
        py_files=("s3://c/lakehouse.zip",),
    )


def test_quotes_keep_a_value_together_and_an_equals_sign_may_be_part_of_it() -> None:
    parsed = parse("--conf 'spark.driver.extraJavaOptions=-Da=b -Dc=d' --name \"the job\"")

    assert parsed.conf == {
        "spark.driver.extraJavaOptions": "-Da=b -Dc=d",
        "spark.app.name": "the job",
    }


def test_files_may_be_named_by_settings_and_parameters_win_over_defaults() -> None:
    defaults = {
        "spark.jars": "s3://j/default.jar",
        "spark.submit.pyFiles": "s3://c/a.zip,s3://c/b.zip",
        "spark.executor.cores": "2",
    }

    parsed = parse("--jars s3://j/own.jar --executor-cores 4 --class org.example.Main", defaults)

    assert parsed.jars == ("s3://j/own.jar",)
    assert parsed.py_files == ("s3://c/a.zip", "s3://c/b.zip")
    assert parsed.conf == {"spark.executor.cores": "4"}
    assert parsed.main_class == "org.example.Main"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("--conf spark.master=local[8]", "Option 'spark.master' is not supported"),
        ("--master yarn", "Option 'spark.master' is not supported"),
        ("--deploy-mode cluster", "Option 'spark.submit.deployMode' is not supported"),
        ("--packages io.delta:delta-spark_2.12:3.3.2", "'spark.jars.packages' is not available"),
        ("--conf spark.jars.packages=a:b:1", "'spark.jars.packages' is not available"),
        ("--repositories https://x.example.com", "'spark.jars.repositories' is not available"),
        (
            "--conf spark.emr-serverless.lakeformation.enabled=true",
            "'spark.emr-serverless.lakeformation.enabled' is not available",
        ),
        ("--archives s3://b/env.rar#environment", "found s3://b/env.rar#environment"),
        ("--driver-java-options -Da=b", "found '--driver-java-options'"),
        ("--verbose", "found '--verbose'"),
        ("--jars", "expected a value after --jars, found the end"),
        ("--jars --conf a=b", "expected a value after --jars, found '--conf'"),
        ("--conf spark.sql.shuffle.partitions", "expected --conf name=value"),
        ("--name 'open", "cannot be read: No closing quotation"),
    ],
)
def test_parameters_that_cannot_be_taken_are_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(SubmitError) as refused:
        parse(text)
    assert message in str(refused.value)


def test_settings_of_a_spark_context_static_ones_too_need_no_own_jvm() -> None:
    conf = {
        "spark.sql.extensions": "org.example.Other",
        "spark.sql.warehouse.dir": "s3://w/",
        "spark.serializer": "Kryo",
        "spark.hadoop.fs.s3a.access.key": "other",
        "spark.databricks.delta.merge.enabled": "true",
    }

    planned = plan(Submission(conf=conf), "silver", POOLED)

    assert planned.is_pooled
    assert planned.conf == {"spark.app.name": "silver", **conf}


@pytest.mark.parametrize(
    ("conf", "reason"),
    [
        ({"spark.driver.extraJavaOptions": "-Da=b"}, "spark.driver.extraJavaOptions=-Da=b"),
        ({"spark.driver.extraClassPath": "/a.jar"}, "spark.driver.extraClassPath=/a.jar"),
        ({"spark.driver.memory": "2g"}, "spark.driver.memory=2g"),
    ],
)
def test_a_setting_of_the_whole_process_needs_an_own_jvm(conf: dict[str, str], reason: str) -> None:
    planned = plan(Submission(conf=conf), "job", POOLED)

    assert planned.reasons == (reason,)
    assert conf.items() <= planned.conf.items()
    assert f"Starting a JVM for this job: {reason}" in planned.notes


def test_archives_are_named_by_option_or_setting_and_need_an_own_jvm() -> None:
    address = "s3://b/env.tar.gz#environment"

    for text in (f"--archives {address}", f"--conf spark.archives={address}"):
        assert parse(text) == Submission(archives=(address,))
    assert plan(Submission(archives=(address,)), "job", POOLED).reasons == (
        f"the archive {address}",
    )


def test_another_python_needs_an_own_jvm() -> None:
    conf = {"spark.emr-serverless.driverEnv.PYSPARK_PYTHON": "./environment/bin/python"}

    planned = plan(Submission(conf=conf), "job", POOLED)

    assert planned.reasons == ("PYSPARK_PYTHON=./environment/bin/python",)
    assert planned.environment == {"PYSPARK_PYTHON": "./environment/bin/python"}


def test_an_unknown_jar_or_a_main_class_needs_an_own_jvm() -> None:
    assert plan(Submission(), "job", POOLED, ["s3://j/x.jar"]).reasons == ("the jar s3://j/x.jar",)
    assert not plan(Submission(main_class="org.example.Main"), "job", POOLED).is_pooled


def test_a_job_without_deltas_jars_has_a_jvm_of_its_own_without_them() -> None:
    pooled = {**POOLED, "spark.driver.extraClassPath": "/jars/*"}

    planned = plan(Submission(), "job", pooled, class_path="/jars/s3.jar")

    assert planned.reasons == ("it does not name Delta's jars, so it has none, as on AWS",)
    assert planned.conf["spark.driver.extraClassPath"] == "/jars/s3.jar"


@pytest.mark.parametrize(
    ("addresses", "names"),
    [
        (["/usr/share/aws/delta/lib/delta-core.jar"], ["delta-spark_2.12-3.3.2.jar"]),
        (
            ["s3://j/delta-storage-3.3.2.jar", "s3://j/delta-spark_2.12-3.3.2.jar"],
            ["delta-spark_2.12-3.3.2.jar", "delta-storage-3.3.2.jar"],
        ),
        (["s3://j/other.jar"], []),
    ],
)
def test_deltas_jars_are_known_by_their_names(tmp_path, addresses, names) -> None:
    for name in ("delta-spark_2.12-3.3.2.jar", "delta-storage-3.3.2.jar", "hadoop-aws-3.3.4.jar"):
        (tmp_path / name).touch()

    assert [jar.name for jar in delta_jars.named(addresses, tmp_path)] == names
    assert delta_jars.class_path_without(tmp_path) == f"{tmp_path}/hadoop-aws-3.3.4.jar"


def test_sizes_of_workers_are_told_and_left_out_and_driver_variables_are_set() -> None:
    conf = {
        "spark.executor.memory": "64g",
        "spark.dynamicAllocation.enabled": "true",
        "spark.driver.memory": "512m",
        "spark.emr-serverless.driverEnv.REGION": "eu",
        "spark.emr-serverless.driver.disk": "30g",
    }

    planned = plan(Submission(conf=conf), "job", POOLED)

    assert planned.is_pooled
    assert planned.conf == {"spark.app.name": "job"}
    assert planned.environment == {"REGION": "eu"}
    assert [note.split()[0] for note in planned.notes] == [
        "spark.executor.memory",
        "spark.dynamicAllocation.enabled",
        "spark.emr-serverless.driver.disk",
    ]


def test_memory_is_read_in_sparks_notation() -> None:
    sizes = [memory_bytes(text) for text in ("1g", "1024m", "1024", "1048576k", "2GB")]

    assert sizes == [2**30, 2**30, 2**30, 2**30, 2**31]
    with pytest.raises(SubmitError, match="expected a memory size such as 2g or 512m, found 'big'"):
        memory_bytes("big")
