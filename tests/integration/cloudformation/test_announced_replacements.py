"""What a change set says of a changed resource is what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.stacks import TestStack, text_of


def _template(name: Any, days: int) -> dict[str, Any]:
    group = {"LogGroupName": name, "RetentionInDays": days}
    return {
        "Parameters": {"Part": {"Type": "String", "Default": "b"}},
        "Resources": {"Group": {"Type": "AWS::Logs::LogGroup", "Properties": group}},
    }


API = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "new"}}


# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
@pytest.mark.parametrize(
    ("name", "more", "announced"),
    [
        ("/{0}/a-${Part}", {}, "False"),
        ("/{0}/c-${Part}", {}, "True"),
        ("/{0}/${Api}", {"Api": API}, "Conditional"),
    ],
    ids=["the same name in other words", "another name", "a name that is known afterwards"],
)
def test_a_replacement_is_announced_by_values(
    edge: Any, name: str, more: dict[str, Any], announced: str
) -> None:
    stack = TestStack(edge)
    assert stack.create(_template(f"/{stack.name}/a-b", 7)) == "CREATE_COMPLETE"
    changed = _template({"Fn::Sub": name.replace("{0}", stack.name)}, 14)
    changed["Resources"].update(more)

    made = stack.client.create_change_set(
        StackName=stack.name, ChangeSetName="c", TemplateBody=text_of(changed)
    )
    stack.client.get_waiter("change_set_create_complete").wait(
        ChangeSetName=made["Id"], WaiterConfig={"Delay": 1}
    )
    found = stack.client.describe_change_set(ChangeSetName=made["Id"])["Changes"]
    stack.delete()

    changes = [change["ResourceChange"] for change in found]
    assert [c["Replacement"] for c in changes if c["LogicalResourceId"] == "Group"] == [announced]
