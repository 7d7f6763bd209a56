"""The Data Catalog's databases and tables as resources of a stack."""

from __future__ import annotations

import json
import uuid
from typing import Any

from tests.support.data_catalog import definition
from tests.support.errors import refused


def test_a_stack_makes_changes_and_deletes_a_database_and_a_table(edge: Any, glue: Any) -> None:
    stacks, name = edge.client("cloudformation"), f"catalog-{uuid.uuid4().hex[:8]}"
    database = name.replace("-", "_")

    def template(description: str, table: str = "t") -> str:
        return json.dumps(
            {
                "Resources": {
                    "Db": {
                        "Type": "AWS::Glue::Database",
                        "Properties": {
                            "CatalogId": {"Ref": "AWS::AccountId"},
                            "DatabaseInput": {"Name": database, "Description": description},
                        },
                    },
                    "Table": {
                        "Type": "AWS::Glue::Table",
                        "Properties": {
                            "CatalogId": {"Ref": "AWS::AccountId"},
                            "DatabaseName": {"Ref": "Db"},
                            "TableInput": definition(
                                table,
                                Description=description,
                                Parameters={"EXTERNAL": True, "n": 1},
                            ),
                        },
                    },
                },
                "Outputs": {"Table": {"Value": {"Ref": "Table"}}},
            }
        )

    stacks.create_stack(StackName=name, TemplateBody=template("first"))
    stacks.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    made = glue.get_table(DatabaseName=database, Name="t")["Table"]
    (output,) = stacks.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]

    stacks.update_stack(StackName=name, TemplateBody=template("second"))
    stacks.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    changed = glue.get_table(DatabaseName=database, Name="t")["Table"]
    described = glue.get_database(Name=database)["Database"]["Description"]

    stacks.update_stack(StackName=name, TemplateBody=template("second", "other"))
    stacks.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    renamed = [table["Name"] for table in glue.get_tables(DatabaseName=database)["TableList"]]

    stacks.delete_stack(StackName=name)
    stacks.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})

    assert made["Parameters"] == {"EXTERNAL": "true", "n": "1"}
    assert output["OutputValue"] == "t"
    assert (made["VersionId"], made["Description"]) == ("0", "first")
    assert (changed["VersionId"], changed["Description"]) == ("1", "second")
    assert described == "second"
    assert renamed == ["other"]
    assert refused(glue.get_database, Name=database)[0] == "EntityNotFoundException"
