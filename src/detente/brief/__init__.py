"""The brief: what a person reads, as a page, in the terminal, as tables and as JSON.

from detente import brief
made = brief.build(record, track(record))
page = brief.html(made)
"""

from detente.brief.building import build
from detente.brief.comparing import compare
from detente.brief.document import Brief
from detente.brief.page import html
from detente.brief.tables import as_json, csv, table
from detente.brief.terminal import terminal

__all__ = ["Brief", "as_json", "build", "compare", "csv", "html", "table", "terminal"]
