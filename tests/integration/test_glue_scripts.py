"""A script as Glue Studio writes it, on the live edge: catalog, transforms, files of S3."""

from __future__ import annotations

import time
import uuid
from typing import Any

from tests.support.state_machines import until

SCRIPT = """
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
    s3.put_object(Bucket=name, Key="studio.py", Body=SCRIPT.encode())
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
