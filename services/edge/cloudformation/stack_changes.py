"""Brings a stack's resources to a new template, step by step, so that each step can be undone."""

from __future__ import annotations

import copy
from typing import Any

from localstack.services.cloudformation.engine.v2.change_set_model import (
    NodeIntrinsicFunction,
    NodeOutput,
    NodeResource,
    is_nothing,
)
from localstack.services.cloudformation.engine.v2.change_set_model_executor import TriggerRollback
from localstack.services.cloudformation.engine.v2.change_set_model_preproc import (
    ChangeSetModelPreproc,
    PreprocEntityDelta,
    PreprocProperties,
)

from services.edge.cloudformation import (
    exports,
    imports,
    policies,
    records,
    replacements,
    stack_tags,
)
from services.edge.cloudformation.actions import ActionError, Actions
from services.edge.cloudformation.records import Model, Record, Step


class StackChanges(Actions):
    """`make`, then `clean_up` or `roll_back`. LocalStack's own executor keeps no such journal."""

    def __init__(self, change_set: Any, template: Model) -> None:
        super().__init__(change_set)
        self._template = template
        self._stack = change_set.stack
        self._before_resolved_resources = dict(self._stack.resolved_resources or {})
        self._removed: list[Record] = []
        self.journal: list[Step] = []
        self.imports: set[str] = set()
        self.failed: str | None = None

    def make(self) -> str | None:
        """Everything but deletions; the reason of a failure, which ends it."""
        try:
            self.process()
        except TriggerRollback as stop:
            self.failed = stop.logical_resource_id
            return stop.reason or "no reason given"
        except Exception as error:
            return str(error)
        return None

    def visit_node_resource(self, node_resource: NodeResource) -> PreprocEntityDelta:
        name = node_resource.name
        try:
            delta = ChangeSetModelPreproc.visit_node_resource(self, node_resource)
        except TriggerRollback:
            raise  # of a resource that this one needs
        except Exception as error:
            kind = node_resource.type_.value
            self.tell({"LogicalResourceId": name, "Type": kind}, "CREATE_FAILED", str(error))
            raise TriggerRollback(name, str(error)) from error
        former = self._before_resolved_resources.get(name)
        if is_nothing(delta.after):
            if former is not None:
                self._removed.append(former)
            return delta
        given = delta.after.properties
        inputs = {} if is_nothing(given) else given.properties
        if former is not None and "Inputs" not in former and not is_nothing(delta.before):
            # Made by an older version of this project, which kept no inputs.
            former = {**former, "Inputs": delta.before.properties.properties}
        kind = delta.after.resource_type
        tagged = stack_tags.inherited(kind, inputs, self._stack.tags)
        record = records.made(name, kind, tagged, self._template)
        whole = self._brought_about(record, former)
        self.resources[name] = whole
        delta.after.physical_resource_id = whole.get("PhysicalResourceId")
        delta.after.status = whole["ResourceStatus"]
        delta.after.properties = PreprocProperties(properties=inputs)
        return delta

    def visit_node_output(self, node_output: NodeOutput) -> PreprocEntityDelta:
        delta = ChangeSetModelPreproc.visit_node_output(self, node_output)
        if not is_nothing(delta.after) and delta.after.condition is not False:
            self.outputs.append(exports.output(delta.after, self._template))
        return delta

    def visit_node_intrinsic_function_fn_import_value(
        self, node_intrinsic_function: NodeIntrinsicFunction
    ) -> PreprocEntityDelta:
        wanted = self.visit(node_intrinsic_function.arguments).after
        if isinstance(wanted, str):
            exports.require(self._change_set, wanted)
            self.imports.add(wanted)
        return super().visit_node_intrinsic_function_fn_import_value(node_intrinsic_function)

    def _brought_about(self, record: Record, former: Record | None) -> Record:
        name = record["LogicalResourceId"]
        try:
            whole = self._made_or_changed(record, former)
        except ActionError as error:
            if former is not None and error.partly and not self._replaces(record, former):
                step = Step("Modify", name, former, self.attempted(record, former))
                self.journal.append(step)
            raise TriggerRollback(name, str(error)) from error
        records.settle(self._stack, whole, self._template)
        return whole

    def _made_or_changed(self, record: Record, former: Record | None) -> Record:
        name = record["LogicalResourceId"]
        if former is None and (adopted := imports.adopted(self._change_set, record)):
            whole = self.adopt(record, adopted)
            self.journal.append(Step("Import", name, None, whole))
        elif former is None:
            whole = self.create(record)
            self.journal.append(Step("Add", name, None, whole))
        elif records.inputs(former) == record["Inputs"]:
            kept: Record = {attribute: record[attribute] for attribute in records.ATTRIBUTES}
            whole = {**former, **kept, "Inputs": record["Inputs"]}
        elif self._replaces(record, former):
            whole = self.replace(record, former)
            self.journal.append(Step("Replace", name, former, whole))
        else:
            whole = self.change(record, former)
            self.journal.append(Step("Modify", name, former, whole))
        return whole

    def _replaces(self, record: Record, former: Record) -> bool:
        provider: Any = self.resource_provider_executor.try_load_resource_provider(record["Type"])
        if provider is None:
            return False
        deployed = former.get("Properties") or {}
        return replacements.is_needed(
            provider.SCHEMA, records.inputs(former), deployed, record["Inputs"]
        )

    def clean_up(self) -> None:
        """Delete what is removed or replaced; what cannot be is told, and stays without a stack."""
        for step in reversed(self.journal):
            if step.action == "Replace" and step.before is not None:
                keeps = step.after["UpdateReplacePolicy"] == "Retain"
                self._end(step.before, keeps=keeps, current=False)
        for record in reversed(self._removed):
            self._end(record, keeps=self.survives(record), current=True)
            records.forget(self._stack, record["LogicalResourceId"])

    def roll_back(self, *, retain_except_on_create: bool) -> list[str]:
        """Undo the journal, the last first; the names of what could not be undone."""
        stuck = []
        for step in reversed(self.journal):
            try:
                self._undo(step, retain_except_on_create=retain_except_on_create)
            except ActionError:
                stuck.append(step.name)
        return stuck

    def _undo(self, step: Step, *, retain_except_on_create: bool) -> None:
        if step.action == "Modify" and step.before is not None:
            inputs = {**step.before, "Inputs": copy.deepcopy(records.inputs(step.before))}
            self.change(inputs, step.after)
            return
        policy = step.after["DeletionPolicy"]
        current = step.action in ("Add", "Import")
        if step.action == "Import" or policies.survives_rollback(
            policy, retain_except_on_create=retain_except_on_create
        ):
            self.keep(step.after, current=current)
        else:
            self.delete(step.after, current=current)
        if current:
            records.forget(self._stack, step.name)

    def remove_all(self, retained: set[str]) -> list[str]:
        """Delete the stack's resources, the last made first; the names of what is still there."""
        stuck = []
        for name, record in reversed(list(self._stack.resolved_resources.items())):
            try:
                if name in retained or self.survives(record):
                    self.keep(record)
                else:
                    self.delete(record)
            except ActionError:
                stuck.append(name)
            else:
                records.forget(self._stack, name)
        return stuck

    def survives(self, record: Record) -> bool:
        name, template = record["LogicalResourceId"], self._stack.template
        stored = record.get("DeletionPolicy") or policies.policy(template, name, "DeletionPolicy")
        return policies.survives_deletion(stored)

    def _end(self, record: Record, *, keeps: bool, current: bool) -> None:
        if keeps:
            self.keep(record, current=current)
            return
        try:
            self.delete(record, current=current)
        except ActionError:
            return  # its event tells why; the update is complete nevertheless, as on AWS
