"""Pictures of what the solvers find, and the sheet that every picture of matplotlib's is drawn on.

`frontier` (packages and solutions), `outcomes` (stable outcomes and the moves between them)
and `staircase` (how exposed each party is after each step), as SVG text, from plain numbers
and words: nothing here knows of a model, a record or a page, so that solvers and the brief may
both draw. Several stand on one page, inline: every id begins with the picture's `key`, nothing
is loaded, nothing runs, the same input gives the same bytes.

Sizes are in the drawing's own units, a CSS pixel at full width, y downwards. Nothing is told
by colour alone: kinds differ in shape, line, hatch or filling, and are named where they stand.

No module here is called like a picture: it would hide the function of that name.
"""

from detente.charts.exposure import Stair, staircase
from detente.charts.packages import Point, frontier
from detente.charts.stable import Arrow, Node, outcomes

__all__ = ["Arrow", "Node", "Point", "Stair", "frontier", "outcomes", "staircase"]
