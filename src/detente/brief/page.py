"""The brief as one HTML page that needs nothing but itself: no network, no scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.errors import clean

if TYPE_CHECKING:
    from jinja2 import Environment

    from detente.brief.document import Brief


def html(brief: Brief) -> str:
    """The page, complete with its styles and plots.

    Every text from the record is escaped, and cleaned of characters that steer what stands
    beside them; the plots come escaped from `brief.plots`.
    """
    return _environment().get_template("brief.html.j2").render(brief=brief).strip() + "\n"


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
