"""Which gold tables a run makes anew, by what their last commits say that they were made from."""

from __future__ import annotations

import json

import pytest
from lakehouse import gold_sources
from lakehouse.gold import GOLD_TABLES, MissingSilverTableError
from lakehouse.table_contents import TableContents

from tests.support.dictionary_s3 import DictionaryS3

CODE = {"channels": "c1", "code": "d1"}
OF_SPEND = ["gold_cpb_by_channel", "gold_channel_attribution", "gold_booking_metrics"]
EVERY = [table.name for table in GOLD_TABLES]
HELD = TableContents([["channel", "string"]], {"": "0a"})


class Lake(DictionaryS3):
    """Silver and gold in one bucket: each commit has contents of its own, as Delta's have."""

    def __init__(self):
        super().__init__({})
        self.commits = 0
        self.commit("fact_bookings")
        self.commit("fact_marketing")

    def commit(self, table, note=None, version=None):
        log = f"{table}/_delta_log/"
        if version is None:
            version = sum(key.startswith(log) and key.endswith(".json") for key in self.objects)
        self.commits += 1
        info = {"txnId": self.commits, **({"userMetadata": note} if note else {})}
        lines = [json.dumps({"commitInfo": info}), json.dumps({"add": {"path": "p"}})]
        self.objects[f"{log}{version:020}.json"] = "\n".join(lines).encode()
        self.objects[f"{log}{version:020}.crc"] = b"{}"
        self.objects[f"{log}_last_checkpoint"] = b"{}"

    def notes(self, code=CODE):
        return gold_sources.notes(self, "silver", code)

    def stale(self, code=CODE):
        return list(gold_sources.stale_tables(self, "gold", self.notes(code)))

    def known(self):
        stale = gold_sources.stale_tables(self, "gold", self.notes(), every=True)
        return gold_sources.known_contents(self, "gold", stale)

    def make(self, *unchanged, code=CODE, meanwhile=None):
        """What a run does with the tables that are stale; those named come out as they were."""
        notes = self.notes(code)
        stale = gold_sources.stale_tables(self, "gold", notes)
        for name in stale:
            if name not in unchanged:
                self.commit(name, notes[name])
        if meanwhile:
            self.commit(meanwhile)
        gold_sources.confirm(self, "gold", stale, notes, dict.fromkeys(stale, HELD))


@pytest.fixture
def lake():
    made = Lake()
    made.make()
    return made


def test_tables_are_stale_until_they_are_made_and_then_no_longer():
    lake = Lake()
    assert lake.stale() == EVERY
    lake.make()
    assert lake.stale() == []


def test_new_spend_concerns_only_the_tables_that_are_made_from_it(lake):
    lake.commit("fact_marketing")
    assert lake.stale() == OF_SPEND
    lake.commit("fact_bookings")
    assert lake.stale() == EVERY


@pytest.mark.parametrize("name", ["channels", "code"])
def test_other_channels_and_other_code_concern_every_table(lake, name):
    assert lake.stale({**CODE, name: "other"}) == EVERY


def test_a_silver_table_that_was_deleted_and_made_anew_is_another_one_of_the_same_version(lake):
    lake.commit("fact_marketing", version=0)
    assert lake.stale() == OF_SPEND


def test_a_table_that_others_committed_to_or_that_is_gone_is_made_anew(lake):
    lake.commit("gold_cpb_by_channel")
    lake.commit("gold_booking_outcomes", note="OPTIMIZE by hand")
    gone = [key for key in lake.objects if key.startswith("gold_booking_metrics/")]
    for key in gone:
        del lake.objects[key]
    changed = ["gold_cpb_by_channel", "gold_booking_metrics", "gold_booking_outcomes"]
    assert lake.stale() == changed


def test_a_table_that_came_out_as_it_was_is_up_to_date_without_a_commit(lake):
    lake.commit("fact_bookings")
    lake.make("gold_cpb_by_channel", "gold_booking_outcomes")
    assert lake.stale() == []
    assert "gold_cpb_by_channel/_delta_log/00000000000000000001.json" not in lake.objects
    # The confirmation is of that commit and of those sources: of no other one.
    lake.commit("gold_cpb_by_channel")
    assert lake.stale() == ["gold_cpb_by_channel"]
    lake.commit("fact_marketing")
    assert lake.stale() == OF_SPEND


def test_what_a_table_holds_is_known_until_others_commit_to_it(lake):
    assert lake.known() == dict.fromkeys(EVERY, HELD)
    lake.commit("fact_bookings")
    lake.make("gold_cpb_by_channel")
    assert lake.known() == dict.fromkeys(EVERY, HELD)
    lake.commit("gold_cpb_by_channel")
    lake.commit("gold_booking_outcomes", note=lake.notes()["gold_booking_outcomes"])
    others = set(EVERY) - {"gold_cpb_by_channel", "gold_booking_outcomes"}
    assert lake.known().keys() == others


@pytest.mark.parametrize("unchanged", [[], ["gold_cpb_by_channel"]])
def test_what_a_table_holds_is_not_known_where_others_commit_while_it_is_made(lake, unchanged):
    lake.commit("fact_bookings")
    lake.make(*unchanged, meanwhile="gold_cpb_by_channel")
    assert lake.known().keys() == set(EVERY) - {"gold_cpb_by_channel"}
    assert lake.stale() == ["gold_cpb_by_channel"]


def test_silver_that_goes_back_to_an_earlier_version_by_a_new_commit_is_new(lake):
    lake.commit("fact_bookings", note="RESTORE")
    lake.make()
    lake.commit("fact_bookings", note="RESTORE")
    assert lake.stale() == EVERY


def test_without_a_silver_table_gold_says_which_jobs_to_run():
    lake = Lake()
    lake.objects = {k: v for k, v in lake.objects.items() if not k.startswith("fact_marketing")}
    with pytest.raises(MissingSilverTableError, match="fact_marketing.*run the silver jobs first"):
        lake.notes()
