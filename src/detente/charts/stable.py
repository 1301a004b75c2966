"""Stable outcomes and the moves between them."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from detente.charts.lettering import BODY, SMALL, Line, extent, percent, text_width, wrap
from detente.charts.placing import Box, Room, on_line
from detente.charts.sheet import (
    AXIS,
    BAD,
    DASHES,
    DOTS,
    EDGE,
    FAINT,
    GREY,
    INK,
    PAPER,
    SOFT,
    WIDTH,
    Sheet,
    drawing,
)
from detente.wording import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Node:
    """An outcome.

    label : a few short lines joined by newlines
    share : in what part of the preferences that fit it is stable, from 0 to 1
    kind  : "status quo", "equilibrium", "both" of these, or "way": only passed through
    """

    id: str
    label: str
    share: float | None = None
    kind: str = "way"


@dataclass(frozen=True, slots=True)
class Arrow:
    """A move from one outcome to another.

    mover       : the name of the party that moves
    label       : what it does, in few words
    improvement : whether the mover prefers where it leads
    threat      : whether it is there to deter another's move, a sanction
    """

    start: str
    end: str
    mover: str
    label: str = ""
    improvement: bool = True
    threat: bool = False


_NOWHERE = Box(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Card:
    """A node with its place and its lines, a block for each part of what it says."""

    node: Node
    blocks: list[list[Line]]
    width: float
    height: float
    box: Box = _NOWHERE


_NODE_KINDS = ("status quo", "equilibrium", "both", "way")
_COLUMNS, _SEATS = 5, 3
_APART = 3.0
_CARD_WIDTHS = (300, 240, 190, 150, 124)
_BETWEEN = 124


@drawing()
def outcomes(nodes: Sequence[Node], arrows: Sequence[Arrow], *, key: str, title: str) -> str:
    """Outcomes from the status quo to the right, by how many moves lead there.

    What is stable has a double border. A move its mover gains by is a solid line with a
    filled head, one against its own preference a dashed line with an open head, a threat a
    dotted line that ends in a bar. More than five steps go on in a second band below.
    """
    ids = [node.id for node in nodes]
    if not nodes or len(set(ids)) < len(ids):
        raise ValueError("give at least one node, and each an id of its own")
    if wrong := {node.kind for node in nodes} - set(_NODE_KINDS):
        raise ValueError(f"no such kind of node: {', '.join(sorted(wrong))}; use {_NODE_KINDS}")
    for arrow in arrows:
        if not {arrow.start, arrow.end} <= set(ids) or arrow.start == arrow.end:
            raise ValueError(f"{arrow.start!r} -> {arrow.end!r} does not join two of the nodes")
    sheet = Sheet(key)
    cards, bottom = _placed(nodes, arrows)
    room = Room(Box(2, 2, WIDTH - 2, bottom + 90), [card.box for card in cards.values()])
    for card in cards.values():
        _card(sheet, card)
    ways = _routes(cards, arrows, bottom + 50)
    for way in ways:
        for one, two in pairwise(way.spots):
            room.avoid(on_line(*one, *two, 5)[1:], 9)
    missed = []
    highest = min([card.box.top for card in cards.values()] + [y for w in ways for _, y in w.spots])
    lowest = max([bottom, *(y for way in ways for _, y in way.spots)])
    for arrow, way in zip(arrows, ways, strict=True):
        _arrow(sheet, arrow, way)
    for number in sorted(range(len(ways)), key=lambda n: ways[n].length):
        arrow = arrows[number]
        others = [other for n, other in enumerate(ways) if n != number]
        box = _arrow_label(sheet, room, arrow, ways[number], others)
        if box is None:
            missed.append(f"{arrow.mover}: {arrow.label}")
        else:
            lowest, highest = max(lowest, box.bottom), min(highest, box.top)
    y = lowest + 34
    _arrow_key(sheet, arrows, y)
    for line in wrap(f"Not named: {'; '.join(missed)}", 836, SMALL, lines=6) if missed else ():
        y += 16
        sheet.text(EDGE, y, line, size=SMALL, color=SOFT)
    names = [" ".join(n.label.split()) for n in nodes if n.kind in ("equilibrium", "both")]
    what = f"{counted(len(nodes), 'outcome')} and {counted(len(arrows), 'move')} between them."
    about = what + (f" Stable: {'; '.join(names)}." if names else " None is stable.")
    return sheet.svg(round(y + 12), title, about, top=math.floor(min(highest, 64.0) - 6))


def _layers(nodes: Sequence[Node], arrows: Sequence[Arrow]) -> list[list[Node]]:
    """Nodes by the number of moves from the status quo; those it does not lead to follow."""
    onward = defaultdict(list)
    for arrow in arrows:
        onward[arrow.start].append(arrow.end)
    begun = [node.id for node in nodes if node.kind in ("status quo", "both")] or [nodes[0].id]
    depth = _depths(dict.fromkeys(begun, 0), onward)
    while apart := [node.id for node in nodes if node.id not in depth]:
        reached = {end for start in apart for end in onward[start] if end != start}
        first = [name for name in apart if name not in reached] or apart[:1]
        depth = _depths(depth | dict.fromkeys(first, max(depth.values()) + 1), onward)
    linked = {name for arrow in arrows for name in (arrow.start, arrow.end)}
    last = max((depth[name] for name in linked), default=0)
    alone = [node.id for node in nodes if node.id not in linked and depth[node.id]]
    if last and len(alone) + sum(depth[name] == last for name in linked) <= _SEATS:
        depth |= dict.fromkeys(alone, last)  # below the last of the others, in its column
    layers: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        layers[depth[node.id]].append(node)
    ordered: list[list[Node]] = []
    seat: dict[str, float] = {}
    for _, layer in sorted(layers.items()):
        before = {
            node.id: [seat[a.start] for a in arrows if a.end == node.id and a.start in seat]
            for node in layer
        }
        layer.sort(
            key=lambda n: (
                n.id not in linked,
                sum(before[n.id]) / len(before[n.id]) if before[n.id] else 0.0,
            )
        )
        for place, node in enumerate(layer):
            seat[node.id] = place - (len(layer) - 1) / 2
        ordered.append(layer)
    return ordered


def _depths(depth: dict[str, int], onward: dict[str, list[str]]) -> dict[str, int]:
    """The number of moves to whatever can be reached from the nodes in `depth`."""
    found = dict(depth)
    waiting = deque(sorted(depth, key=lambda name: depth[name]))
    while waiting:
        here = waiting.popleft()
        for there in onward[here]:
            if there not in found:
                found[there] = found[here] + 1
                waiting.append(there)
    return found


def _lettered(node: Node, width: float) -> _Card:
    """A node's words, and the size of the box for them."""
    kinds = {"status quo": "Status quo", "equilibrium": "Stable", "both": "Status quo, stable"}
    if node.share is not None and node.share < 1:
        kinds |= {"equilibrium": "May hold", "both": "Status quo, may hold"}
    head = kinds.get(node.kind, "")
    told = [wrap(part, width, BODY, lines=5) for part in node.label.split("\n")]
    share = () if node.share is None else (f"holds in {percent(node.share)}",)
    parts = [(wrap(head, width, BODY, bold=True), True)]
    parts += [(lines, False) for lines in [lines for lines in told if lines][:6]]
    parts += [(share, True)]
    blocks = [[(line, bold, INK) for line in lines] for lines, bold in parts if lines]
    blocks = blocks or [[("…", True, INK)]]
    sizes = [extent(lines, BODY) for lines in blocks]
    wide, high = max(w for w, _ in sizes), sum(h for _, h in sizes) + _APART * (len(sizes) - 1)
    return _Card(node, blocks, wide + 26, high + 19)


def _placed(nodes: Sequence[Node], arrows: Sequence[Arrow]) -> tuple[dict[str, _Card], float]:
    """Every node's box, column by column, and where the lowest ends."""
    layers = _layers(nodes, arrows)
    columns = min(len(layers), _COLUMNS)
    most = _CARD_WIDTHS[columns - 1]
    rows = [[_lettered(node, most - 26) for node in layer] for layer in layers]
    between = _BETWEEN if max(map(len, rows)) <= 3 else _BETWEEN / 2
    top = 64.0
    found: dict[str, _Card] = {}
    for first in range(0, len(rows), _COLUMNS):
        band = rows[first : first + _COLUMNS]
        widths = [max(card.width for card in column) for column in band]
        gap = 60.0
        if len(band) > 1:
            gap = min(230.0, (WIDTH - 2 * EDGE - sum(widths)) / (len(band) - 1))
        heights = [sum(card.height for card in col) + between * (len(col) - 1) for col in band]
        left = (WIDTH - sum(widths) - gap * (len(band) - 1)) / 2 if first == 0 else float(EDGE)
        for column, width, height in zip(band, widths, heights, strict=True):
            y = top + (max(heights) - height) / 2
            for card in column:
                x = left + (width - card.width) / 2
                box = Box(x, y, x + card.width, y + card.height)
                found[card.node.id] = replace(card, box=box)
                y += card.height + between
            left += width + gap
        top += max(heights) + 84
    return {node.id: found[node.id] for node in nodes}, top - 84


def _card(sheet: Sheet, card: _Card) -> None:
    box, kind = card.box, card.node.kind
    stable = kind in ("equilibrium", "both")
    sheet.box(box, FAINT if kind in ("status quo", "both") else PAPER,
              edge=INK if stable else AXIS, width=1.8 if stable else 1.0, z=5,
              dash=(2.5, 2.5) if kind == "way" else None)  # fmt: skip
    if stable:
        inner = Box(box.left + 4, box.top + 4, box.right - 4, box.bottom - 4)
        sheet.box(inner, edge=INK, width=0.8, z=5.1)
    y = box.top + 10
    for lines in card.blocks:
        sheet.lines(Box(box.left, y, box.right, box.bottom), lines, anchor="middle")
        y += extent(lines, BODY)[1] + _APART


@dataclass(frozen=True, slots=True)
class _Way:
    """An arrow's curve: its four spots, and those along it."""

    corners: tuple[tuple[float, float], ...]
    spots: tuple[tuple[float, float], ...]

    @property
    def length(self) -> float:
        """How long it is."""
        return sum(math.dist(one, two) for one, two in pairwise(self.spots))


_SIDES = ((1.0, 0.0), (-1.0, 0.0), (0.0, -1.0), (0.0, 1.0))


def _ports(box: Box) -> list[tuple[float, float, float, float]]:
    """Where arrows may leave a box: (x, y) and the way out; three spots on each side."""
    found = []
    for dx, dy in _SIDES:
        for share in (0.5, 0.25, 0.75):
            x = box.left + (box.right - box.left) * share
            y = box.top + (box.bottom - box.top) * share
            if dx:
                found.append((box.right + 3 if dx > 0 else box.left - 3, y, dx, dy))
            else:
                found.append((x, box.bottom + 3 if dy > 0 else box.top - 3, dx, dy))
    return found


def _routes(cards: dict[str, _Card], arrows: Sequence[Arrow], low: float) -> list[_Way]:
    """Each arrow's curve, the shortest first: off the boxes, and off the arrows before it."""
    import numpy as np

    boxes = np.array([(c.box.left, c.box.top, c.box.right, c.box.bottom) for c in cards.values()])
    share = np.linspace(0, 1, 25)[:, None]
    base = np.hstack(
        [(1 - share) ** 3, 3 * share * (1 - share) ** 2, 3 * share**2 * (1 - share), share**3]
    )
    drawn = np.empty((0, 2))
    found: dict[int, _Way] = {}

    def length(number: int) -> float:
        one, two = cards[arrows[number].start].box, cards[arrows[number].end].box
        return math.dist((one.left, one.top), (two.left, two.top))

    for number in sorted(range(len(arrows)), key=length):
        arrow = arrows[number]
        corners = _tries(cards[arrow.start].box, cards[arrow.end].box)
        curves = np.einsum("ts,nsd->ntd", base, corners)
        cost = _costs(curves, boxes, drawn, low)
        best = int(np.argmin(cost))
        drawn = np.vstack([drawn, curves[best]])
        found[number] = _Way(
            tuple((float(x), float(y)) for x, y in corners[best]),
            tuple((float(x), float(y)) for x, y in curves[best]),
        )
    return [found[number] for number in range(len(arrows))]


def _tries(start: Box, end: Box) -> NDArray[np.float64]:
    """The corners (n, 4, 2) of the curves an arrow may take from one box to the other."""
    import numpy as np

    found = []
    for x1, y1, dx1, dy1 in _ports(start):
        for x2, y2, dx2, dy2 in _ports(end):
            far = math.dist((x1, y1), (x2, y2))
            for bend in (0.3, 0.6, 1.0):
                reach = max(far * bend, 18.0)
                found.append(
                    (
                        (x1, y1),
                        (x1 + dx1 * reach, y1 + dy1 * reach),
                        (x2 + dx2 * reach, y2 + dy2 * reach),
                        (x2, y2),
                    )
                )
    return np.array(found)


def _costs(
    curves: NDArray[np.float64], boxes: NDArray[np.float64], drawn: NDArray[np.float64], low: float
) -> NDArray[np.float64]:
    """What speaks against each curve (n, 25, 2): its length, its bends, what it runs through."""
    import numpy as np

    steps = np.diff(curves, axis=1)
    length = np.hypot(steps[..., 0], steps[..., 1]).sum(axis=1)
    turn = np.abs(np.diff(np.unwrap(np.arctan2(steps[..., 1], steps[..., 0])), axis=1)).sum(axis=1)
    x, y = curves[:, 1:-1, 0, None], curves[:, 1:-1, 1, None]
    inside = (
        (x > boxes[:, 0] - 5) & (x < boxes[:, 2] + 5) & (y > boxes[:, 1] - 5)
        & (y < boxes[:, 3] + 5)
    ).sum(axis=(1, 2))  # fmt: skip
    # The spots by an arrow's own two boxes are near them whichever way it goes.
    outside = ((curves[..., 0] < 6) | (curves[..., 0] > WIDTH - 6) | (curves[..., 1] < 6)
               | (curves[..., 1] > low)).sum(axis=1)  # fmt: skip
    near = np.zeros(len(curves))
    if len(drawn):
        apart = np.abs(curves[:, ::2, None, :] - drawn[None, None, ::2, :]).max(axis=3)
        near = 2 * (apart.min(axis=2) < 12).sum(axis=1)
        ends = curves[:, (0, -1), None, :] - drawn[None, None, :, :]
        near = near + 6 * (np.abs(ends).max(axis=3).min(axis=2) < 9).sum(axis=1)
    cost: NDArray[np.float64] = length + 28 * turn + 120 * inside + 400 * outside + 40 * near
    return cost


def _arrow(sheet: Sheet, arrow: Arrow, way: _Way) -> None:
    color = BAD if arrow.threat else INK if arrow.improvement else SOFT
    words = f"{arrow.mover}: {arrow.label}" if arrow.label else arrow.mover
    told = "better for it" if arrow.improvement else "against its own preference"
    tip = ("", f"{words} ({told}{', a threat' if arrow.threat else ''})")
    sheet.curve(way.corners, color, 1.5 if arrow.threat else 1.3, dash=_dash(arrow), tip=tip)
    (x1, y1), (x2, y2) = way.spots[-2], way.spots[-1]
    _head(sheet, x2, y2, math.atan2(y2 - y1, x2 - x1), arrow, color, tip)


def _dash(arrow: Arrow) -> tuple[float, float] | None:
    if arrow.threat:
        return DOTS
    return None if arrow.improvement else DASHES


def _head(
    sheet: Sheet, x: float, y: float, angle: float, arrow: Arrow, color: str,
    tip: tuple[str, str] | None,
) -> None:  # fmt: skip
    """Filled for an improvement, open for a move against preference, with a bar for a threat."""

    def spot(back: float, aside: float) -> tuple[float, float]:
        return (
            x - back * math.cos(angle) - aside * math.sin(angle),
            y - back * math.sin(angle) + aside * math.cos(angle),
        )

    fill = color if arrow.improvement else PAPER
    sheet.area([spot(0, 0), spot(9, 4), spot(9, -4)], fill, edge=color, width=1.1, z=4.5, tip=tip)
    if arrow.threat:
        sheet.line([spot(13, 6), spot(13, -6)], color, 2.0, z=4.5, tip=tip)


def _arrow_label(
    sheet: Sheet, room: Room, arrow: Arrow, way: _Way, others: Sequence[_Way]
) -> Box | None:
    """Who moves and what it does, beside the arrow; nearer its middle rather than its ends."""
    least = max(
        (text_width(word, SMALL, bold=True) for word in f"{arrow.mover} {arrow.label}".split()),
        default=0.0,
    )
    shapes: dict[tuple[float, float], list[Line]] = {}
    tries: list[tuple[float, Box]] = []
    strange = [spot for other in others for spot in other.spots]
    for loss, width in enumerate((140.0, 104.0, 72.0)):
        wide = max(width, min(least, 140.0))
        lines = [(line, True, INK) for line in wrap(arrow.mover, wide, SMALL, bold=True)]
        lines += [(line, False, SOFT) for line in wrap(arrow.label, wide, SMALL)]
        needed, height = extent(lines, SMALL)
        size = round(needed, 1), round(height, 1)
        shapes[size] = lines
        tries += [(cost + 4 * loss, box) for cost, box in _along(room, way, *size, strange)]
    box = room.best(tries)
    if box is None:
        return None
    lines = shapes[round(box.right - box.left, 1), round(box.bottom - box.top, 1)]
    middle = min(way.spots, key=lambda spot: math.dist(spot, box.nearest(*spot)))
    end = box.nearest(*middle)
    if math.dist(middle, end) > 20:
        sheet.line([middle, end], GREY, 0.8, z=3)
    anchor = "end" if box.right < middle[0] else "start" if box.left > middle[0] else "middle"
    sheet.lines(box, lines, anchor=anchor, size=SMALL)
    return box


def _along(
    room: Room, way: _Way, width: float, height: float, strange: Sequence[tuple[float, float]]
) -> Iterator[tuple[float, Box]]:
    """Free boxes on both sides of a curve, each with its cost.

    strange : spots of other curves; a box nearer to them than to its own would be misread
    """
    last = len(way.spots) - 1
    for number in range(3, last - 2):
        (x0, y0), (x, y), (x1, y1) = way.spots[number - 1 : number + 2]
        far = math.dist((x0, y0), (x1, y1)) or 1.0
        nx, ny = -(y1 - y0) / far, (x1 - x0) / far
        for offset in (0.0, 7.0, 16.0, 28.0, 44.0, 64.0, 90.0, 120.0):
            for side in (-1, 1):
                reach = abs(nx) * width / 2 + abs(ny) * height / 2 + 5 + offset
                cx, cy = x + side * nx * reach, y + side * ny * reach
                box = Box(cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2)
                if not room.free(box):
                    continue
                near = sum(box.holds(*spot, 6 + offset) for spot in strange)
                cost = abs(number - last / 2) * 0.6 + offset * 1.1 + (cy > y) * 1.0
                yield cost + near * 5.0, box


def _arrow_key(sheet: Sheet, arrows: Sequence[Arrow], y: float) -> None:
    """What the kinds of line mean, as far as they are drawn."""
    kinds = (
        (Arrow("", "", "", "better for who moves"), lambda a: a.improvement and not a.threat),
        (Arrow("", "", "", "against its own preference", False),
         lambda a: not a.improvement and not a.threat),
        (Arrow("", "", "", "a threat, if it comes to it", False, True), lambda a: a.threat),
    )  # fmt: skip
    x = float(EDGE)
    for kind, drawn in kinds:
        if any(map(drawn, arrows)):
            color = BAD if kind.threat else INK if kind.improvement else SOFT
            sheet.line([(x, y - 4), (x + 34, y - 4)], color, 1.4, dash=_dash(kind))
            _head(sheet, x + 38, y - 4, 0.0, kind, color, None)
            sheet.text(x + 47, y, kind.label, size=SMALL, color=SOFT)
            x += 47 + text_width(kind.label, SMALL) + 18
