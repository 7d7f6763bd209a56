"""What the overview draws itself: the lines of its cards and the map of hours."""

from __future__ import annotations

import re
from urllib.parse import unquote
from xml.etree import ElementTree

from dashboard.overview.heat_map import cells, heat_map
from dashboard.overview.queries import HourBookings
from dashboard.overview.sparkline import sparkline


def line_of(html: str) -> str | None:
    image = html.partition('src="data:image/svg+xml,')[2].partition('"')[0]
    return (
        ElementTree.fromstring(unquote(image))
        .find("{http://www.w3.org/2000/svg}polyline")
        .get("points")
    )


def test_a_line_rises_from_zero_to_its_highest_number():
    assert line_of(sparkline([2, 0, 4])) == "0.0,15.0 50.0,30.0 100.0,0.0"
    assert line_of(sparkline([0, 0])) == "0.0,30.0 100.0,30.0"
    assert (sparkline([7]), sparkline([])) == ("", "")


def test_the_map_has_a_button_for_each_hour_of_each_weekday_darkest_where_most_were_booked():
    html = heat_map([HourBookings(7, 9, 4), HourBookings(1, 0, 1)], 'the "most"')
    buttons = re.findall(
        r'data-row="([^"]+)" tabindex="(-?\d)" title="([^"]+)".*?share:(\d+)%', html
    )
    assert len(buttons) == 168
    assert buttons[0] == ("1-0", "0", "Mon 00:00 UTC: 1 booking", "25")
    assert ("7-9", "-1", "Sun 09:00 UTC: 4 bookings", "100") in buttons
    assert 'aria-label="the &quot;most&quot;"' in html
    # Gold's Sunday is 1, ours the seventh day.
    assert cells()["7-9"].text == "bookings,day_of_week:1,hour:9"
    assert set(cells()) == {name for name, *_ in buttons}
