"""The Data Catalog after kill -9 of the edge."""

from __future__ import annotations

from tests.support.data_catalog import ACCOUNT, KEYS, definition, partition, values_of
from tests.support.ledgers import outlives


@outlives()
def test_databases_tables_versions_partitions_and_tags_come_back(stack):
    glue = stack.client("glue")
    glue.create_database(DatabaseInput={"Name": "d"}, Tags={"project": "6"})
    glue.create_table(DatabaseName="d", TableInput=definition("t", PartitionKeys=KEYS))
    glue.update_table(DatabaseName="d", TableInput=definition("t", PartitionKeys=KEYS))
    of_table = {"DatabaseName": "d", "TableName": "t"}
    made = [partition(str(number), "a") for number in range(100)]
    glue.batch_create_partition(**of_table, PartitionInputList=made)
    token = glue.get_partitions(**of_table, MaxResults=98)["NextToken"]

    yield

    assert glue.get_table(DatabaseName="d", Name="t")["Table"]["VersionId"] == "1"
    assert len(glue.get_table_versions(**of_table)["TableVersions"]) == 2
    rest = glue.get_partitions(**of_table, NextToken=token)
    assert values_of(rest) == [["98", "a"], ["99", "a"]]
    arn = f"arn:aws:glue:us-east-1:{ACCOUNT}:database/d"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"project": "6"}
