from __future__ import annotations

from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.brief import plots
from detente.record.dates import PartialDate

days = st.dates(date(1, 1, 1), date(9999, 12, 31))
dates = st.one_of(
    days.map(PartialDate.exact),
    st.tuples(days, days).map(lambda two: PartialDate.between(min(two), max(two))),
    st.integers(1, 9999).map(lambda year: PartialDate.parse(f"~{year:04d}")),
)
near = st.dates(date(2020, 1, 1), date(2020, 6, 1)).map(PartialDate.exact)
some_dates = st.one_of(
    st.lists(dates, min_size=1, max_size=12), st.lists(near, min_size=1, max_size=40)
)
signs = st.sampled_from([None, -9.5, -1.0, 0.0, 2.5, 10.0])


def mark(when, intensity=2.5, *, lanes=("A",), label="something", happened=True, confirmed=True):
    return plots.Mark(lanes, when, intensity, happened, confirmed, label, "title", "#move-x")


def draw(marks):
    return plots.timeline(marks, key="t", title="T", nobody="nobody", others="others")


@given(some_dates)
def test_the_axis_never_turns_time_round_and_stays_inside(some):
    along = plots.axis(some)
    days_known = sorted({d.toordinal() for when in some for d in (when.earliest, when.latest)})
    places = [along.x(day) for day in days_known]
    assert all(0 <= x <= plots.WIDTH for x in places)
    assert all(a <= b for a, b in pairwise(places))


@given(some_dates)
def test_words_on_the_axis_do_not_touch(some):
    shown = plots.ticks(plots.axis(some))
    assert shown
    for a, b in pairwise([tick for tick in shown if tick.words]):
        assert b.x - a.x >= (len(a.words) + len(b.words)) * 3.1


def test_a_long_empty_time_is_cut_and_the_busy_time_gets_the_room():
    exact = PartialDate.parse
    along = plots.axis([exact("2001-05-05"), *(exact(f"2025-0{m}-01") for m in range(1, 6))])
    assert len(along.stretches) == 2
    busy = along.stretches[1]
    assert busy.right - busy.left > plots.WIDTH / 2


def test_a_record_of_a_few_days_is_ticked_by_days():
    along = plots.axis([PartialDate.parse(f"2025-03-{day:02d}") for day in (3, 5, 9)])
    words = [tick.words for tick in plots.ticks(along)]
    assert words[:2] == ["3 Mar", "4 Mar"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(dates, signs, st.text(max_size=60), st.booleans()), min_size=1))
def test_the_timeline_is_well_formed_whatever_it_is_given(rows):
    marks = [
        mark(when, sign, lanes=(text or "A",), label=text, happened=happened)
        for when, sign, text, happened in rows
    ]
    ElementTree.fromstring(draw(marks))


def test_signs_are_told_by_place_and_shape_and_what_did_not_happen_by_its_outline():
    when = PartialDate.parse("2025-03-20")
    svg = draw([mark(when, 5), mark(when, -5), mark(when, 0), mark(when, None)])
    assert "h9.6l-4.8 -8.4z" in svg and "h9.6l-4.8 8.4z" in svg
    assert "<circle" in svg and "l5 5l-5 5l-5 -5z" in svg
    assert "not-done" in draw([mark(when, happened=False)])
    assert "unsure" in draw([mark(when, confirmed=False)])


def test_vague_dates_are_bars_and_approximate_ones_fade():
    exact, vague, about = (PartialDate.parse(t) for t in ("2020-06-01", "2024", "~2022"))
    svg = draw([mark(exact), mark(vague), mark(about)])
    assert svg.count('class="span"') == 1
    assert svg.count('class="span about"') == 1


def test_a_crowd_becomes_bars_that_say_how_many():
    when = PartialDate.parse("2025-03-20")
    svg = draw([mark(when) for _ in range(40)] + [mark(when, -5)])
    assert svg.count('class="many') == 2
    assert "40 entries" in svg


def test_labels_in_a_lane_do_not_overlap_and_stay_inside():
    marks = [mark(PartialDate.parse(f"2025-03-{d:02d}"), label="x" * 30) for d in range(1, 29)]
    tree = ElementTree.fromstring(draw(marks))
    notes = [t for t in tree.iter() if t.tag.endswith("text") and t.get("class") == "note"]
    rows: dict[str, list[tuple[float, float]]] = {}
    for note in notes:
        x, length = float(note.get("x")), 5.5 * len(note.text)
        span = (x, x + length) if note.get("text-anchor") == "start" else (x - length, x)
        assert span[0] >= 0 and span[1] <= plots.WIDTH
        rows.setdefault(note.get("y"), []).append(span)
    assert notes
    for spans in rows.values():
        assert all(a[1] <= b[0] for a, b in pairwise(sorted(spans)))


def test_many_parties_share_the_last_lane():
    when = PartialDate.parse("2025")
    svg = draw([mark(when, lanes=(f"party {n}",)) for n in range(20)])
    assert "others (13)" in svg
    assert svg.count('class="base"') == 8


def test_an_axis_needs_a_date():
    with pytest.raises(ValueError, match="at least one date"):
        plots.axis([])
