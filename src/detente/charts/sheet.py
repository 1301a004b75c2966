"""The sheet a picture is drawn on: matplotlib draws, and its SVG becomes a piece of the page.

Matplotlib draws lines, areas, hatches and marks. The words it only places: it is given a
number for each and the words are put in afterwards, since it would look for every glyph in
its own fonts and warn of each it lacks, where the reader's browser has them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from detente.charts.lettering import BODY, ROW, SMALL, Line, fit, number, text_width
from detente.charts.placing import Box, Scale
from detente.wording import clean

if TYPE_CHECKING:
    from matplotlib.artist import Artist

WIDTH = 860
PAPER, INK, SOFT, RULE, FAINT = "#fdfcf8", "#23211d", "#5d584e", "#d9d3c5", "#f3f0e7"
GOOD, BAD, SECOND, GREY = "#256b60", "#94381c", "#6a4b1f", "#a49c8b"
AXIS = "#8f8878"
EDGE = 12
DASHES = (5.0, 3.0)
DOTS = (1.2, 2.8)

_KEY = re.compile(r"[A-Za-z][\w-]*", re.ASCII)
_NUMBER = re.compile(r"-?(?<!\d)\d+\.\d+(?:e-?\d+)?")
_DRAWING = Lock()  # matplotlib's settings are one for the whole process


@dataclass(frozen=True, slots=True)
class _Words:
    text: str
    style: str
    anchor: str


class Sheet:
    """One picture in the making, in pixels from its upper left corner.

    `tip` of whatever is drawn is (href, title): marks drawn one after the other with the
    same tip become one link. Only addresses in the page are followed.
    """

    def __init__(self, key: str) -> None:
        from matplotlib.figure import Figure

        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} cannot begin an id; use letters, digits and hyphens")
        self.key = key
        self._figure = Figure(dpi=72)
        self._figure.patch.set_visible(False)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, WIDTH)
        self._words: list[_Words] = []
        self._tips: list[tuple[str, str]] = []

    def _put(self, artist: Artist, z: float, tip: tuple[str, str] | None) -> None:
        artist.set_zorder(z)
        artist.set_clip_on(False)
        if tip is not None:
            if not self._tips or self._tips[-1] != tip:
                self._tips.append(tip)
            artist.set_url(str(len(self._tips) - 1))
        self._axes.add_artist(artist)

    def line(
        self,
        spots: Sequence[tuple[float, float]],
        color: str = RULE,
        width: float = 1.0,
        *,
        dash: tuple[float, float] | None = None,
        z: float = 2,
        tip: tuple[str, str] | None = None,
    ) -> None:
        """A line through spots."""
        from matplotlib.lines import Line2D

        xs, ys = [x for x, _ in spots], [y for _, y in spots]
        drawn = Line2D(xs, ys, color=color, linewidth=width)
        if dash:
            drawn.set_linestyle((0, tuple(part / width for part in dash)))
            drawn.set_dash_capstyle("butt")
        drawn.set_solid_capstyle("butt")
        self._put(drawn, z, tip)

    def curve(
        self,
        spots: Sequence[tuple[float, float]],
        color: str,
        width: float,
        *,
        dash: tuple[float, float] | None = None,
        tip: tuple[str, str] | None = None,
    ) -> None:
        """A cubic curve from the first of four spots to the last."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        path = Path(list(spots), [Path.MOVETO, *[Path.CURVE4] * 3])
        drawn = PathPatch(path, facecolor="none", edgecolor=color, linewidth=width)
        if dash:
            drawn.set_linestyle((0, tuple(part / width for part in dash)))
        drawn.set_capstyle("butt")
        self._put(drawn, 4, tip)

    def area(
        self,
        spots: Sequence[tuple[float, float]],
        fill: str = "none",
        *,
        edge: str = "none",
        width: float = 0.0,
        dash: tuple[float, float] | None = None,
        hatch: str = "",
        z: float = 1,
        tip: tuple[str, str] | None = None,
    ) -> None:
        """A filled shape; with a hatch, `edge` is the hatch's colour."""
        from matplotlib.patches import Polygon

        drawn = Polygon(list(spots), closed=True, facecolor=fill, edgecolor=edge, linewidth=width)
        if hatch:
            drawn.set_hatch(hatch)
        if dash:
            drawn.set_linestyle((0, tuple(part / width for part in dash)))
        self._put(drawn, z, tip)

    def box(self, box: Box, fill: str = "none", **options: Any) -> None:
        """A filled rectangle."""
        left, top, right, bottom = box.left, box.top, box.right, box.bottom
        self.area([(left, top), (right, top), (right, bottom), (left, bottom)], fill, **options)

    def dots(
        self, spots: Sequence[tuple[float, float]], size: float, color: str, *, z: float = 3
    ) -> None:
        """Many round dots as one path, which is a quarter of as many marks; none has a tip."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        codes = [Path.MOVETO, Path.LINETO] * len(spots)
        path = Path([spot for spot in spots for _ in range(2)], codes)
        drawn = PathPatch(path, facecolor="none", edgecolor=color, linewidth=size)
        drawn.set_capstyle("round")
        self._put(drawn, z, None)

    def mark(
        self,
        x: float,
        y: float,
        shape: str,
        size: float,
        fill: str,
        edge: str,
        *,
        width: float = 1.2,
        z: float = 6,
        tip: tuple[str, str] | None = None,
    ) -> None:
        """A mark of matplotlib's shapes, `size` wide."""
        from matplotlib.lines import Line2D

        self._put(
            Line2D(
                [x], [y], linestyle="none", marker=shape, markersize=size,
                markerfacecolor=fill, markeredgecolor=edge, markeredgewidth=width,
            ),
            z, tip,
        )  # fmt: skip

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = BODY,
        anchor: str = "start",
        bold: bool = False,
        italic: bool = False,
        color: str = INK,
    ) -> None:
        """Words on the base line y."""
        if not words.strip():
            return
        style = f"font-size:{size:g}px;fill:{color}"
        style += ";font-weight:600" if bold else ""
        style += ";font-style:italic" if italic else ""
        self._words.append(_Words(clean(words), style, anchor))
        self._axes.text(
            x, y, str(len(self._words) - 1), va="baseline", ha="left", parse_math=False, zorder=9
        )

    def lines(
        self, box: Box, lines: Sequence[Line], *, anchor: str = "start",
        size: float = BODY,
    ) -> None:  # fmt: skip
        """Lines of (words, bold, colour) from the top of a box down."""
        x = {"start": box.left, "middle": (box.left + box.right) / 2, "end": box.right}[anchor]
        for row, (words, bold, color) in enumerate(lines):
            y = box.top + size * (ROW * row + 0.93)
            self.text(x, y, words, size=size, anchor=anchor, bold=bold, color=color)

    def levels(self, frame: Box, up: Scale, most: int) -> None:
        """Faint lines across a frame at round values, each with its number at the left."""
        for value in up.ticks(most):
            y = up(value)
            self.line([(frame.left, y), (frame.right, y)], "#ece7da", 0.8, z=0.5)
            self.text(frame.left - 7, y + 4, number(value), size=SMALL, anchor="end", color=SOFT)

    def legend(
        self, y: float, marks: Iterable[tuple[str, str, str, str]], *, left: float = EDGE
    ) -> float:
        """What marks of (shape, filling, edge, words) stand for, on the line y and below it."""
        x = left
        for shape, fill, edge, words in marks:
            told = fit(words, WIDTH - left - 30, SMALL)
            room = 14 + text_width(told, SMALL)
            if x > left and x + room > WIDTH - 4:
                x, y = left, y + 18
            self.mark(x + 5, y - 4, shape, 9, fill, edge, width=1.4)
            self.text(x + 14, y, told, size=SMALL, color=SOFT)
            x += room + 20
        return y

    def svg(self, bottom: float, title: str, about: str, *, top: float = 0.0) -> str:
        """The picture's SVG, of what is between `top` and `bottom`."""
        height = bottom - top
        self._figure.set_size_inches(WIDTH / 72, height / 72)
        self._axes.set_ylim(bottom, top)
        out = io.StringIO()
        self._figure.savefig(
            out, format="svg",
            metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
        )  # fmt: skip
        return self._finished(out.getvalue(), height, title, about)

    def _finished(self, drawn: str, height: float, title: str, about: str) -> str:
        """Matplotlib's SVG as a piece of the page: flat, small, linked, ids of its own."""
        shapes, defs = _flat(ElementTree.fromstring(drawn))
        ids = {
            name: f"{self.key}-{number}"
            for number, name in enumerate(sorted({d.get("id", "") for d in defs}), 1)
        }
        for piece in [*defs, *(shape for _, shape in shapes)]:
            for node in piece.iter():
                _tidy(node, ids)
        root = ElementTree.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "class": "plot",
                "role": "group" if any(href for href, _ in self._tips) else "img",
                "aria-labelledby": f"{self.key}-title {self.key}-about",
                "viewBox": f"0 0 {WIDTH} {height:g}",
                "font-family": "serif",
                "stroke-linejoin": "round",
            },
        )
        for tag, words in (("title", title), ("desc", about)):
            name = "title" if tag == "title" else "about"
            ElementTree.SubElement(root, tag, {"id": f"{self.key}-{name}"}).text = clean(words)
        if defs:
            ElementTree.SubElement(root, "defs").extend(defs)
        self._fill(root, shapes)
        for node in root:
            node.tail = "\n"
        return ElementTree.tostring(root, encoding="unicode")

    def _fill(
        self, root: ElementTree.Element, shapes: Sequence[tuple[str, ElementTree.Element]]
    ) -> None:
        last, inside = "", root
        for tip, shape in shapes:
            if shape.tag == "text":
                words = self._words[int(shape.text or 0)]
                shape.text = words.text
                shape.set("style", words.style)
                if words.anchor != "start":
                    shape.set("text-anchor", words.anchor)
            if tip != last:
                last, inside = tip, self._linked(root, tip) if tip else root
            inside.append(shape)

    def _linked(self, root: ElementTree.Element, tip: str) -> ElementTree.Element:
        href, title = self._tips[int(tip)]
        link = ElementTree.SubElement(
            root, *(("a", {"href": clean(href)}) if href.startswith("#") else ("g",))
        )
        ElementTree.SubElement(link, "title").text = clean(title)
        return link


_XLINK = "{http://www.w3.org/1999/xlink}href"


def _flat(
    root: ElementTree.Element,
) -> tuple[list[tuple[str, ElementTree.Element]], list[ElementTree.Element]]:
    """What is drawn, in order, each with its link's number or "", and what is defined."""
    shapes: list[tuple[str, ElementTree.Element]] = []
    defs: list[ElementTree.Element] = []

    def walk(node: ElementTree.Element, tip: str) -> None:
        for child in node:
            match child.tag.rpartition("}")[2]:
                case "g":
                    walk(child, tip)
                case "a":
                    walk(child, child.get(_XLINK, ""))
                case "defs":
                    defs.extend(d for d in child if d.get("id"))
                case "metadata" | "style":
                    pass
                case _:
                    shapes.append((tip, child))

    walk(root, "")
    return shapes, defs


def _tidy(node: ElementTree.Element, ids: dict[str, str]) -> None:
    """Names without name space, styles as attributes, short numbers, this picture's ids."""
    node.tag = node.tag.rpartition("}")[2]
    node.tail = None
    given = dict(node.attrib)
    node.attrib.clear()
    for part in given.pop("style", "").split(";"):
        name, _, value = part.partition(":")
        if value and node.tag != "text":
            given[name.strip()] = value.strip()
    href = given.pop(_XLINK, None)
    if href is not None:
        given["href"] = href
    if node.tag == "text":
        given = {name: given[name] for name in ("x", "y")}
    elif len(node) == 0:
        node.text = None
    if node.tag == "path" and given.get("id", "").startswith("m"):  # the use has the style
        given = {name: given[name] for name in ("id", "d")}
    if given.get("fill") == PAPER:
        given["class"] = "hollow"
    for name, value in given.items():
        if name == "id":
            value = ids[value]
        elif value.startswith("#") and name == "href":
            value = "#" + ids[value[1:]]
        elif value.startswith("url(#"):
            value = f"url(#{ids[value[5:-1]]})"
        elif name not in ("class", "fill", "stroke"):
            value = _NUMBER.sub(lambda n: f"{float(n[0]):.2f}".rstrip("0").rstrip("."), value)
            value = " ".join(value.split())
        node.set(name, value)


_OURS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "detente",
    "path.simplify": False,
    "path.snap": False,
    "hatch.linewidth": 0.6,
    "font.family": ["DejaVu Serif"],
}
_GROUPS = ("axes", "figure", "font", "hatch", "lines", "markers", "patch", "path", "savefig",
           "svg", "text", "xaxis", "yaxis", "xtick", "ytick")  # fmt: skip


@contextmanager
def drawing() -> Iterator[None]:
    """Matplotlib's own settings, whatever the user's are, for as long as one picture takes."""
    import matplotlib

    default: Any = {
        name: value
        for name, value in matplotlib.rcParamsDefault.items()
        if name.partition(".")[0] in _GROUPS
    }
    with _DRAWING, matplotlib.rc_context(default | _OURS):
        yield
