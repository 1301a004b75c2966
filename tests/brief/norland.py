"""A small record with everything a brief has to show. Its events and words are made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from detente.record.models import CaseFile, RecordFile, ReportFront
from detente.record.record import Record, Report

OFFICIAL = {"role": "official of the northern government"}
ENVOY = {"name": "Ana Lorca", "role": "special envoy", "named": True}


def _move(day: str | None, type_: str, mode: str | None, by: str, to: str, what: str,
          quote: str, report: str = "wire", **more: Any) -> dict[str, Any]:  # fmt: skip
    number = _move.count = getattr(_move, "count", 0) + 1  # type: ignore[attr-defined]
    source = {
        "report": report,
        "quote": quote,
        "said_by": more.pop("said_by", None),
        "direct": more.pop("direct", False),
        "credibility": more.pop("credibility", None),
    }
    return {
        "id": more.pop("id", f"{type_.lower()}-{number}"),
        "date": day,
        "type": type_,
        "mode": mode,
        "by": by.split(),
        "to": to.split(),
        "what": what,
        "sources": [source, *more.pop("sources", [])],
        **more,
    }


CASE = {
    "title": "The Norland and Southmark talks",
    "question": "Will Southmark reopen its border before the winter, and what would Norland "
    "have to give for it?",
    "parties": [
        {"id": "norland", "name": "Norland", "kind": "state", "aliases": ["the North"]},
        {"id": "southmark", "name": "Southmark", "kind": "state"},
        {"id": "hill-front", "name": "Front for the Liberation of the Hill Country and Its Valleys",
         "kind": "group", "aliases": ["HFL", "the Front"]},
        {"id": "isle", "name": "Isle Republic", "kind": "state", "note": "Hosts the talks."},
        {"id": "lorca", "name": "Ana Lorca", "kind": "person",
         "speaks_for": [{"party": "isle", "office": "special envoy", "from": "2023"}]},
    ],
    "issues": [
        {"id": "border", "title": "The border crossings", "options": ["closed", "open"]},
        {"id": "prisoners", "title": "Prisoners"},
    ],
    "agreements": [
        {"id": "accord", "title": "Bridge accord", "date": "2020-02-29",
         "parties": ["norland", "southmark"],
         "sources": [{"report": "review", "quote": "The Bridge accord of 2020 bound both."}],
         "commitments": [
             {"id": "accord-withdraw", "by": ["norland"], "to": ["southmark"],
              "what": "withdrawal of troops from the bridge", "until": "2021-05-01"},
             {"id": "accord-front", "by": ["southmark"], "to": ["norland"],
              "what": "keeping the Front out of the border towns"},
         ]},
    ],
}  # fmt: skip

MOVES = [
    _move("2019-09", "AGREE", None, "norland", "southmark", "invitation to a secret meeting",
          "had secretly invited the other side in September 2019", "review", aspect="historical"),
    _move("2021-08-30", "RETREAT", "withdraw", "norland", "southmark", "troops leave the bridge",
          "the last company left the bridge on 30 August 2021", "review", aspect="historical",
          performs=["accord-withdraw"], review="confirmed", credibility=1),
    _move("2022-07-31", "ASSAULT", "drone", "norland", "hill-front", "strike on a house",
          "a drone struck a house in which the Front met", "review", aspect="historical"),
    _move("2022", "ACCUSE", "allege", "norland", "southmark", "letting the Front into the towns",
          "Norland said the Front moved freely in the border towns", "review",
          breaches=["accord-front"], said_by=OFFICIAL),
    _move("~2024-11", "REQUEST", None, "southmark", "norland", "the release of six officers",
          "Southmark asked for six officers held in the North", "wire", issue="prisoners",
          id="ask-officers", review="confirmed"),
    _move("2025-01-21", "RETREAT", "release", "southmark", "norland", "release of two engineers",
          "Two engineers were let go on Tuesday", "wire", issue="prisoners", review="confirmed",
          credibility=2,
          sources=[{"report": "radio", "quote": "the engineers came home", "credibility": 3}]),
    _move("2025-03-10..2025-03-14", "CONSULT", "visit", "norland southmark", "", "talks",
          "delegations met over several days", "wire", review="confirmed"),
    _move("2025-03-12", "REQUEST", None, "southmark", "norland", "reopening of the trade office",
          "it again asked for its trade office", "wire", id="ask-office", said_by=OFFICIAL,
          credibility=3),
    _move("2025-03-12", "REQUEST", None, "southmark", "norland", "recognition of the border line",
          "raised the line of the border once more", "wire", said_by=OFFICIAL, issue="border"),
    _move("2025-03-20", "RETREAT", "release", "southmark", "norland", "release of a mechanic",
          "a mechanic was handed over on 20 March", "wire", review="confirmed", issue="prisoners",
          credibility=1),
    _move("2025-03-20", "CONSULT", "third-party", "isle", "southmark norland", "the release",
          "after the Isle Republic had mediated", "wire", said_by=ENVOY, direct=True),
    _move("2025-03-25", "CONCEDE", None, "norland", "southmark", "withdrawal of three rewards",
          "Norland took back three rewards", "wire", review="confirmed", credibility=2),
    _move("2025-03-26", "THREATEN", None, "norland", "southmark", "larger rewards for information",
          "If they are not all freed, far larger rewards will follow", "wire", said_by=OFFICIAL,
          direct=True, **{"if": "if not all are freed"}),
    _move("2025-04-01", "REJECT", "yield", "southmark", "norland", "return of vehicles",
          "Southmark so far refuses to give the vehicles back", "radio"),
    _move(None, "CONCEDE", None, "southmark", "norland", "reopening of the northern crossing",
          "the crossing may open in the autumn", "radio", aspect="hypothetical", issue="border"),
    _move("2025-04-02", "RETREAT", "release", "norland", "southmark", "release of the six officers",
          "no officer has been released, the ministry said", "radio", aspect="negated",
          said_by={"role": "ministry"}, answers=["ask-officers"]),
    _move("2025-06", "CONSULT", "multilateral", "isle", "norland southmark", "second round",
          "a second round is planned for June", "radio", aspect="future"),
    _move("2025-03-28", "REJECT", None, "norland", "southmark", "reopening of the trade office",
          "was told there would be no office", "radio", answers=["ask-office"], said_by=OFFICIAL),
    _move("2025-03-29", "AGREE", None, "norland", "southmark", "reopening of the trade office",
          "the office had been promised, Southmark's papers wrote", "radio", aspect="negated"),
    _move("2025-02", "ASSAULT", None, "hill-front", "norland", "rejected by hand", "not so",
          "radio", review="rejected", id="wrongly-read"),
]  # fmt: skip

STATUSES = [
    {"id": "embassy", "attribute": "embassy", "value": "closed", "by": ["southmark"],
     "to": ["norland"], "from": "2021-08", "review": "confirmed",
     "sources": [{"report": "wire", "quote": "the embassy remains closed", "credibility": 1}]},
    {"id": "listing", "attribute": "designation", "by": ["norland"], "to": ["hill-front"],
     "what": "as a terrorist organisation", "from": "2012",
     "sources": [{"report": "wire", "quote": "the Front is still listed by the North"}]},
    {"id": "ambassador", "attribute": "ambassador", "by": ["southmark"], "to": ["isle"],
     "from": "2023", "sources": [{"report": "review", "quote": "has an ambassador on the Isle"}]},
    {"id": "reward", "attribute": "reward", "by": ["norland"], "to": ["southmark"],
     "what": "for three ministers", "from": "2011", "until": "2025-03-25",
     "sources": [{"report": "wire", "quote": "rewards that had stood since 2011"}]},
]  # fmt: skip

REPORTS = {
    "wire": ReportFront.model_validate(
        {"title": "Southmark frees a mechanic and asks for more", "publisher": "Coast Wire",
         "date": "2025-04-01", "reliability": "B", "url": "https://example.org/wire/1?a=1&b=2"}
    ),
    "radio": ReportFront.model_validate(
        {"title": "Evening news, in translation", "publisher": "Radio Hill", "date": "2025-04-03",
         "reliability": "D"}
    ),
    "review": ReportFront.model_validate(
        {"title": "Five years after the Bridge accord", "publisher": "Quarterly Review",
         "date": "2025-02", "reliability": "C"}
    ),
}  # fmt: skip


def make(
    *,
    case: dict[str, Any] | None = None,
    moves: list[dict[str, Any]] | None = None,
    statuses: list[dict[str, Any]] | None = None,
    reports: dict[str, ReportFront] | None = None,
) -> Record:
    """A record of plain data, as the files would hold it."""
    return Record(
        CaseFile.model_validate(case or {"title": "T", "question": "Q?"}),
        RecordFile.model_validate({"moves": moves or [], "statuses": statuses or []}),
        {
            name: Report(name, front, "text", Path(f"reports/{name}.txt"))
            for name, front in (reports or {}).items()
        },
    )


def hostile() -> Record:
    """A record whose names and words are longer than any line."""
    long = "Donaudampfschifffahrtsgesellschaft" * 12
    move = {**MOVES[4], "what": long, "sources": [
        {"report": "wire", "quote": long, "said_by": {"role": long}}]}  # fmt: skip
    parties = [{**party, "name": party["name"] + long} for party in CASE["parties"]]
    return make(
        case={**CASE, "title": long, "question": long, "parties": parties},
        moves=[move, *MOVES[5:]],
        statuses=STATUSES,
        reports=REPORTS,
    )
