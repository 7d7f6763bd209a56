"""Settings of a deployment that runs for years: as they are written, as the template has them."""

from __future__ import annotations

from typing import Any

import pytest

from aws_bootstrap.production import Production, ProductionError
from lake.settings import ROOT, known

GIVEN = {
    "WEBHOOK_RATE_LIMIT": "50",
    "WEBHOOK_BURST_LIMIT": "100",
    "BRONZE_RETENTION_DAYS": "730",
    "ALARM_ENDPOINT": "ops@example.com",
    "DAILY_BUDGET_USD": "20",
    "EMR_WARM_EXECUTORS": "1",
}
PARAMETERS = {
    "WebhookRateLimit": "50",
    "WebhookBurstLimit": "100",
    "BronzeRetentionDays": "730",
    "AlarmProtocol": "email",
    "AlarmEndpoint": "ops@example.com",
    "DailyBudget": "20",
    "WarmExecutors": "1",
}


def test_settings_are_the_template_s_parameters():
    assert Production.from_variables(GIVEN).parameters == PARAMETERS
    seeds = Production.from_variables(known(ROOT / ".env.example"))
    assert seeds == Production()


def test_the_laptop_has_neither_a_bill_nor_mail():
    given = Production.from_variables(GIVEN).on_the_laptop.parameters
    none = {"AlarmProtocol": "", "AlarmEndpoint": "", "DailyBudget": "0"}
    assert given == {**PARAMETERS, **none}
    queue = {**GIVEN, "ALARM_ENDPOINT": "arn:aws:sqs:us-east-1:000000000000:ops"}
    given = Production.from_variables(queue).on_the_laptop.parameters
    assert (given["AlarmProtocol"], given["AlarmEndpoint"]) == ("sqs", queue["ALARM_ENDPOINT"])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"WEBHOOK_RATE_LIMIT": "0"}, "WEBHOOK_RATE_LIMIT must be from 1 to 10000, found 0"),
        ({"EMR_WARM_EXECUTORS": "4"}, "EMR_WARM_EXECUTORS must be from 0 to 3, found 4"),
        ({"ALARM_ENDPOINT": "http://ops.example.com"}, "ALARM_ENDPOINT must be a mail address"),
    ],
)
def test_a_setting_that_aws_would_refuse_is_said_with_what_it_may_be(
    wrong: dict[str, Any], told: str
):
    with pytest.raises(ProductionError, match=told):
        Production.from_variables({**GIVEN, **wrong})
