"""The brief as one HTML page that needs nothing but itself: no network, no scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from detente.brief.fitting import LARGEST, fitted
from detente.errors import clean

if TYPE_CHECKING:
    from jinja2 import Environment

    from detente.brief.document import Brief

_SURE = 4_000
"""Entries beyond which a page with all of them can't be small enough."""


def html(brief: Brief) -> str:
    """The page, complete with its styles and plots; 3 MB at most (`brief.fitting`).

    Every text from the record is escaped, and cleaned of characters that steer what stands
    beside them; the plots come escaped from `brief.plots`.
    """
    template = _environment().get_template("brief.html.j2")
    page = ""
    if brief.counts.entries <= _SURE:
        page = template.render(brief=brief).strip() + "\n"
    for share in (1.0, 0.5, 0.2, 0.0):
        if page and len(page.encode()) <= LARGEST:
            break
        page = _without_loose_ends(template.render(brief=fitted(brief, share)).strip() + "\n")
    return page


_ANCHOR = re.compile(r' id="([^"]{0,400})"')
_LINK = re.compile(r' href="#([^"]{0,400})"')


def _without_loose_ends(page: str) -> str:
    """The page without links to what it leaves out; in its text quotes are escaped."""
    there = set(_ANCHOR.findall(page))
    return _LINK.sub(lambda link: link[0] if link[1] in there else "", page)


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("detente.brief"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_cleaned,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _cleaned(value: Any) -> Any:
    return clean(value) if type(value) is str else value
