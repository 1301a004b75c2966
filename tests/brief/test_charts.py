from __future__ import annotations

import re
import subprocess
import sys
import warnings
from datetime import date
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from detente.brief import charts
from detente.brief.charts import Arrow, Gain, Node, Point, Stair, Stroke, Want
from detente.charts import packages, stable
from detente.charts.lettering import text_width
from detente.charts.placing import Box
from detente.record.dates import PartialDate

pytestmark = pytest.mark.filterwarnings("error")

HOSTILE = "<b>&\"'$x_{1}$ $\\frac$\x00\x1b\u202e]]>"
SHOWN = "<b>&\"'$x_{1}$ $\\frac$��]]>"
LONG = "Donaudampfschifffahrtsgesellschaft" * 8
RTL = "عاد السجناء إلى بيوتهم"
CJK = "釋放被拘留者並解凍資金"
NAMES = ("United States", "Taliban")


def frontier(points=None, names=NAMES, walk_away=(30, 25), key="frontier"):
    if points is None:
        edge = [(22, 80), (40, 74), (55, 66), (68, 52), (80, 38), (90, 18)]
        points = [
            *(Point(f"package {n}", n * 7 % 50 + 5, n * 11 % 50 + 5, "package") for n in range(40)),
            *(Point(f"edge {n}", x, y, "frontier") for n, (x, y) in enumerate(edge)),
            Point("Nash", 55, 66, "solution", (50, 61), (58, 70), "half of the funds"),
            Point("egalitarian", 55, 66, "solution"),
            Point("Kalai–Smorodinsky", 58, 64, "solution", (52, 62), None, "in 83% of values"),
            Point("utilitarian", 60, 61, "solution"),
            Point("Status quo", 30, 25, "status quo", note="since 2021"),
        ]
    return charts.frontier(points, names, walk_away, key=key, title="Packages")


def outcomes(nodes=None, arrows=None, key="outcomes"):
    nodes = nodes or [
        Node("sq", "No recognition\nfunds frozen", None, "status quo"),
        Node("a", "Detainees freed"),
        Node("b", "Some funds released", 0.12, "equilibrium"),
        Node("c", "Detainees freed\nfunds released", 0.83, "equilibrium"),
        Node("d", "Office in Kabul", 0.996, "equilibrium"),
        Node("e", "New sanctions"),
    ]
    arrows = arrows or [
        Arrow("sq", "a", "Taliban", "frees two detainees", improvement=False),
        Arrow("sq", "b", "United States", "lets the Swiss fund pay"),
        Arrow("a", "c", "United States", "releases the funds"),
        Arrow("b", "c", "Taliban", "frees all detainees"),
        Arrow("c", "d", "United States", "opens an office", improvement=False),
        Arrow("a", "e", "United States", "lists officials", improvement=False, threat=True),
        Arrow("e", "sq", "Taliban", "expels the envoy"),
    ]
    return charts.outcomes(nodes, arrows, key=key, title="Outcomes")


def staircase(steps=None, parties=None, key="stairs"):
    steps = (
        ["1 Taliban frees two", "2 United States lifts", "3 half the funds"]
        if steps is None
        else steps
    )
    parties = parties or [
        Stair("United States", ((0, 0, 0), (-1, -0.5, 0), (3, 4, 5), (1, 2, 2.5)), (3, 3.5)),
        Stair("Taliban", ((0, 0, 0), (4, 5, 6), (3, 4, 4.5), (0, 0, 0)), (5.5, 5.5)),
        Stair("Qatar", ((0, 0, 0),) * 4),
    ]
    return charts.staircase(steps, parties, key=key, title="Exposure")


def strokes(rows=None):
    rows = rows or [
        (0, "2020-02-29", 8.0), (1, "2021-08-15", -9.0), (None, "2021", 2.0),
        (0, "~2022-06", -7.0), (1, "2023-01..2023-03", 0.0), (1, "2025-03-20", 8.0),
        (0, "2025-03-22", 5.0), (1, "2025-03-22", 7.0),
    ]  # fmt: skip
    found = []
    sums = [0.0, 0.0]
    for n, (side, when, size) in enumerate(rows):
        for own in (0, 1) if side is None else (side,):
            sums[own] += size
        when = when if isinstance(when, PartialDate) else PartialDate.parse(when)
        title = f"move <{n}> & {size}"
        found.append(
            Stroke(side, when, size, n % 4 != 3, n % 2 == 0, tuple(sums), title, f"#move-m{n}")
        )
    return found


def balance(rows=None, names=NAMES, key="balance"):
    return charts.balance(strokes(rows), names, key=key, title="Moves")


def wants(rows=None, names=(*NAMES, "Qatar"), key="wants"):
    rows = rows or [
        Want("Detainees", ("none", "two-freed", "all-freed"), {NAMES[0]: 1, NAMES[1]: -1}),
        Want("Frozen funds", ("all-frozen", "half", "all-released"), dict.fromkeys(names, 1)),
        Want("Recognition of the government", ("none", "de-jure"), {NAMES[0]: 0, NAMES[1]: 1}),
        Want("Embassy", ("closed", "open"), {}),
    ]
    return charts.wants(rows, names, key=key, title="Wants")


def gains(bars=None, key="gains"):
    bars = bars or [
        Gain("deal", "what the frozen funds are worth to the Taliban", 0.42, 0.71),
        Gain("deal", "what recognition costs the United States", 0.42, 0.43),
        Gain("steps", "how much the Taliban is ready to risk", 0.8, 0.997),
        Gain("steps", "how much the United States is ready to risk", 0.8, 0.8),
    ]
    return charts.gains(bars, key=key, title="Gains")


ALL = {
    "wants": wants, "frontier": frontier, "outcomes": outcomes, "staircase": staircase,
    "gains": gains, "balance": balance,
}  # fmt: skip
every = pytest.mark.parametrize("draw", ALL.values(), ids=ALL)


def tag(node):
    return node.tag.rpartition("}")[2]


def texts(svg):
    return [node for node in ElementTree.fromstring(svg).iter() if tag(node) == "text"]


def said(svg):
    """All words of a picture, with the lines of a label joined."""
    return " ".join(node.text or "" for node in texts(svg))


def boxes(svg):
    """Where each text stands, by the width of the page's widest font."""
    found = []
    for node in texts(svg):
        style = dict(part.split(":") for part in node.get("style").split(";"))
        size = float(style["font-size"].removesuffix("px"))
        x, y, width = (
            float(node.get("x")), float(node.get("y")),
            text_width(node.text, size, bold="font-weight" in style),
        )  # fmt: skip
        x -= {"middle": width / 2, "end": width}.get(node.get("text-anchor"), 0)
        found.append((Box(x, y - 0.78 * size, x + width, y + 0.2 * size), node.text))
    return found


def overlaps(svg):
    return [(a[1], b[1]) for a, b in combinations(boxes(svg), 2) if a[0].meets(b[0])]


def outside(svg):
    *_, width, height = map(float, ElementTree.fromstring(svg).get("viewBox").split())
    return [
        words for box, words in boxes(svg)
        if box.left < 0 or box.right > width or box.top < 0 or box.bottom > height
    ]  # fmt: skip


@every
def test_a_picture_is_well_formed_described_and_small(draw):
    svg = draw()
    root = ElementTree.fromstring(svg)
    assert [tag(child) for child in root][:2] == ["title", "desc"]
    assert root.get("class") == "plot"
    labels = {child.get("id") for child in root if tag(child) in ("title", "desc")}
    assert set(root.get("aria-labelledby").split()) == labels
    assert "width" not in root.attrib and root.get("viewBox").startswith("0 0 860 ")
    assert svg.startswith("<svg")
    assert len(svg) < 30_000


@every
def test_a_picture_loads_nothing_runs_nothing_and_styles_nothing_else(draw):
    svg = draw()
    found = {tag(node) for node in ElementTree.fromstring(svg).iter()}
    assert not found & {"style", "script", "image", "foreignObject", "metadata"}
    assert "xlink" not in svg and "<!" not in svg and "<?" not in svg and "matplotlib" not in svg
    assert re.findall(r"url\((?!#)", svg) == []
    assert re.findall(r'href="(?!#)', svg) == []


@every
def test_ids_are_the_pictures_own_and_nothing_points_outside_it(draw):
    one, two = draw(key="one"), draw(key="two")
    assert one == draw(key="one")
    assert one.replace("one-", "two-") == two
    ids = re.findall(r' id="([^"]+)"', one)
    assert len(ids) == len(set(ids)) >= 2
    assert all(name.startswith("one-") for name in ids)
    root = ElementTree.fromstring(one)
    used = {node.get("href")[1:] for node in root.iter() if tag(node) == "use"}
    assert used | set(re.findall(r"url\(#([^)]+)\)", one)) <= set(ids)


def test_a_key_has_to_be_fit_for_an_id():
    with pytest.raises(ValueError, match="cannot begin an id"):
        frontier(key='a" onload="x')


@every
def test_no_two_texts_overlap_and_all_stay_inside(draw):
    svg = draw()
    assert overlaps(svg) == []
    assert outside(svg) == []


def test_what_is_drawn_is_named():
    words = said(frontier())
    for name in ("Nash, egalitarian", "Kalai–Smorodinsky", "utilitarian", "Status quo",
                 "half of the funds", "United States walk-away: 30", "Taliban walk-away: 25",
                 "acceptable to both"):  # fmt: skip
        assert name in words
    words = said(outcomes())
    for name in ("No recognition", "holds in 83%", "holds in over 99%", "May hold", "Status quo",
                 "a threat, if it comes to it", "against its own preference"):  # fmt: skip
        assert name in words
    assert words.count("Taliban") == 3
    words = said(staircase())
    for name in ("1 Taliban frees two", "exposed: 2 (1 to 2.5)", "ready to risk 3 to 3.5",
                 "ready to risk 5.5", "beyond what it is ready to risk", "Qatar"):  # fmt: skip
        assert name in words
    words = said(balance())
    assert "+10 Taliban" not in words
    assert "+8 Taliban" in words and "United States" in words and "Aug" in words
    words = said(wants())
    for name in ("Detainees", "all freed", "de jure", "status quo", "Qatar", "fullest version"):
        assert name in words
    assert words.count("Taliban") == 4  # at three ends, and what its mark is
    words = said(gains())
    for name in ("Deal", "Steps", "frozen funds", "42%", "71%", "over 99%", "0%", "100%", "now"):
        assert name in words
    assert words.count("80%") == 2  # where nothing is gained it is said once


def test_hostile_words_are_shown_as_words():
    drawn = [
        frontier([Point(HOSTILE, 1, 2, "solution", note=HOSTILE)], (HOSTILE, HOSTILE)),
        outcomes([Node("a", HOSTILE, 0.5, "both"), Node("b", "b")],
                 [Arrow("a", "b", HOSTILE, HOSTILE)]),
        staircase([HOSTILE], [Stair(HOSTILE, ((0, 0, 0), (1, 1, 1)))]),
        balance(names=(HOSTILE, HOSTILE)),
        wants([Want(HOSTILE, (HOSTILE, HOSTILE), {HOSTILE: 1})], (HOSTILE,)),
        gains([Gain(HOSTILE, HOSTILE, 0, 1)]),
    ]  # fmt: skip
    for svg in drawn:
        ElementTree.fromstring(svg)
        assert "<b>" not in svg and not set("\x00\x1b\u202e") & set(svg)
        assert "$x_{1}$" in svg and "&lt;b&gt;&amp;" in svg
    assert SHOWN[:12] in said(drawn[0])


def test_a_move_is_one_link_to_its_entry_with_its_title():
    root = ElementTree.fromstring(balance())
    links = [node for node in root.iter() if tag(node) == "a"]
    assert {link.get("href") for link in links} == {f"#move-m{n}" for n in range(8)}
    assert all(tag(link[0]) == "title" for link in links)
    assert "move <0> & 8.0" in {link[0].text for link in links}
    assert all("target" not in link.attrib for link in links)
    assert root.get("role") == "group"  # what role="img" holds could not be reached
    assert ElementTree.fromstring(frontier()).get("role") == "img"


def test_a_balance_never_runs_back_in_time_where_dates_are_vague():
    rows = [(0, "2020", 5.0), (0, "2020-02-29", 3.0), (1, "2020-03", -2.0)]
    solid = re.search(r'd="([^"]+)"[^>]* stroke="#23211d"', balance(rows))[1]
    xs = [float(x) for x in re.findall(r"[ML] (\S+) ", solid)]
    assert xs == sorted(xs) and len(xs) == 6


def test_an_address_that_leaves_the_page_is_no_link():
    stroke = Stroke(0, PartialDate.parse("2025"), 1, True, True, (1, 0), "t", "javascript:x")
    svg = charts.balance([stroke], NAMES, key="b", title="T")
    assert "javascript" not in svg and "<title>t</title>" in svg


def test_what_a_move_is_shows_without_colour():
    def shapes(size, counted=True, confirmed=True):
        stroke = Stroke(0, PartialDate.parse("2025"), size, counted, confirmed, (1, 0), "t", "#x")
        svg = charts.balance([stroke], NAMES, key="b", title="T")
        return re.search(r'<path id="b-1" d="([^"]+)"', svg)[1], svg.split("</title>")[-1]

    assert len({shapes(size)[0] for size in (5, -5, 0)}) == 3
    assert 'class="hollow"' in shapes(5, counted=False)[1]
    assert "stroke-dasharray" in shapes(5, counted=False)[1].split("</a>")[0]
    assert 'class="hollow"' not in shapes(5)[1].split("</a>")[0]
    assert shapes(5, confirmed=False)[1] != shapes(5)[1]


def test_threats_and_moves_against_preference_have_lines_of_their_own():
    nodes = [Node("a", "a", None, "status quo"), Node("b", "b")]

    def line(**options):
        svg = outcomes(nodes, [Arrow("a", "b", "A", **options)])
        return re.findall(r'stroke-dasharray="([^"]+)"', svg.split("<title>A (")[1])[:1]

    assert line() != line(improvement=False) != line(threat=True)


HOSTILE_POINTS = {
    "one point": [Point("only", 3, 3, "solution")],
    "no extent": [Point(f"s{n}", 7, 7, "solution") for n in range(30)],
    "status quo alone": [Point("", 0, 0, "status quo")],
    "huge": [Point("a", 1e307, -1e307, "solution"), Point("b", -1.7e308, 1.7e308, "status quo")],
    "tiny": [Point("a", 1e-300, 0, "solution"), Point("b", 0, 1e-300, "frontier")],
    "near": [Point("a", 1e12, 1, "solution"), Point("b", 1e12 + 1e-3, 2, "frontier")],
    "many": [Point(f"{LONG} {n}", n % 9, n % 7, "solution", note=LONG) for n in range(60)],
    "scripts": [Point(RTL, 1, 2, "solution", note=CJK), Point(CJK * 20, 2, 1, "status quo")],
    "packages": [Point(f"p{n}", n % 3, n % 2, "package") for n in range(60)],
}


@pytest.mark.parametrize("points", HOSTILE_POINTS.values(), ids=HOSTILE_POINTS)
@pytest.mark.parametrize("walk_away", [(None, None), (2, None), (2, 1)])
def test_a_frontier_of_anything_draws(points, walk_away):
    svg = frontier(points, (LONG, RTL), walk_away)
    assert overlaps(svg) == [] and outside(svg) == []
    assert len(svg) < 150_000


def test_a_frontier_runs_through_packages_that_are_also_named_as_such():
    edge = [Point("", x, 3 - x, kind) for x in range(4) for kind in ("package", "frontier")]
    line = re.search(r'd="([^"]+)"[^>]* stroke-dasharray', frontier(edge, walk_away=(None, None)))
    assert len(re.findall(r"[ML]", line[1])) == 7


def test_an_outcome_without_moves_stands_below_the_last_not_in_a_column_of_its_own():
    nodes = [Node("a", "a", None, "status quo"), Node("c", "c"), Node("b", "b")]
    cards, _ = stable._placed(nodes, [Arrow("a", "b", "A")])
    assert cards["c"].box.top > cards["b"].box.bottom
    assert cards["a"].box.right < cards["c"].box.left < cards["b"].box.right


def test_what_an_outcome_is_called_is_not_cut():
    nodes = [Node(str(n), f"the funds in the central bank {n}", 0.5, "both") for n in range(5)]
    words = said(outcomes(nodes, [Arrow(str(n), str(n + 1), "A") for n in range(4)]))
    assert "…" not in words


def test_names_for_which_there_is_no_room_are_listed():
    assert "No room for the names of" in said(frontier(HOSTILE_POINTS["many"]))


def test_outcomes_of_anything_draw():
    twelve = [Node(f"n{n}", f"{LONG}\n{RTL}\n{CJK}", n / 12, "equilibrium") for n in range(12)]
    chain = [Arrow(f"n{n}", f"n{n + 1}", LONG, CJK) for n in range(11)]
    dense = [
        Arrow(f"n{a}", f"n{b}", f"party {a}", f"does {b}", (a + b) % 2 == 0, (a * b) % 5 == 1)
        for a, b in combinations(range(12), 2)
        if (a + 2 * b) % 3 == 0
    ]
    for nodes, arrows in (
        (twelve, chain), (twelve, dense), (twelve, []), ([Node("a", "")], []),
        ([Node(str(n), "x") for n in range(12)], [Arrow("0", str(n), "A") for n in range(1, 12)]),
    ):  # fmt: skip
        svg = charts.outcomes(nodes, arrows, key="o", title=LONG)
        assert overlaps(svg) == [] and outside(svg) == []
        assert len(svg) < 150_000


def test_arrows_keep_off_the_boxes():
    nodes = [
        Node(str(n), f"outcome {n}", None, "status quo" if n == 0 else "way") for n in range(5)
    ]
    arrows = [Arrow(str(n), str(n + 1), "A") for n in range(4)] + [Arrow("0", "4", "B", "jumps")]
    arrows = [*arrows[:3], arrows[4], Arrow("3", "0", "A", "returns")]
    cards, bottom = stable._placed(nodes, arrows)
    for way in stable._routes(cards, arrows, bottom + 50):
        for spot in way.spots[1:-1]:
            assert not any(card.box.holds(*spot) for card in cards.values())


def test_a_staircase_of_anything_draws():
    twenty = [f"{n} {LONG} {RTL}" for n in range(1, 21)]
    moments = tuple((float(n), n + 1.0, n + 1e9) for n in range(21))
    cases = [
        (twenty, [Stair(LONG, moments, (5, 7)), Stair(CJK, moments)]),
        ([], [Stair("A", ((0, 0, 0),), (0, 0))]),
        (["x"], [Stair("A", ((-1e308, 0, 1e308), (0, 0, 0)), (-5, 1e308))]),
        ([CJK * 3] * 4, [Stair(f"party {n}", ((0, 0, 0),) * 5) for n in range(6)]),
    ]
    for steps, parties in cases:
        svg = charts.staircase(steps, parties, key="s", title="T")
        assert overlaps(svg) == [] and outside(svg) == []
    assert "20" in said(charts.staircase(*cases[0], key="s", title="T"))


def test_wants_of_anything_draw():
    names = tuple(f"{LONG} {n}" for n in range(12))
    both = {name: n % 3 - 1 for n, name in enumerate(names)}
    for rows, parties in (
        ([Want(LONG, (LONG,) * 500, both)] * 12, names),
        ([Want(RTL, (CJK * 9, RTL * 9), {RTL: 1, CJK: -1})], (RTL, CJK)),
        ([Want("", ("",), {"": 1})], ("",)),
        ([Want("one option", ("as-it-is",), {})], ()),
    ):
        svg = charts.wants(rows, parties, key="w", title="T")
        assert overlaps(svg) == [] and outside(svg) == []
        assert len(svg) < 150_000


def test_a_party_stands_where_it_pulls_and_has_a_mark_of_its_own():
    rows = [Want("funds", ("none", "all"), {"A": -1, "B": 1, "C": 0})]
    svg = wants(rows, ("A", "B", "C"))
    at = {words: (box.left + box.right) / 2 for box, words in boxes(svg) if box.top < 60}
    assert at["A"] < at["none"] < at["all"] < at["B"]
    assert "C" not in said(svg)
    names = tuple(f"party {n}" for n in range(15))
    svg = wants([Want("funds", ("none", "all"), dict.fromkeys(names, 1))], names)
    marks = re.findall(r'<use [^>]*?fill="([^"]+)"[^>]* href="([^"]+)"', svg)
    legend = marks[-len(names) :]
    assert len({(fill == "#fdfcf8", href) for fill, href in legend}) == len(names)


shares = st.floats(0, 1)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(
        st.builds(Gain, st.sampled_from(["deal", "steps", ""]), st.text(max_size=200),
                  shares, shares),
        min_size=1, max_size=12,
    )
)  # fmt: skip
@example([Gain("deal", "00000::@GIMMMMMMMMMMMM\x08\x08rÀÇÐ", 1.0, 2.2e-16)])
def test_gains_of_anything_draw(bars):
    svg = gains(bars)
    assert overlaps(svg) == [] and outside(svg) == []


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.floats(0, 1), st.lists(st.floats(-0.03, 0.03), min_size=1, max_size=6))
def test_gains_close_together_are_drawn_on_a_part_of_the_axis_with_its_ends_named(now, more):
    bars = [Gain("deal", LONG, now, min(max(now + by, 0), 1)) for by in more]
    svg = gains(bars)
    assert overlaps(svg) == [] and outside(svg) == []
    bottom = max(
        (box.top, words) for box, words in boxes(svg)
        if words.endswith("0%") or words == "0%"
    )[0]  # fmt: skip
    ends = [float(words[:-1]) / 100 for box, words in boxes(svg) if box.top == bottom]
    assert len(ends) >= 2 and max(ends) - min(ends) < 0.5
    assert min(ends) - 1e-6 <= min(bar.now for bar in bars) <= max(ends) + 1e-6


days = st.dates(date(1, 1, 1), date(9999, 12, 31))
dates = st.one_of(
    days.map(PartialDate.exact),
    st.tuples(days, days).map(lambda two: PartialDate.between(min(two), max(two))),
    st.integers(1, 9999).map(lambda year: PartialDate.parse(f"~{year:04d}")),
    st.dates(date(2020, 1, 1), date(2020, 6, 1)).map(PartialDate.exact),
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.sampled_from([0, 1, None]), dates, st.floats(-10, 10)), min_size=1),
    st.text(max_size=80),
)
@example([(0, PartialDate.parse("2000"), 2.0), (0, PartialDate.parse("1999"), -0.0625)], "A")
def test_a_balance_of_anything_draws(rows, name):
    svg = balance(rows, (name, LONG))
    ElementTree.fromstring(svg)
    assert overlaps(svg) == [] and outside(svg) == []


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(
        st.builds(
            Point, st.text(max_size=40), st.floats(-1e6, 1e6), st.floats(-5, 5),
            st.sampled_from(packages._KINDS), note=st.text(max_size=60),
        ),
        min_size=1, max_size=25,
    )
)  # fmt: skip
def test_names_never_overlap(points):
    svg = frontier(points, walk_away=(0, 0))
    assert overlaps(svg) == [] and outside(svg) == []


def test_three_hundred_moves_stay_small():
    rows = [(n % 2, f"20{n % 25:02d}-{n % 12 + 1:02d}-{n % 28 + 1:02d}", n % 19 - 9.0)
            for n in range(300)]  # fmt: skip
    assert len(balance(rows)) < 150_000


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (lambda: frontier([]), "at least one point"),
        (lambda: frontier([Point("", 1, 1, "other")]), "no such kind"),
        (lambda: frontier([Point("", float("nan"), 1, "package")]), "finite"),
        (lambda: outcomes([Node("a", ""), Node("a", "")]), "an id of its own"),
        (lambda: outcomes([Node("a", "")], [Arrow("a", "b", "A")]), "does not join"),
        (lambda: staircase(["x"], [Stair("A", ((0, 0, 0),))]), "one before the first step"),
        (lambda: charts.staircase([], [], key="s", title="T"), "at least one party"),
        (lambda: charts.balance([], NAMES, key="b", title="T"), "at least one move"),
        (lambda: charts.wants([], NAMES, key="w", title="T"), "at least one issue"),
        (lambda: wants([Want("funds", (), {})]), "no options"),
        (lambda: wants([Want("funds", ("a",), {"Nobody": 1})]), "Nobody not among the names"),
        (lambda: wants([Want("funds", ("a",), {"Qatar": 2})]), "one way"),
        (lambda: charts.gains([], key="g", title="T"), "at least one number"),
        (lambda: gains([Gain("deal", "x", 0.5, 1.5)]), "shares from 0 to 1"),
        (lambda: gains([Gain("deal", "x", float("nan"), 0.5)]), "shares from 0 to 1"),
    ],
)
def test_what_cannot_be_drawn_is_said(draw, says):
    with pytest.raises(ValueError, match=says):
        draw()


def test_matplotlib_is_left_as_it_was():
    import matplotlib

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        matplotlib.rcParams["savefig.bbox"] = "tight"
        before = dict(matplotlib.rcParams)
        plain = frontier()
        assert dict(matplotlib.rcParams) == before
        matplotlib.rcParams["savefig.bbox"] = None
    assert plain == frontier()


def test_matplotlib_waits_until_a_picture_is_drawn():
    code = "import detente.brief, detente.brief.charts, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "detente.brief.charts" in done.stdout.split()
    assert not [name for name in done.stdout.split() if name.startswith("matplotlib")]
