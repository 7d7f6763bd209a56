"""The Spark service over HTTP, with real drivers and the edge's S3; no stack is deployed."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from deltalake import DeltaTable

from lake.settings import ROOT
from services.spark.guard import members
from tests.support.stack import free_port

ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")
JARS = ROOT / ".lake" / "jars"


class Service:
    """The service as a process, and an S3 beside it."""

    def __init__(self, folder: Path, edge_url: str) -> None:
        self.folder, self.edge_url = folder, edge_url
        self.url = f"http://127.0.0.1:{free_port()}"
        self._environment = {
            **os.environ,
            "LAKE_DIR": str(folder),
            "LAKE_JARS": str(JARS),
            "AWS_ENDPOINT_URL": edge_url,
            "SPARK_PORT": self.url.rpartition(":")[2],
            "SPARK_HISTORY_PORT": str(free_port()),
            "SPARK_WARM_DRIVERS": "1",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        self.s3 = boto3.client(
            "s3",
            endpoint_url=edge_url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def start(self) -> None:
        command = [sys.executable, "-m", "services.spark"]
        with (self.folder / "service.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self._environment, cwd=ROOT, stdout=log, stderr=log
            )
        until(lambda: is_answering(f"{self.url}/health"), 30)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(number)
        self.process.wait(20)
        until(lambda: not descendants(self.folder), 20)

    def put(self, key: str, body: str | bytes) -> str:
        content = body if isinstance(body, bytes) else body.encode()
        self.s3.put_object(Bucket="code", Key=key, Body=content)
        return f"s3://code/{key}"

    def submit(self, script: str, **settings: Any) -> str:
        run_id = uuid.uuid4().hex
        entry_point = settings.pop("entry_point", None) or self.put(f"{run_id}.py", script)
        body = {"run_id": run_id, "entry_point": entry_point, **settings}
        answer = requests.post(f"{self.url}/runs", json=body, timeout=30)
        assert answer.status_code == 201, answer.text
        return run_id

    def get(self, run_id: str, query: str = "") -> dict[str, Any]:
        run: dict[str, Any] = requests.get(f"{self.url}/runs/{run_id}{query}", timeout=90).json()
        return run

    def until(self, run_id: str, *states: str, seconds: float = 240) -> dict[str, Any]:
        deadline, run = time.monotonic() + seconds, self.get(run_id)
        while run["state"] not in states:
            assert run["state"] not in ENDED, f"expected {states}: {run}\n{self.log(run_id)}"
            assert time.monotonic() < deadline, f"expected {states}: {run}"
            run = self.get(run_id, f"?after={run['version']}&wait=5")
        return run

    def cancel(self, run_id: str) -> dict[str, Any]:
        run: dict[str, Any] = requests.post(f"{self.url}/runs/{run_id}/cancel", timeout=60).json()
        return run

    def log(self, run_id: str, stream: str = "stderr") -> str:
        return requests.get(f"{self.url}/runs/{run_id}/logs/{stream}", timeout=30).text

    def ui(self, run_id: str) -> str:
        answer = requests.get(f"{self.url}/runs/{run_id}/ui", timeout=60)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["url"])


def is_answering(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def until(is_so: Any, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        time.sleep(0.1)


def descendants(folder: Path) -> list[str]:
    """Commands of guards and drivers whose data is in the folder, whatever started them."""
    found = []
    for process in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"SPARK_CONF_DIR={folder}/" in process.read_bytes().decode(errors="replace"):
                found.append((process.parent / "cmdline").read_text())
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


@pytest.fixture(scope="module")
def s3_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("edge")
    port = free_port()
    environment = {
        **os.environ,
        "LAKE_DIR": str(folder),
        "TMPDIR": str(folder),
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "SERVICES": "s3",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DISABLE_EVENTS": "1",
        "DNS_ADDRESS": "0",
    }
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "localstack.runtime.main"],
            env=environment,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
    until(lambda: is_answering(f"http://127.0.0.1:{port}/_localstack/health"), 60)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="module")
def service(s3_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("lake"), s3_url)
    service.s3.create_bucket(Bucket="code")
    service.s3.create_bucket(Bucket="data")
    service.start()
    yield service
    service.stop()


def seed_parameters(service: Service) -> str:
    """The submit parameters of the pipeline: jars, zip, extension, catalog, log store."""
    delta = next(JARS.glob("delta-spark_*.jar"))
    service.put(delta.name, delta.read_bytes())
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("doubling/__init__.py", "def doubled(number):\n    return 2 * number\n")
    service.put("doubling.zip", archive.getvalue())
    return (
        f"--jars s3://code/{delta.name} --py-files s3://code/doubling.zip"
        " --conf spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension"
        " --conf spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog"
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


def test_a_job_with_the_seeds_parameters_writes_delta_to_s3_in_a_driver_started_ahead(
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
    assert "Starting a driver" not in stderr


def test_the_pages_of_a_run_that_has_ended_are_in_the_history_server(service: Service) -> None:
    run_id = service.submit("print('done')", name="looked at afterwards")
    service.until(run_id, "SUCCEEDED")

    page = requests.get(service.ui(run_id), timeout=30)

    assert page.status_code == 200
    assert '<strong title="looked at afterwards"' in page.text


def test_other_jars_and_more_memory_make_a_driver_for_the_job(service: Service) -> None:
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
    while page.status_code == 404:  # the context binds its port before it attaches the pages
        time.sleep(0.2)
        page = requests.get(live["ui_url"], timeout=30)
    assert page.status_code == 200 and "/jobs/" in page.url
    service.put("go-on", b"")
    service.until(run_id, "SUCCEEDED")

    assert rows(service, "s3://data/cold") == DOUBLED
    stdout = service.log(run_id, "stdout")
    assert "found True" in stdout
    memory = int(stdout.split("memory ")[1].split()[0])
    assert 1400 < memory <= 1500
    assert f"Starting a driver for this job: the jar {own}" in service.log(run_id)
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


@pytest.mark.parametrize("entry_point", ["s3://code/none.py", "s3://none/job.py", "/none/job.py"])
def test_a_missing_script_fails_its_run_at_once_and_is_named(
    service: Service, entry_point: str
) -> None:
    run_id = service.submit("", entry_point=entry_point)
    run = service.until(run_id, "FAILED", seconds=10)

    assert f"{entry_point} does not exist" in run["error"]
    assert run["ui_url"] is None


def test_a_cancelled_run_leaves_no_process_and_one_that_waits_for_it_can_be_cancelled(
    service: Service,
) -> None:
    script = """
import os, time
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print(os.getsid(0), flush=True)
spark.sparkContext.parallelize(range(2), 2).map(lambda n: time.sleep(600)).collect()
"""
    going = service.submit(script)
    entry_point = service.get(going)["entry_point"]
    until(lambda: service.log(going, "stdout").endswith("\n"), 120)
    session = int(service.log(going, "stdout"))
    waiting = service.submit("", entry_point=entry_point)
    time.sleep(1)
    assert service.get(waiting)["state"] == "QUEUED"
    assert len(members(session)) > 2

    assert service.cancel(waiting)["state"] == "CANCELLED"
    cancelled = service.cancel(going)

    assert cancelled["state"] == "CANCELLED" and cancelled["ended_at"] is not None
    assert members(session) == set()
    assert service.cancel(going) == cancelled


def test_output_can_be_followed_while_the_job_runs(service: Service) -> None:
    run_id = service.submit("import time\nprint('first')\ntime.sleep(600)")
    until(lambda: service.log(run_id, "stdout") == "first\n", 120)

    url = f"{service.url}/runs/{run_id}/logs/stdout"
    assert requests.get(f"{url}?offset=3", timeout=30).content == b"st\n"
    assert service.get(run_id)["state"] == "RUNNING"
    service.cancel(run_id)


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
        spark_submit_parameters="--py-files s3://code/doubling.zip",
    )
    service.until(run_id, "SUCCEEDED")

    assert rows(service, "s3://data/glue") == DOUBLED
    assert "the following arguments are required: --TAB" in service.log(run_id, "stdout")


def test_bad_requests_are_answered_400_and_unknown_runs_404(service: Service) -> None:
    def post(**body: Any) -> tuple[int, str]:
        answer = requests.post(f"{service.url}/runs", json=body, timeout=30)
        return answer.status_code, answer.json()["error"]["message"]

    known = {"run_id": "r", "entry_point": "s3://code/job.py"}
    assert post(run_id="r") == (400, "expected entry_point to be the address of a script")
    status, message = post(**known, spark_submit_parameters="--conf spark.master=yarn")
    assert (status, message) == (400, "Option 'spark.master' is not supported")
    assert post(**known, conf={"spark.driver.memory": "lots"})[0] == 400
    for path in ("/runs/none", "/runs/none/ui", "/runs/none/logs/stdout"):
        assert requests.get(service.url + path, timeout=30).status_code == 404
    assert requests.post(f"{service.url}/runs/none/cancel", timeout=30).status_code == 404


def test_the_same_run_id_is_run_once(service: Service) -> None:
    body = {"run_id": uuid.uuid4().hex, "entry_point": "s3://code/none.py"}

    first = requests.post(f"{service.url}/runs", json=body, timeout=30)
    second = requests.post(f"{service.url}/runs", json=body, timeout=30)

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json()["run_id"] == body["run_id"]


def test_a_killed_service_leaves_no_process_and_its_next_start_fails_the_run(
    service: Service,
) -> None:
    run_id = service.submit("import time\nprint('on')\ntime.sleep(600)")
    until(lambda: service.log(run_id, "stdout") == "on\n", 120)
    assert descendants(service.folder)

    service.stop(signal.SIGKILL)
    service.start()

    run = service.get(run_id)
    assert run["state"] == "FAILED"
    assert run["error"] == "the Spark service stopped while the run was going on"
