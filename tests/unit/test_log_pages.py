"""Pages of log events: in the order of time, whole, without repetition, within AWS's limits."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from services.edge.cloudwatch_logs.documents.pages import TokenError, Window, filtered, of_stream


@dataclass
class Event:
    timestamp: int
    event_id: int
    message: str = "m"


ALL = Window()
STREAMS = {
    "a": [Event(1, 1), Event(3, 3), Event(3, 5)],
    "b": [Event(2, 2), Event(3, 4), Event(9, 6)],
}


def everything(_: str) -> bool:
    return True


def ids(found):
    return [event.event_id for _, event in found]


def test_events_of_several_streams_come_in_the_order_of_time():
    found, token = filtered(STREAMS, ALL, everything, 10_000, None)
    assert ids(found) == [1, 2, 3, 4, 5, 6]
    assert token is None


def test_pages_follow_each_other_without_gap_or_repetition():
    seen, token = [], None
    while True:
        found, token = filtered(STREAMS, ALL, everything, 2, token)
        seen.append(ids(found))
        if token is None:
            break
    assert seen == [[1, 2], [3, 4], [5, 6]]


def test_an_event_that_is_written_between_two_pages_is_in_the_second():
    _, token = filtered(STREAMS, ALL, everything, 4, None)
    grown = {**STREAMS, "c": [Event(3, 7), Event(10, 8)]}
    found, _ = filtered(grown, ALL, everything, 10, token)
    assert ids(found) == [5, 7, 6, 8]


def test_the_window_begins_with_its_start_and_ends_before_its_end():
    found, _ = filtered(STREAMS, Window(2, 9), everything, 10, None)
    assert ids(found) == [2, 3, 4, 5]


def test_a_page_holds_a_mebibyte_and_at_least_one_event():
    streams = {"a": [Event(n, n, "x" * 600_000) for n in range(1, 3)]}
    found, token = filtered(streams, ALL, everything, 10, None)
    assert ids(found) == [1] and token is not None
    page, _, _ = of_stream(streams["a"], ALL, 10, None, from_head=True)
    assert len(page) == 1


def stream_page(token=None, limit=2, from_head=True, window=ALL, events=None):
    events = [Event(n, n) for n in range(1, 6)] if events is None else events
    page, backward, forward = of_stream(events, window, limit, token, from_head=from_head)
    return [event.event_id for event in page], backward, forward


def test_a_stream_is_read_forward_to_its_end_where_the_token_stays():
    page, _, token = stream_page()
    assert page == [1, 2]
    page, _, token = stream_page(token)
    assert page == [3, 4]
    page, _, token = stream_page(token)
    assert page == [5]
    page, backward, same = stream_page(token)
    assert (page, same) == ([], token)
    assert stream_page(backward)[0] == [4, 5]


def test_a_stream_is_read_backward_from_its_end_where_the_token_stays():
    page, token, _ = stream_page(from_head=False)
    assert page == [4, 5]
    page, token, _ = stream_page(token)
    assert page == [2, 3]
    page, token, _ = stream_page(token)
    assert page == [1]
    page, same, forward = stream_page(token)
    assert (page, same) == ([], token)
    assert stream_page(forward)[0] == [1, 2]


def test_the_token_of_an_empty_stream_finds_what_is_written_later():
    page, _, token = stream_page(events=[])
    assert page == []
    assert stream_page(token)[0] == [1, 2]


def test_a_window_holds_for_every_page():
    page, _, token = stream_page(window=Window(2, 5))
    assert page == [2, 3]
    assert stream_page(token, window=Window(2, 5))[0] == [4]


@pytest.mark.parametrize("token", ["", "f/1", "x/" + "0" * 40, "b/" + "0" * 40])
def test_a_token_that_was_not_given_is_refused(token):
    with pytest.raises(TokenError):
        filtered(STREAMS, ALL, everything, 1, token or "nonsense")
