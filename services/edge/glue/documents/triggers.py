"""Glue triggers as plain documents: what a request makes of one, or why it is refused."""

from __future__ import annotations

from typing import Any

from services.edge.aws import schedules
from services.edge.glue.errors import invalid_input

Document = dict[str, Any]

TYPES = ("SCHEDULED", "CONDITIONAL", "ON_DEMAND")
# "Currently, the only job states that a trigger can listen for are ..." (API reference, Condition)
JOB_STATES = ("SUCCEEDED", "STOPPED", "FAILED", "TIMEOUT")
CRAWL_STATES = ("SUCCEEDED", "FAILED", "CANCELLED")
DEFINITION = ("Description", "Schedule", "Predicate", "Actions")
# Asked of a job run, but not done here: refused rather than passed over.
UNAVAILABLE = ("SecurityConfiguration", "NotificationProperty")


def created(request: Document) -> Document:
    """A trigger as GetTrigger answers it; `request` is CreateTrigger's."""
    kept = ("Name", "WorkflowName", "Type", *DEFINITION)
    trigger = {name: request[name] for name in kept if request.get(name) is not None}
    trigger["State"] = "CREATED"
    _check(trigger)
    _check_no_events(request)
    return started(trigger) if request.get("StartOnCreation") else trigger


def updated(trigger: Document, update: Document) -> Document:
    """ "This object updates the previous trigger definition by overwriting it completely." """
    kept = {name: value for name, value in trigger.items() if name not in DEFINITION}
    given = {name: update[name] for name in DEFINITION if update.get(name) is not None}
    changed = {**kept, **given}
    _check(changed)
    _check_no_events(update)
    return changed


def started(trigger: Document) -> Document:
    """The trigger on watch; one on demand is never that, it fires when it is started."""
    if trigger["Type"] == "ON_DEMAND":
        raise invalid_input("StartOnCreation is not supported for ON_DEMAND triggers.")
    return {**trigger, "State": "ACTIVATED"}


def stopped(trigger: Document) -> Document:
    if trigger["Type"] == "ON_DEMAND":
        raise invalid_input(f"Trigger {trigger['Name']} is ON_DEMAND: there is nothing to stop.")
    return {**trigger, "State": "DEACTIVATED"}


def is_start(trigger: Document) -> bool:
    """Whether a chain of jobs begins with this trigger."""
    return bool(trigger["Type"] != "CONDITIONAL")


def jobs_of(trigger: Document) -> set[str]:
    """The jobs that it starts or watches."""
    return _named(trigger, "JobName")


def crawlers_of(trigger: Document) -> set[str]:
    return _named(trigger, "CrawlerName")


def conditions(trigger: Document) -> list[Document]:
    return list((trigger.get("Predicate") or {}).get("Conditions") or [])


def _named(trigger: Document, field: str) -> set[str]:
    entries = [*trigger["Actions"], *conditions(trigger)]
    return {entry[field] for entry in entries if entry.get(field)}


def _check(trigger: Document) -> None:
    if trigger["Type"] not in TYPES:
        raise invalid_input(
            f"Trigger type {trigger['Type']} is not available here: expected {', '.join(TYPES)}."
        )
    _check_schedule(trigger)
    _check_predicate(trigger)
    if not trigger.get("Actions"):
        raise invalid_input("Expected at least one action, found none.")
    for action in trigger["Actions"]:
        _check_one_target(action, "An action")
        if asked := [name for name in UNAVAILABLE if action.get(name)]:
            raise invalid_input(f"{', '.join(asked)} is not available here; leave it out.")


def _check_no_events(request: Document) -> None:
    if request.get("EventBatchingCondition"):
        raise invalid_input("EventBatchingCondition is not available here; leave it out.")


def _check_schedule(trigger: Document) -> None:
    if trigger["Type"] != "SCHEDULED":
        if trigger.get("Schedule"):
            raise invalid_input(f"A trigger of type {trigger['Type']} has no schedule.")
        return
    try:
        schedules.parse_cron(trigger.get("Schedule") or "")
    except schedules.ScheduleError as error:
        raise invalid_input(str(error)) from error


def _check_predicate(trigger: Document) -> None:
    found = conditions(trigger)
    if trigger["Type"] != "CONDITIONAL":
        if found:
            raise invalid_input(f"A trigger of type {trigger['Type']} has no predicate.")
        return
    if not found:
        raise invalid_input("A CONDITIONAL trigger needs a predicate with at least one condition.")
    if len(found) > 1 and not trigger["Predicate"].get("Logical"):
        raise invalid_input("Logical, AND or ANY, is needed where there are several conditions.")
    for condition in found:
        _check_condition(condition)


def _check_condition(condition: Document) -> None:
    _check_one_target(condition, "A condition")
    if condition.get("JobName"):
        _check_state("State", condition, JOB_STATES)
    else:
        _check_state("CrawlState", condition, CRAWL_STATES)


def _check_state(field: str, condition: Document, states: tuple[str, ...]) -> None:
    found = condition.get(field)
    if found not in states:
        raise invalid_input(f"Expected {field} to be one of {', '.join(states)}, found {found}.")


def _check_one_target(entry: Document, what: str) -> None:
    if bool(entry.get("JobName")) == bool(entry.get("CrawlerName")):
        raise invalid_input(f"{what} names either a job or a crawler.")
