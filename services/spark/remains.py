"""What a job leaves in a JVM: what is put right between jobs, and what no one can take away.

The rule is clean or replaced: what is not in its first state, and cannot be set so, is named, and
the process goes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Properties that each job is given, or that Jetty sets; a comment tells the time.
OF_A_JOB = ("#", "spark.", "user.dir=", "jetty.git.hash=")
# Files that Hadoop's own classes add when they are loaded.
HADOOPS = {
    f"{part}-{kind}.xml"
    for part in ("core", "hdfs", "hdfs-rbf", "mapred", "yarn")
    for kind in ("default", "site")
}
THREAD_SECONDS = 1.0
# Threads of pools that Java, Scala, Spark, Delta, Hadoop and AWS's SDK have once in a process, and
# those of Netty, which end some seconds after their SparkContext.
SHARED_THREADS = (
    "process reaper",
    "ForkJoinPool.commonPool-worker-",
    "Common-Cleaner",
    "scala-execution-context-global-",
    "QueryStageCreator-",
    "broadcast-exchange-",
    "subquery-",
    "delta-state-update-",
    "java-sdk-http-connection-reaper",
    "java-sdk-progress-listener-callback-thread",
    "MutableQuantiles-",
    "Idle Worker Monitor for ",  # of each SparkContext; it never ends
    "Timer for 's3a-file-system' metrics system",
    "org.apache.hadoop.fs.FileSystem$Statistics$StatisticsDataReferenceCleaner",
    "globalEventExecutor-",
    *("rpc-boss-", "rpc-client-", "rpc-server-"),
    *("shuffle-boss-", "shuffle-client-", "shuffle-server-"),
)
OUR_GATEWAY, STACK = "py4j.ClientServerConnection", 100


@dataclass(frozen=True)
class Baseline:
    """The process before its first job."""

    threads: frozenset[int]
    states: Mapping[str, str]


def baseline(jvm: Any) -> Baseline:
    return Baseline(frozenset(thread_ids(jvm)), states(jvm))


def set_properties(jvm: Any, first: Any, settings: Mapping[str, str]) -> None:
    """Make the system's properties those of its first state with the settings, and Hadoop's too."""
    lines = "".join(f"{escaped(name)}={escaped(value)}\n" for name, value in settings.items())
    properties = first.clone()
    properties.load(jvm.java.io.StringReader(lines))
    jvm.java.lang.System.setProperties(properties)
    hadoop = jvm.org.apache.spark.deploy.SparkHadoopUtil.get()
    hadoop.conf().clear()
    hadoop.conf().reloadConfiguration()
    hadoop.appendS3AndSparkHadoopHiveConfigurations(jvm.org.apache.spark.SparkConf(), hadoop.conf())


def escaped(text: str) -> str:
    """As java.util.Properties reads any text."""
    units = text.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def set_output(jvm: Any, folder: Path) -> list[Any]:
    """Let what the process prints and logs go to the folder's `stdout` and `stderr`."""
    files = [jvm.java.io.FileOutputStream(str(folder / n), True) for n in ("stdout", "stderr")]
    out, err = (jvm.java.io.PrintStream(file, True) for file in files)
    jvm.java.lang.System.setOut(out)
    jvm.java.lang.System.setErr(err)
    logging = jvm.org.apache.logging.log4j
    logging.core.config.Configurator.reconfigure()
    logging.core.config.Configurator.setRootLevel(logging.Level.WARN)
    return [out, err]


def stop_context(jvm: Any) -> None:
    """End the running SparkContext with its jobs, streams and workers."""
    contexts = scala_object(jvm, "org.apache.spark.SparkContext")
    active = contexts.getActive()
    if active.isDefined():
        context = active.get()
        if not context.isStopped():
            context.cancelAllJobs()
            context.stop()
        contexts.clearActiveContext()
    session = jvm.org.apache.spark.sql.SparkSession
    session.clearActiveSession()
    session.clearDefaultSession()


def found(jvm: Any, before: Baseline) -> str | None:
    """Takes away what can be; what cannot, by name."""
    clear_caches(jvm)
    now = states(jvm)
    names = sorted(before.states.keys() | now.keys())
    if differing := [name for name in names if now.get(name) != before.states.get(name)]:
        return f"{', '.join(differing)} changed"
    deadline = time.monotonic() + THREAD_SECONDS
    while threads := foreign_threads(jvm, before):
        if time.monotonic() > deadline:
            return f"threads left behind: {', '.join(sorted(threads))}"
        time.sleep(0.02)
    return None


def clear_caches(jvm: Any) -> None:
    """Open file systems with their credentials, users, tables' logs, folders of the context."""
    jvm.org.apache.hadoop.fs.FileSystem.closeAll()
    users = jvm.org.apache.hadoop.security.UserGroupInformation
    users.getCurrentUser()  # the first time Hadoop warns, which is no job's matter
    users.reset()
    jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()
    scala_object(jvm, "org.apache.spark.util.Utils").clearLocalRootDirs()


def scala_object(jvm: Any, name: str) -> Any:
    return _field(jvm, f"{name}$", "MODULE$").get(None)


def _field(jvm: Any, class_name: str, field: str) -> Any:
    declared = jvm.java.lang.Class.forName(class_name).getDeclaredField(field)
    declared.setAccessible(True)
    return declared


def states(jvm: Any) -> dict[str, str]:
    """What a job can change for the whole process, each as a text that tells a change."""
    return {**properties(jvm), **{name: str(state(jvm)) for name, state in STATES.items()}}


def properties(jvm: Any) -> dict[str, str]:
    writer = jvm.java.io.StringWriter()
    jvm.java.lang.System.getProperties().store(writer, None)
    lines = [line for line in str(writer.toString()).splitlines() if not line.startswith(OF_A_JOB)]
    return {
        f"system property {name}": value for name, _, value in (x.partition("=") for x in lines)
    }


def _private(class_name: str, field: str) -> Callable[[Any], str]:
    """The content of a static field that no method tells."""

    def read(jvm: Any) -> str:
        return str(jvm.java.util.Objects.toString(_field(jvm, class_name, field).get(None)))

    return read


def _unfinished_context(jvm: Any) -> str:
    name = "org.apache.spark.SparkContext"
    field = _field(jvm, f"{name}$", "contextBeingConstructed")
    return str(field.get(scala_object(jvm, name)).isDefined())


def _resources(jvm: Any) -> str:
    names = _private("org.apache.hadoop.conf.Configuration", "defaultResources")(jvm)
    return ", ".join(sorted(set(names.strip("[]").split(", ")) - HADOOPS))


STATES: dict[str, Callable[[Any], Any]] = {
    "environment": lambda jvm: jvm.java.lang.System.getenv().hashCode(),
    "time zone": lambda jvm: jvm.java.util.TimeZone.getDefault().getID(),
    "locale": lambda jvm: jvm.java.util.Locale.getDefault().toString(),
    "shutdown hooks": _private("java.lang.ApplicationShutdownHooks", "hooks"),
    "handler of uncaught exceptions": lambda jvm: jvm.java.util.Objects.toString(
        jvm.java.lang.Thread.getDefaultUncaughtExceptionHandler()
    ),
    "a SparkContext that was not completed": _unfinished_context,
    "Hadoop's default resources": _resources,
}


def thread_ids(jvm: Any) -> set[int]:
    threads = jvm.java.lang.management.ManagementFactory.getThreadMXBean()
    text = jvm.java.util.Arrays.toString(threads.getAllThreadIds())
    return {int(word) for word in text.strip("[]").split(",")}


def foreign_threads(jvm: Any, before: Baseline) -> list[str]:
    threads = jvm.java.lang.management.ManagementFactory.getThreadMXBean()
    infos = [threads.getThreadInfo(one, STACK) for one in thread_ids(jvm) - before.threads]
    named = [(str(info.getThreadName()), info) for info in infos if info is not None]
    return [name for name, info in named if not (name.startswith(SHARED_THREADS) or is_ours(info))]


def is_ours(thread: Any) -> bool:
    """Whether it serves this service's own gateway: those of the job's have ended with it."""
    first = list(thread.getStackTrace())[-2:]
    return OUR_GATEWAY in [str(frame.getClassName()) for frame in first]


def collected(jvm: Any) -> float:
    """Collect, give the machine back what is free; the part of the largest heap that stays used.

    A job's own collections keep Java's ratios: a heap held tight for a whole job collects itself
    again and again, and gold took 2 s longer.
    """
    management = jvm.java.lang.management.ManagementFactory
    hotspot = jvm.java.lang.Class.forName("com.sun.management.HotSpotDiagnosticMXBean")
    options = management.getPlatformMXBean(hotspot)
    ratios = ("MinHeapFreeRatio", "10"), ("MaxHeapFreeRatio", "20")
    usual = [(name, options.getVMOption(name).getValue()) for name, _ in ratios]
    for name, value in ratios:
        options.setVMOption(name, value)
    jvm.java.lang.System.gc()
    for name, value in reversed(usual):
        options.setVMOption(name, value)
    heap = management.getMemoryMXBean().getHeapMemoryUsage()
    return float(heap.getUsed()) / float(heap.getMax())
