"""Pages of listings: whole, in order, and steady while entries come and go."""

from __future__ import annotations

from typing import Any

import pytest

from services.edge.aws.pages import Paging, token

PAGING = Paging("MaxResults", "NextToken", ValueError, LookupError)


def pages_of(entries: list[dict[str, Any]], size: int) -> list[list[str]]:
    seen, following = [], None
    while True:
        request = {"MaxResults": size, "NextToken": following}
        answer = PAGING.page(request, "Jobs", entries, 50, "Name")
        seen.append([entry["Name"] for entry in answer["Jobs"]])
        following = answer.get("NextToken")
        if following is None:
            return seen


def named(*names: str) -> list[dict[str, str]]:
    return [{"Name": name} for name in names]


def test_pages_follow_one_another_to_the_end():
    assert pages_of(named("a", "b", "c", "d", "e"), 2) == [["a", "b"], ["c", "d"], ["e"]]
    assert pages_of(named("a", "b"), 2) == [["a", "b"]]
    assert pages_of([], 2) == [[]]


@pytest.mark.parametrize(
    ("meanwhile", "rest"),
    [
        (["new", "a", "b", "c"], ["c"]),
        (["b", "c"], ["c"]),
        (["a", "c", "d"], ["d"]),  # the last one given is gone: two were given
        (["a", "b", "c", "d"], ["c", "d"]),
    ],
)
def test_what_is_added_or_deleted_between_two_calls_moves_nothing(meanwhile, rest):
    first = PAGING.page({"MaxResults": 2}, "JobNames", ["a", "b", "c"], 50)
    following = {"NextToken": first["NextToken"]}
    assert PAGING.page(following, "JobNames", meanwhile, 50)["JobNames"] == rest


@pytest.mark.parametrize("made_up", ["5", "é", "bnVsbA==", "W10=", "NQ==", "WyJhIiwxXQ=="])
def test_a_token_of_another_listing_is_refused(made_up):
    with pytest.raises(LookupError, match="NextToken"):
        PAGING.page({"NextToken": made_up}, "Jobs", [], 50)
    other = PAGING.page({"MaxResults": 1}, "Crawlers", ["a", "b"], 50)["NextToken"]
    with pytest.raises(LookupError):
        PAGING.page({"NextToken": other}, "Jobs", ["a", "b"], 50)


@pytest.mark.parametrize("size", [0, 51])
def test_a_page_has_from_one_entry_to_the_most(size):
    with pytest.raises(ValueError, match="MaxResults must be from 1 to 50"):
        PAGING.page({"MaxResults": size}, "Jobs", [], 50)


def test_a_position_belongs_to_its_listing():
    given = {"NextToken": token("tables of a", ["last"])}
    assert PAGING.position(given, "tables of a", [""]) == ["last"]
    assert PAGING.position({}, "tables of a", [""]) == [""]
    for listing, start in (("tables of b", [""]), ("tables of a", ["", ""])):
        with pytest.raises(LookupError, match="was not given by this listing"):
            PAGING.position(given, listing, start)
