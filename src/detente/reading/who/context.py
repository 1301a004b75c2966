"""What comes with a text and tells of whom it speaks: its headline, its publisher, its day.

A report says "the two leaders" and means those of its headline; a statement says "we" and means
who issued it; "Biden" is whom that name meant on the day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from detente.reading.tables import parted, table
from detente.reading.who.gazetteer import Form, Gazetteer, Named, holds
from detente.record.dates import PartialDate

Who = tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about a text beside its words.

    title     : its headline, where that does not stand in the text
    publisher : who published it
    day       : when it was published
    """

    title: str | None = None
    publisher: str | None = None
    day: PartialDate | None = None


NOTHING = Context()

_AUTHORED = re.compile(
    r"^(?:(?:joint|press|media|official|public|closing|opening)\s+)*"
    r"(?:statements?|remarks|readout|communiqu[ée]|declaration|address|speech|letter|message"
    r"|telegram|cable|airgram|memorandum|note(?: verbale)?|release|announcement)\s+"
    r"(?:by|from|of)\s+",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(r"\s(?:to|on|with|at|call|meeting|about|regarding)\s", re.IGNORECASE)
_FIRST_LINES = 300


def issuer(context: Context, text: str, gazetteer: Gazetteer) -> Who:
    """Who speaks as "we" outside quotation marks; () where nothing tells.

    By the table of issuers, else by whom a statement's or telegram's headline gives as author.
    """
    head = context.title or text[:_FIRST_LINES].split("\n", 1)[0]
    for words in (head, context.publisher or ""):
        for code, pattern in _issuers():
            if pattern.search(words):
                return _by_code(code, gazetteer)
    return _author(head, gazetteer)


def named_in_title(context: Context, gazetteer: Gazetteer) -> Who:
    """The states and bodies of a headline, each once, persons by those they speak for."""
    if not context.title:
        return ()
    found: dict[str, Named] = {}
    for match in gazetteer.match(context.title):
        for named in _stands_for(match.form, context):
            found.setdefault(named.code, named)
    return tuple(found.values())


def _stands_for(form: Form, context: Context) -> Who:
    if form.how == "person":
        return (form.party,) if form.party and holds(form, context.day) else ()
    return () if form.how in ("blocked", "title", "capital") else form.named


def _author(head: str, gazetteer: Gazetteer) -> Who:
    """Whom "Joint statement by Chile and Peru", "Letter from President X to Y" give as author."""
    written = _AUTHORED.match(head)
    if written is None:
        return ()
    rest = head[written.end() :]
    if stop := _ADDRESSED.search(rest):
        rest = rest[: stop.start()]
    found: dict[str, Named] = {}
    for match in gazetteer.match(rest):
        form = match.form
        if form.how == "blocked":
            continue
        for named in (form.party,) if form.how == "person" and form.party else form.named:
            if named.kind != "person":
                found.setdefault(named.code, named)
    joint = head.lower().startswith("joint")
    return tuple(found.values()) if joint else tuple(found.values())[:1]


@cache
def _issuers() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (code, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, parted(words)))})(?!\w)"))
        for code, words in table("issuers")
    )


def _by_code(code: str, gazetteer: Gazetteer) -> Who:
    """The party a table calls by its code; a case's own name for it where it has one."""
    named = (n for _, form in gazetteer.forms for n in form.named if n.code == code)
    first = next(named, None)
    return (first,) if first is not None else ()
