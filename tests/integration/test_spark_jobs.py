"""Jobs in real Spark by the APIs of AWS: one of EMR Serverless, one as Glue Studio writes it."""

from __future__ import annotations

import gzip
import time
import uuid
from typing import Any

from tests.support.state_machines import until

SUM = """
import os, sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print('sum', spark.range(int(sys.argv[1])).groupBy().sum('id').first()[0])
print('conf', spark.conf.get('spark.sql.shuffle.partitions'), os.environ['COLOUR'])
"""
STUDIO = """
import sys
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from awsglue.job import Job
from awsglue.transforms import *
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["JOB_NAME", "my-database"])
assert args["JOB_RUN_ID"].startswith("jr_") and args["TempDir"] == "s3://t/x"
context = GlueContext(SparkContext())
job = Job(context)
job.init(args["JOB_NAME"], args)
orders = context.create_dynamic_frame.from_catalog(
    database=args["my_database"], table_name="orders", push_down_predicate="year = '2026'")
kept = Filter.apply(frame=orders, f=lambda order: order["qty"] > 3)
mapped = ApplyMapping.apply(frame=kept, mappings=[
    ("order_no", "string", "number", "string"), ("qty", "long", "pieces", "int")])
context.write_dynamic_frame.from_options(
    frame=DynamicFrame.fromDF(mapped.toDF().coalesce(1), context, "out"), connection_type="s3",
    connection_options={"path": f"s3://{args['my_database']}/out/"}, format="json")
context.get_logger().info("done")
job.commit()
"""


def test_a_job_of_emr_serverless_has_its_output_in_place_when_it_has_succeeded(edge: Any) -> None:
    emr, s3, bucket = edge.client("emr-serverless"), edge.client("s3"), "emr-spark"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="sum.py", Body=SUM.encode())
    application = emr.create_application(name="test", releaseLabel="emr-7.12.0", type="spark")[
        "applicationId"
    ]
    properties = {
        "spark.sql.shuffle.partitions": "3",
        "spark.emr-serverless.driverEnv.COLOUR": "green",
    }
    overrides = {
        "applicationConfiguration": [
            {"classification": "spark-defaults", "properties": properties}
        ],
        "monitoringConfiguration": {
            "cloudWatchLoggingConfiguration": {"enabled": True, "logStreamNamePrefix": "tests"},
            "s3MonitoringConfiguration": {"logUri": f"s3://{bucket}/logs/"},
        },
    }

    known = {"applicationId": application}
    known["jobRunId"] = emr.start_job_run(
        applicationId=application,
        executionRoleArn="arn:aws:iam::000000000000:role/emr",
        name="sum",
        jobDriver={
            "sparkSubmit": {"entryPoint": f"s3://{bucket}/sum.py", "entryPointArguments": ["101"]}
        },
        configurationOverrides=overrides,
    )["jobRunId"]
    found = until(
        lambda: emr.get_job_run(**known)["jobRun"],
        lambda run: run["state"] in ("SUCCESS", "FAILED", "CANCELLED"),
    )

    assert found["state"] == "SUCCESS", found["stateDetails"]
    place = f"applications/{application}/jobs/{known['jobRunId']}/SPARK_DRIVER"
    body = s3.get_object(Bucket=bucket, Key=f"logs/{place}/stdout.gz")["Body"].read()
    lines = ["sum 5050", "conf 3 green"]
    assert gzip.decompress(body).decode().splitlines() == lines
    stream = {"logGroupName": "/aws/emr-serverless", "logStreamName": f"tests/{place}/stdout"}
    events = edge.client("logs").get_log_events(**stream)["events"]
    assert [event["message"] for event in events] == lines
    assert found["startedAt"] <= found["endedAt"]
    assert found["arn"].endswith(f":/applications/{application}/jobruns/{known['jobRunId']}")
    assert emr.get_application(applicationId=application)["application"]["state"] == "STARTED"
    assert emr.get_dashboard_for_job_run(**known)["url"].startswith("http")


def test_a_script_of_glue_studio_reads_a_crawled_table_and_writes_what_it_mapped(
    edge: Any,
) -> None:
    glue, s3 = edge.client("glue"), edge.client("s3")
    name = f"studio{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    for year, rows in (("2025", "2024_0009,9"), ("2026", "2024_0001,3\n2024_0002,4")):
        body = f"order_no,qty\n{rows}\n".encode()
        s3.put_object(Bucket=name, Key=f"orders/year={year}/a.csv", Body=body)
    glue.create_database(DatabaseInput={"Name": name})
    target = {"S3Targets": [{"Path": f"s3://{name}/orders/"}]}
    glue.create_crawler(Name=name, Role="crawler", DatabaseName=name, Targets=target)
    glue.start_crawler(Name=name)
    while glue.get_crawler(Name=name)["Crawler"]["State"] != "READY":
        time.sleep(0.2)
    s3.put_object(Bucket=name, Key="studio.py", Body=STUDIO.encode())
    glue.create_job(
        Name=name,
        Role="arn:aws:iam::000000000000:role/glue",
        Command={"Name": "glueetl", "ScriptLocation": f"s3://{name}/studio.py"},
        DefaultArguments={"--TempDir": "s3://t/x", "--my-database": name},
    )

    run = glue.start_job_run(JobName=name)["JobRunId"]
    ended = until(
        lambda: glue.get_job_run(JobName=name, RunId=run)["JobRun"],
        lambda found: found["JobRunState"] not in ("STARTING", "RUNNING"),
        300,
    )

    assert ended["JobRunState"] == "SUCCEEDED", ended.get("ErrorMessage")
    (out,) = edge.keys(name, "out/part-")
    body = s3.get_object(Bucket=name, Key=out)["Body"].read()
    assert body == b'{"number":"2024_0002","pieces":4}\n'
    lines = edge.client("logs").get_log_events(
        logGroupName="/aws-glue/jobs/error", logStreamName=run
    )["events"]
    assert any(line["message"].endswith("INFO GlueLogger: done") for line in lines)
