"""Jobs in real JVMs of the Spark service, without a stack: tables, pages, failures."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
import requests
from deltalake import DeltaTable

from tests.support.spark_service import DELTA_JARS, JARS, Service

ZIP_AND_SQL = (
    "--py-files s3://code/doubling.zip"
    " --conf spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension"
    " --conf spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog"
)


def seed_parameters(service: Service) -> str:
    """The submit parameters of the pipeline: jars, zip, extension, catalog, log store."""
    delta = [jar.name for jar in JARS.glob("delta-*.jar")]
    for name in delta:
        service.put(name, (JARS / name).read_bytes())
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("doubling/__init__.py", "def doubled(number):\n    return 2 * number\n")
    service.put("doubling.zip", archive.getvalue())
    return (
        f"--jars {','.join(f's3://code/{name}' for name in delta)} {ZIP_AND_SQL}"
        " --conf spark.sql.sources.partitionOverwriteMode=dynamic"
        " --conf spark.delta.logStore.class"
        "=org.apache.spark.sql.delta.storage.S3SingleDriverLogStore"
    )


DELTA_JOB = """
import os, sys, time
from pyspark.sql import SparkSession
from doubling import doubled

spark = SparkSession.builder.appName("doubled numbers").getOrCreate()
numbers = spark.sparkContext.parallelize([1, 2, 3], 2).map(lambda n: (n, doubled(n)))
spark.createDataFrame(numbers, "n INT, doubled INT").createOrReplaceTempView("numbers")
spark.sql(f"CREATE TABLE IF NOT EXISTS delta.`{sys.argv[1]}` (n INT, doubled INT) USING DELTA")
spark.sql(f"MERGE INTO delta.`{sys.argv[1]}` t USING numbers s ON t.n = s.n"
          " WHEN NOT MATCHED THEN INSERT *")
print("name", spark.sparkContext.appName, "zone", time.tzname[0], os.environ.get("REGION"))
print("mode", spark.conf.get("spark.sql.sources.partitionOverwriteMode"))
print("memory", spark._jvm.java.lang.Runtime.getRuntime().maxMemory() >> 20)
print(*sys.argv[1:])
"""


def rows(service: Service, uri: str) -> list[dict[str, Any]]:
    options = {
        "AWS_ENDPOINT_URL": service.edge_url,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
    }
    table = DeltaTable(uri, storage_options=options).to_pyarrow_table()
    return sorted(table.to_pylist(), key=lambda row: row["n"])


DOUBLED = [{"n": 1, "doubled": 2}, {"n": 2, "doubled": 4}, {"n": 3, "doubled": 6}]


def test_a_job_with_the_seeds_parameters_writes_delta_to_s3_in_a_jvm_that_stays(
    service: Service,
) -> None:
    parameters = seed_parameters(service) + " --executor-memory 14g"
    environment = {"REGION": "here"}

    run_id = service.submit(
        DELTA_JOB,
        arguments=["s3://data/warm", "--full"],
        spark_submit_parameters=parameters,
        environment=environment,
    )
    run = service.until(run_id, "SUCCEEDED")

    assert (run["exit_code"], run["error"]) == (0, None)
    assert run["created_at"] <= run["started_at"] < run["ended_at"]
    assert rows(service, "s3://data/warm") == DOUBLED
    lines = service.log(run_id, "stdout").splitlines()
    assert lines[0] == "name doubled numbers zone UTC here"
    assert lines[1] == "mode dynamic"
    assert lines[3] == "s3://data/warm --full"
    stderr = service.log(run_id)
    assert "spark.executor.memory has no meaning on one machine: ignored" in stderr
    assert "Starting a JVM" not in stderr


SESSION = "from pyspark.sql import SparkSession\nSparkSession.builder.getOrCreate()"


def test_the_pages_of_a_run_that_has_ended_are_in_the_history_server(service: Service) -> None:
    run_id = service.submit(SESSION, name="looked at afterwards")
    service.until(run_id, "SUCCEEDED")

    page = requests.get(service.ui(run_id), timeout=30)

    assert page.status_code == 200
    assert '<strong title="looked at afterwards"' in page.text


def test_other_jars_and_more_memory_make_a_jvm_for_the_job(service: Service) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("greeting.txt", "hello")
    own = service.put("own.jar", archive.getvalue())
    parameters = seed_parameters(service).replace("--jars ", f"--jars {own},")
    look = (
        "\nfrom py4j.java_gateway import java_import"
        "\nloader = spark._jvm.java.lang.Thread.currentThread().getContextClassLoader()"
        "\nprint('found', loader.getResource('greeting.txt') is not None)"
        "\nimport boto3, time"
        "\nobjects = boto3.client('s3').list_objects_v2"
        "\nwhile not objects(Bucket='code', Prefix='go-on')['KeyCount']:"
        "\n    time.sleep(0.2)"
    )

    run_id = service.submit(
        DELTA_JOB + look,
        arguments=["s3://data/cold"],
        spark_submit_parameters=f"{parameters} --driver-memory 1500m",
    )
    live = service.until(run_id, "RUNNING")
    while live["ui_url"] is None:
        live = service.get(run_id, f"?after={live['version']}&wait=20")
    page = requests.get(live["ui_url"], timeout=30)
    assert live["state"] == "RUNNING"
    assert page.status_code == 200 and "/jobs/" in page.url
    service.put("go-on", b"")
    service.until(run_id, "SUCCEEDED")

    assert rows(service, "s3://data/cold") == DOUBLED
    stdout = service.log(run_id, "stdout")
    assert "found True" in stdout
    memory = int(stdout.split("memory ")[1].split()[0])
    assert 1400 < memory <= 1500
    assert f"Starting a JVM for this job: the jar {own}" in service.log(run_id)
    assert requests.get(service.ui(run_id), timeout=30).status_code == 200


def test_the_cause_of_a_failure_is_the_jobs_own_exception(service: Service) -> None:
    script = """
from pyspark.sql import SparkSession
def check(number):
    raise ValueError(f"row {number} is not allowed")
SparkSession.builder.getOrCreate().sparkContext.parallelize([4], 1).map(check).collect()
"""
    run = service.until(service.submit(script), "FAILED")

    assert run["exit_code"] == 1
    assert "ValueError: row 4 is not allowed" in run["error"]


def test_a_script_chooses_its_exit_code(service: Service) -> None:
    run = service.until(service.submit("import sys\nprint('no input')\nsys.exit(3)"), "FAILED")

    assert (run["exit_code"], run["error"]) == (3, "no input")


def test_a_full_heap_ends_the_run_with_137(service: Service) -> None:
    script = """
from pyspark.sql import SparkSession
jvm = SparkSession.builder.getOrCreate()._jvm
kept = jvm.java.util.ArrayList()
while True:
    kept.add(jvm.java.nio.CharBuffer.allocate(50_000_000))
"""
    run = service.until(service.submit(script), "FAILED")

    assert run["exit_code"] == 137
    assert run["error"].startswith("Killed by signal 9: out of memory")


GLUE_JOB = """
import sys
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import GlueArgumentError, getResolvedOptions
from pyspark.context import SparkContext

options = getResolvedOptions(sys.argv, ["JOB_NAME", "TABLE"])
glue = GlueContext(SparkContext.getOrCreate())
job = Job(glue)
job.init(options["JOB_NAME"], options)
from doubling import doubled
spark = glue.spark_session
spark.createDataFrame([(n, doubled(n)) for n in (1, 2, 3)], "n INT, doubled INT").write.format(
    "delta").save(options["TABLE"])
try:
    getResolvedOptions(sys.argv, ["TAB"])
except GlueArgumentError as error:
    print(error)
job.commit()
"""


def test_a_usual_glue_script_gets_options_zip_and_a_session_with_delta(service: Service) -> None:
    seed_parameters(service)
    run_id = service.submit(
        GLUE_JOB,
        kind="glue",
        arguments=["--JOB_NAME", "doubling", "--TABLE", "s3://data/glue"],
        spark_submit_parameters=f"{DELTA_JARS} {ZIP_AND_SQL}",
    )
    service.until(run_id, "SUCCEEDED")

    assert rows(service, "s3://data/glue") == DOUBLED
    assert "the following arguments are required: --TAB" in service.log(run_id, "stdout")


@pytest.mark.parametrize(
    ("kind", "cure"),
    [("glue", "`--datalake-formats delta`"), ("emr", "by `--jars`: /usr/share/aws")],
)
def test_a_job_that_names_no_delta_has_none_and_its_log_says_what_to_do(
    service: Service, kind: str, cure: str
) -> None:
    script = (
        "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\n"
        "print('sum', spark.range(4).groupBy().sum('id').first()[0])\n"
        "spark.range(1).write.format('delta').save('s3://data/never')"
    )
    run_id = service.submit(script, kind=kind, spark_submit_parameters="")
    run = service.until(run_id, "FAILED")

    assert "[DATA_SOURCE_NOT_FOUND] Failed to find the data source: delta" in run["error"]
    assert "java.lang.ClassNotFoundException: delta.DefaultSource" in run["error"]
    assert "sum 6" in service.log(run_id, "stdout")
    last = service.log(run_id).splitlines()[-1]
    assert last.startswith("This job has no Delta, as on AWS: ")
    assert cure in last
