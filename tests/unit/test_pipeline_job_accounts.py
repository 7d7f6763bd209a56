"""What the jobs print of themselves, read from literal lines of their output."""

from __future__ import annotations

from pipeline.job_accounts import Account, account, account_words

EVENTS = (
    '{"job": "silver-events", "listed": 1548, "read": 1548, "winners": 1251, "superseded": 267,'
    ' "rejected": 30, "vanished": 0, "new": 1251, "drift": {"payload.mood": 3},'
    ' "spark_jobs": {"deliveries": 4}}'
)


def test_the_account_of_deliveries_says_what_became_of_each():
    found = account(["INFO starting", EVENTS, ""])
    assert found == Account(
        "objects",
        1548,
        {"winners": 1251, "superseded": 267, "rejected": 30},
        drift={"payload.mood": 3},
        is_closed=True,
    )
    assert found.balances is True


def test_an_account_that_does_not_add_up_says_so():
    assert account([EVENTS.replace("1251,", "1250,")]).balances is False


def test_spend_is_counted_in_rows_and_files():
    line = '{"silver_marketing": {"files": 35, "read": 106, "accepted": 105, "rejected": 1}}'
    found = account([line])
    assert (found.unit, found.read, found.rejected, found.balances) == ("rows", 106, 1, True)
    report = {"listed": 3, "written": 1, "unchanged": 1, "missing": ["spend_data_2026-01-19.json"]}
    found = account([str({"marketing_bronze": report}).replace("'", '"')])
    assert found.outcomes == {"written": 1, "unchanged": 1, "missing": 1}
    assert found.missing == ("spend_data_2026-01-19.json",)
    assert found.balances is True


def test_gold_counts_the_rows_that_it_wrote_or_says_why_it_wrote_none():
    assert account(['{"gold": {"gold_cpb_by_channel": 4}, "spark_jobs": {}}']).written == {
        "gold_cpb_by_channel": 4
    }
    read = '"read": {"fact_bookings": 1251, "fact_marketing": 105}'
    found = account([f'{{"gold": {{"gold_cpb_by_channel": 4}}, {read}, "spark_jobs": {{}}}}'])
    assert account_words(found) == "1,356 rows read: 4 rows in 1 table"
    assert found.balances is None
    skipped = account(["Skipped gold: its tables were made from this silver."])
    assert (skipped.note, skipped.balances) == ("its tables were made from this silver.", None)


def test_output_without_an_account_has_none():
    assert account([]) is None
    assert account(["{not JSON", '{"other": 1}', '["job"]', "{" * 5000]) is None


def test_numbers_that_are_none_are_left_out():
    found = account(['{"job": "silver-events", "read": "many", "drift": {"a": true, "b": 2}}'])
    assert (found.read, found.drift, found.balances) == (None, {"b": 2}, None)
