"""Jobs that follow each other in one JVM share nothing, and one that dies takes no other along."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.spark_service import Service, descendants, until

# Sets everything it can, and leaves with a stream, threads and a broken SparkContext behind it.
HOSTILE = """
import os, sys, threading, time
from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession
spark = (SparkSession.builder.appName("hostile").config("spark.sql.shuffle.partitions", "7")
         .config("spark.sql.globalTempDatabase", "hostile_views")
         .config("spark.hadoop.fs.s3a.access.key", "hostile").getOrCreate())
jvm, sc = spark._jvm, spark.sparkContext
spark.range(3).createOrReplaceTempView("left_view")
spark.range(3).createGlobalTempView("left_global")
spark.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
spark.udf.register("left_udf", lambda n: n)
sc.setLogLevel("ALL")
sc.setLocalProperty("left", "here")
sc._jsc.hadoopConfiguration().set("left.hadoop", "here")
jvm.org.apache.spark.deploy.SparkHadoopUtil.get().conf().set("left.hadoop", "here")
jvm.java.lang.System.setProperty("spark.left", "here")
os.environ["LEFT"] = "here"
open("left.txt", "w").close()
jvm.java.io.File.createTempFile("left", ".tmp")
sys.modules["left_module"] = os
spark.range(1).write.mode("overwrite").json("s3://data/seen-as-hostile")
user = jvm.org.apache.hadoop.security.UserGroupInformation
user.setLoginUser(user.createRemoteUser("mallory"))
if MODE == "worst":
    jvm.java.lang.System.setProperty("left", "here")
    jvm.java.util.TimeZone.setDefault(jvm.java.util.TimeZone.getTimeZone("Asia/Tokyo"))
    jvm.java.util.Timer("left-timer")
    (spark.readStream.format("rate").load().writeStream.format("memory")
     .queryName("left_stream").start())
    spark.stop()
    try:
        SparkContext(conf=SparkConf().set("spark.master", "nonsense"))
    except Exception:
        print("broken")
threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
print("pid", jvm.java.lang.ProcessHandle.current().pid(), flush=True)
sys.exit(7)
"""

LOOK = """
import json, os, sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
jvm, sc = spark._jvm, spark.sparkContext
system = jvm.java.lang.System
threads = [t.getName() for t in jvm.java.lang.Thread.getAllStackTraces().keySet()]
logger = jvm.org.apache.logging.log4j.LogManager.getRootLogger()
temporary = jvm.java.io.File.createTempFile("looking", ".tmp").getParent()
seen = {
    "temporary": [name for name in os.listdir(temporary) if name.startswith("left")],
    "name": sc.appName,
    "partitions": spark.conf.get("spark.sql.shuffle.partitions"),
    "views": [t.name for t in spark.catalog.listTables()],
    "global": spark.conf.get("spark.sql.globalTempDatabase"),
    "zone": spark.conf.get("spark.sql.session.timeZone"),
    "udf": spark.catalog.functionExists("left_udf"),
    "level": logger.getLevel().toString(),
    "local": sc.getLocalProperty("left"),
    "hadoop": sc._jsc.hadoopConfiguration().get("left.hadoop"),
    "static hadoop": jvm.org.apache.spark.deploy.SparkHadoopUtil.get().conf().get("left.hadoop"),
    "key": sc._jsc.hadoopConfiguration().get("fs.s3a.access.key"),
    "spark property": system.getProperty("spark.left"),
    "property": system.getProperty("left"),
    "java zone": jvm.java.util.TimeZone.getDefault().getID(),
    "environment": os.environ.get("LEFT"),
    "files": os.listdir("."),
    "module": "left_module" in sys.modules,
    "user": jvm.org.apache.hadoop.security.UserGroupInformation.getLoginUser().getUserName(),
    "threads": [name for name in threads if "left" in name or "stream" in name],
    "streams": len(spark.streams.active),
}
spark.range(1).write.mode("overwrite").json("s3://data/seen-as-test")
print(json.dumps(seen))
print("pid", jvm.java.lang.ProcessHandle.current().pid(), flush=True)
"""
CLEAN = {
    "temporary": [],
    "name": "looking",
    "partitions": "2",
    "views": [],
    "global": "global_temp",
    "zone": "UTC",
    "udf": False,
    "level": "WARN",
    "local": None,
    "hadoop": None,
    "static hadoop": None,
    "key": "test",
    "spark property": None,
    "property": None,
    "java zone": "UTC",
    "environment": None,
    "files": [],
    "module": False,
    "threads": [],
    "streams": 0,
}


def _pid(service: Service, run_id: str) -> int:
    return int(service.log(run_id, "stdout").split("pid ")[1].split()[0])


@pytest.mark.parametrize(("mode", "is_kept"), [("bad", True), ("worst", False)])
def test_a_job_sees_nothing_of_the_hostile_one_before_it(
    service: Service, mode: str, is_kept: bool
) -> None:
    first = service.submit(f"MODE = {mode!r}\n{HOSTILE}")
    assert service.until(first, "FAILED")["exit_code"] == 7
    assert ("broken" in service.log(first, "stdout")) == (mode == "worst")

    second = service.submit(LOOK, name="looking")
    run = service.until(second, "SUCCEEDED")

    seen = json.loads(service.log(second, "stdout").splitlines()[0])
    assert seen.pop("user") != "mallory"
    assert seen == CLEAN
    # What can be cleaned keeps its JVM, what cannot goes with it.
    assert (_pid(service, first) == _pid(service, second)) == is_kept
    assert run["application_id"] != service.get(first)["application_id"]
    assert "hostile" not in service.log(second)


ENDINGS = {
    "a killed JVM": "import os\nos.kill(jvm.java.lang.ProcessHandle.current().pid(), 9)\n"
    "spark.range(1).count()",
    "a killed Python process": "import os\nos.kill(os.getpid(), 9)",
    "a heap that a task has filled": "text = 'repeat(cast(id as string), 1500000000)'\n"
    "spark.range(0, 4, 1, 2).selectExpr(f'max(length(reverse({text})))').collect()",
}


@pytest.fixture(scope="module")
def beside(
    service: Service, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """A job that goes on beside the deaths, until there is the file."""
    go_on = tmp_path_factory.mktemp("beside") / "go-on"
    run_id = service.submit(
        "import os, time\nfrom pyspark.sql import SparkSession\n"
        "spark = SparkSession.builder.getOrCreate()\nprint('on', flush=True)\n"
        f"while not os.path.exists({str(go_on)!r}):\n    time.sleep(0.1)\n"
        "print(spark.range(10).count())"
    )
    until(lambda: service.log(run_id, "stdout") == "on\n", 120)
    yield run_id, go_on
    go_on.touch()


@pytest.fixture(scope="module")
def dying(service: Service, beside: tuple[str, Path]) -> dict[str, str]:
    """A job for each ending, all at once: each waits as long for a JVM of its own."""
    return {
        ending: service.submit(
            "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\n"
            f"jvm = spark._jvm\nspark.range(1).count()\n{code}"
        )
        for ending, code in ENDINGS.items()
    }


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_death_fails_its_own_job(
    service: Service, beside: tuple[str, Path], dying: dict[str, str], ending: str
) -> None:
    run = service.until(dying[ending], "FAILED")

    assert run["exit_code"] == 137
    assert run["error"].startswith("Killed by signal 9: out of memory, or ended from outside.")
    assert service.get(beside[0])["state"] == "RUNNING"


def test_a_script_with_nothing_for_spark_to_do_takes_no_jvm(
    service: Service, beside: tuple[str, Path]
) -> None:
    run_id = service.submit("from pyspark import SparkContext\nprint(SparkContext._gateway)")
    run = service.until(run_id, "SUCCEEDED")

    assert service.log(run_id, "stdout") == "None\n"
    assert "application_id" not in run
    assert service.get(beside[0])["state"] == "RUNNING"


def test_a_job_beside_deaths_goes_on(service: Service, beside: tuple[str, Path]) -> None:
    run_id, go_on = beside
    go_on.touch()
    service.until(run_id, "SUCCEEDED")
    assert service.log(run_id, "stdout") == "on\n10\n"
    left = [command for command in descendants(service.folder) if "pyspark.daemon" in command]
    assert left == []
