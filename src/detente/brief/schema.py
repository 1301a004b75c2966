"""The JSON Schema of what `detente brief CASE --json` prints.

`python -m detente.brief.schema` writes it anew, after a change of the models, of the views or of
what the brief says. Entries and views are taken from their classes, the answers are described
here.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from detente.brief.answer_tables import TABLES
from detente.brief.answers import QUESTIONS
from detente.brief.building import DEFINITIONS
from detente.brief.document import Counts
from detente.judgment.listing import KINDS
from detente.record.models import Agreement, Issue, Move, Party, ReportFront, Status
from detente.record.schema import DIALECT, schemas, text
from detente.solve.bargaining.rules import RULES
from detente.solve.conflict.stability import CONCEPTS
from detente.tracking.views import CommitmentLine, Demand, LadderRow, Ledger, TimelineEntry

FILE = Path(__file__).parent / "brief.schema.json"

Schema = dict[str, Any]

_SHOWN: dict[str, type] = {
    "Party": Party,
    "Issue": Issue,
    "Move": Move,
    "Status": Status,
    "Agreement": Agreement,
    "Report": ReportFront,
    "TimelineEntry": TimelineEntry,
    "Ledger": Ledger,
    "Demand": Demand,
    "LadderRow": LadderRow,
    "CommitmentLine": CommitmentLine,
}
_COUNTS = tuple(each.name for each in fields(Counts))
_STATE = "One Y or N for each of `options`, in their order: done or not."


def schema() -> Schema:
    """The schema (2020-12) of the whole document.

    What a brief always has is required. The answers come together, and only where assumptions
    were given or could be drafted; `changes` only where an earlier state was.
    """
    always = {
        "case": _object(
            "What the case says of itself.",
            {
                "title": _TEXT,
                "question": _TEXT,
                "note": _nullable(_TEXT),
                "as_of": _says("The day the brief is made for; null for all that is known.",
                               _nullable(_ref("Date"))),
                "issues": _list(_ref("Issue")),
            },
        ),
        "in_short": _list(_ref("Sentence"), "Each answer's first sentence; without answers, "
                          "facts of the record."),
        "warnings": _list(_TEXT, "How the record came about, where a reader should know."),
        "left_out": _list(_TEXT, "What the brief leaves out, and why."),
        "counts": _object("How many there are of what; `definitions` says it in full.",
                          dict.fromkeys(_COUNTS, _COUNT)),
        "parties": _list(_ref("Party")),
        "reports": _list(_ref("Report")),
        "moves": _list(_ref("Move"), "Those shown: neither rejected nor later than `as_of`."),
        "statuses": _list(_ref("Status"), "Those shown, as with the moves."),
        "agreements": _list(_ref("Agreement")),
        "timeline": _list(_ref("TimelineEntry"), "The oldest first, undated last."),
        "ledgers": _list(_ref("Ledger"), "One for each two parties that had to do with another."),
        "demands": _list(_ref("Demand")),
        "ladder": _list(_ref("LadderRow")),
        "commitments": _list(_ref("CommitmentLine")),
        "contradictions": _list(
            {"type": "array", "items": _ID, "minItems": 2, "maxItems": 2},
            "Ids of two entries that contradict each other.",
        ),
        "definitions": _object("What each number is, by the key that holds it.", {
            each.key: _TEXT for each in DEFINITIONS}),
    }  # fmt: skip
    answered = {
        "answers": _says("The seven answers, in their order.", {
            "type": "array", "items": _ref("Answer"),
            "minItems": len(QUESTIONS), "maxItems": len(QUESTIONS)}),
        "judged": _says("False where nobody has assumed anything yet: the assumptions were then "
                        "made from the record alone.", _BOOL),
        "assumptions": _list(_ref("Assumption"), "Everything the answers assume."),
        "results": _object("The three models behind the answers, solved; or what is missing.", {
            "deal": _either("Deal", "Missing"),
            "conflict": _either("Conflict", "Missing"),
            "steps": _either("Steps", "Missing"),
        }),
        "tables": _map(_ref("Table"), "The tables behind the answers, by name.", of=TABLES),
    }  # fmt: skip
    whole = _object(
        "A brief as data: what the record says, what is assumed, and what follows. Parties, "
        "issues and entries are told by their ids; dates stand as the record writes them.",
        always,
        {**answered, "changes": _ref("Changes")},
    )
    return {
        "$schema": DIALECT,
        "title": "detente brief --json",
        **whole,
        "dependentRequired": {key: [k for k in answered if k != key] for key in answered},
        "$defs": dict(sorted({**_taken(), **_described()}.items())),
    }


# --- pieces ----------------------------------------------------------------------------------

_TEXT: Schema = {"type": "string"}
_ID: Schema = {"type": "string", "minLength": 1}
_BOOL: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_NUMBER: Schema = {"type": "number"}
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
_ERROR: Schema = {"type": "number", "minimum": 0, "description": "Standard error of the share."}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _either(*names: str) -> Schema:
    return {"oneOf": [_ref(name) for name in names]}


def _says(what: str, given: Schema) -> Schema:
    return {"description": what, **given}


def _object(what: str, required: Schema, optional: Schema | None = None) -> Schema:
    """An object with these keys and no other."""
    made = {"type": "object", "properties": {**required, **(optional or {})}}
    return _says(what, {**made, "required": [*required], "additionalProperties": False})


def _list(items: Schema, what: str = "") -> Schema:
    made = {"type": "array", "items": items}
    return _says(what, made) if what else made


def _map(values: Schema, what: str = "", *, of: Iterable[str] = ()) -> Schema:
    """An object whose keys are the case's own ids, or some of the names given."""
    made: Schema = {"type": "object"}
    if names := [*of]:
        made["propertyNames"] = {"enum": names}
    made["additionalProperties"] = values
    return _says(what, made) if what else made


def _nullable(given: Schema) -> Schema:
    """The same, or null."""
    if "type" in given and not isinstance(given["type"], list) and "enum" not in given:
        return {**given, "type": [given["type"], "null"]}
    said = {key: given[key] for key in ("description",) if key in given}
    rest = {key: value for key, value in given.items() if key not in said}
    return {**said, "anyOf": [rest, {"type": "null"}]}


# --- taken from the classes ----------------------------------------------------------------------


def _taken() -> Schema:
    """The definitions of entries and views, as they are written out.

    Every key is there, whether or not a person has to write it, so all are required. A class's
    docstring says what its fields are, one `name : meaning` each.
    """
    named, made = TypeAdapter.json_schemas(
        [(name, "serialization", TypeAdapter(kind)) for name, kind in _SHOWN.items()]
    )
    found = dict(made["$defs"])
    for (name, _), given in named.items():
        place = given.get("$ref", "").removeprefix("#/$defs/")
        found[str(name)] = found.pop(place) if place else given
    found = {name: _tidy(given) for name, given in found.items()}
    found["Date"] = _DATE
    entries = schemas()["record"]["$defs"]
    for name, number in (("Move", "intensity"), ("Status", "rung")):
        found[name]["allOf"] = entries[name]["allOf"]  # which modes and values go with what
        found[name]["properties"][number] = _ADDED[number]
        found[name]["required"].append(number)
    found["Status"]["description"] = (
        "A standing fact between two parties: `by` keeps it up towards `to`. Without a value, the "
        "fullest on the attribute's ladder is meant."
    )
    report = found["Report"]
    report["description"] = "A report's front matter, and its id: the file's name."
    report["properties"] = {"id": _ID, **report["properties"]}
    report["required"].insert(0, "id")
    return found


_DATE: Schema = {
    "description": "A day, month or year, a range or about: 2025-03-20, 2025-03, "
    "2025-03-10..2025-03-25, ~2025-03.",
    "type": "string",
    "pattern": r"^~?\d{4}(-\d{2}(-\d{2})?)?(\.\.\d{4}(-\d{2}(-\d{2})?)?)?$",
}
_ADDED: Schema = {
    "intensity": _says("PLOVER's published conflict-cooperation score.", {
        "type": "number", "minimum": -10, "maximum": 10}),
    "rung": _says("The place of its value on the attribute's ladder, 0 for its absence.", _COUNT),
}  # fmt: skip


def _tidy(given: Any) -> Any:
    """A definition made by pydantic, without what says nothing of a document that is written."""
    if isinstance(given, list):
        return [_tidy(each) for each in given]
    if not isinstance(given, dict):
        return given
    if str(given.get("description", "")).startswith("A date: "):
        return _ref("Date")
    made = {
        key: {name: _tidy(each) for name, each in value.items()}
        if key in ("properties", "patternProperties")
        else _tidy(value)
        for key, value in given.items()
        if key not in ("title", "default")
    }
    if isinstance(docstring := made.get("description"), str):
        made["description"], meanings = _documented(docstring)
        for name, meaning in meanings.items():
            if name in made.get("properties", ()):
                made["properties"][name] = {"description": meaning, **made["properties"][name]}
    if "properties" in made:
        made |= {"required": [*made["properties"]], "additionalProperties": False}
    match made.get("anyOf"):
        case [inner, {"type": "null"}]:
            rest = {key: value for key, value in made.items() if key != "anyOf"}
            made = {**rest, **_nullable(inner)}
    return made


_FIELD = re.compile(r"\A(\w+(?:, \w+)*) +: +(.+)")
_PYTHONS = re.compile(r"\b(None|True|False)\b")


def _documented(docstring: str) -> tuple[str, dict[str, str]]:
    """What a docstring says of the class, and of its fields by name."""
    about: list[str] = []
    meanings: dict[str, str] = {}
    names: list[str] = []
    for line in inspect.cleandoc(docstring).splitlines():
        if found := _FIELD.match(line):
            names = found[1].split(", ")
            meanings |= dict.fromkeys(names, found[2])
        elif names and line.startswith(" "):
            meanings |= {name: f"{meanings[name]} {line.strip()}" for name in names}
        else:
            names = []
            about.append(line)
    words = {"None": "null", "True": "true", "False": "false"}

    def plain(said: str) -> str:
        said = _PYTHONS.sub(lambda met: words[met[0]], said)
        return said if said.startswith("null") else said[:1].upper() + said[1:]

    said = plain("\n".join(about).strip())
    return said, {name: plain(meaning) for name, meaning in meanings.items()}


# --- described here ------------------------------------------------------------------------------


def _described() -> Schema:
    """The definitions of the answers, what they rest on and what has changed."""
    return {**_answers(), **_deal(), **_conflict(), **_steps()}


def _answers() -> Schema:
    key = {"enum": [*QUESTIONS]}
    ids = _list(_ID)
    return {
        "Sentence": _object("A sentence, and the ids of the entries it rests on.", {
            "text": _TEXT, "entries": ids}),
        "Answer": _object("One of the seven answers.", {
            "key": key,
            "question": _TEXT,
            "sentences": _says("The first is the answer in short.", {
                "type": "array", "items": _ref("Sentence"), "minItems": 1}),
            "assumptions": _list({"type": "integer", "minimum": 1},
                                 "The numbers of the assumptions its model rests on."),
            "entries": _list(_ID, "Ids of the entries it rests on."),
            "unconfirmed": _list(_ID, "Those of them that nobody has confirmed."),
            "notes": _list(_TEXT, "What it leaves out or takes for granted."),
            "tables": _list({"enum": [*TABLES]}, "Names of the tables behind it."),
        }),
        "Assumption": _object("Something assumed, with its reason.", {
            "number": {"type": "integer", "minimum": 1},
            "kind": {"enum": [*KINDS]},
            "party": _says("The party it is about; null for what is about no one party.",
                           _nullable(_ID)),
            "about": _says("The issue, lever or step it is about; null when it is about the party "
                           "as a whole.", _nullable(_ID)),
            "what": _TEXT,
            "because": _says("The reason given.", _ID),
            "rests_on": _list(_ID, "The entries of the record that suggest it."),
            "file": _says("Where it stands; null where it was made from the record.",
                          _nullable(_TEXT)),
            "line": _nullable({"type": "integer", "minimum": 1}),
        }),
        "Missing": _object("Why there is no model, and what to write for one.", {
            "missing": _TEXT, "do": _TEXT}),
        "Table": _object("A table: for every row one cell under each header.", {
            "caption": _TEXT,
            "headers": _list(_TEXT),
            "rows": _list(_list({"type": ["string", "number", "boolean", "null"]})),
        }),
        "Changes": _object("What has changed since an earlier state of the case.", {
            "since": _says("What that state is called: a folder, or a git revision.", _TEXT),
            "entries": _list(_ref("Change")),
            "assumptions": _list(_ref("Change")),
            "answers": _list(_object("An answer that is worded otherwise.", {
                "key": key,
                "came": _list(_TEXT, "Sentences that are new."),
                "went": _list(_TEXT, "Sentences it no longer gives."),
            })),
        }),
        "Change": _object("An entry or assumption that came, went or is another.", {
            "kind": {"enum": ["new", "gone", "changed"]},
            "id": _says("The entry's id, or the assumption's number: for one that is gone, the "
                        "number it had.", _ID),
            "what": _TEXT,
            "how": _says("What is other than it was; empty for a new entry.", _TEXT),
        }),
    }  # fmt: skip


_RESTS: Schema = {
    "notes": _list(_TEXT, "What the model leaves out or takes for granted."),
    "entries": _list(_ID, "Ids of the entries used besides those the assumptions cite."),
}


def _deal() -> Schema:
    by_party = _map(_NUMBER)
    detail = {
        "acceptable": _says("In what share it is acceptable to all.", _SHARE),
        "acceptable_to": _map(_SHARE, "Party: in what share it accepts."),
        "values": _map(_object("What it is worth to a party: mean, and what 5% and 95% of the "
                               "draws stay below.",
                               {"mean": _NUMBER, "low": _NUMBER, "high": _NUMBER})),
    }  # fmt: skip
    point = _list(_ref("Point"))
    return {
        "Package": _map(_ID, "Issue: option."),
        "Point": _object("A package and what it is worth to each party.", {
            "values": by_party, "package": _ref("Package")}),
        "Deal": _object("Is there a deal, and what is in it?", {
            **_RESTS,
            "possible": _says("Share of the values that fit in which there is a deal: a package "
                              "acceptable to all that is better than the status quo for somebody.",
                              _SHARE),
            "package": _says("The package that is the Nash package most often; null where there "
                             "never is a deal.", _nullable(_ref("Package"))),
            "likelihood": _says("In what share of the values that fit it is.", _SHARE),
            "inside": _list(_object("In what share of deals the Nash package has an option.", {
                "issue": _ID, "option": _ID, "share": _SHARE})),
            "at_the_middle": _ref("DealAtTheMiddle"),
            "shares": _says("Over the values that fit; null where all are known exactly.",
                            _nullable(_ref("DealShares"))),
        }),
        "DealAtTheMiddle": _object("The problem at the mean of the values that fit.", {
            "n_packages": _COUNT,
            "n_acceptable": _says("Packages acceptable to all; where they are too many to count, "
                                  "the best estimate.", _COUNT),
            "pareto": _says("The efficient packages.", point),
            **dict.fromkeys(RULES, point),
            "best_each": _says("Party: the most it can get from a package acceptable to all; "
                               "null where none is.", _nullable(by_party)),
        }, {
            "n_acceptable_estimate": _object("Where their number is estimated.", {
                "low": _NUMBER, "high": _NUMBER, "level": _SHARE, "samples": _COUNT}),
            "gap": _ref("Gap"),
        }),
        "Gap": _object("Why no package is acceptable to all.", {
            "unreachable": _map(_object("A walk-away that no package reaches.", {
                "walk_away": _NUMBER, "most": _NUMBER}), "By party."),
            "openings": _list(_object("What one party alone could change.", {
                "party": _ID, "amount": _NUMBER, "package": _ref("Package")})),
            "closest": _ref("Package"),
            "short": _says("Party: by how much that package falls short of its walk-away.",
                           by_party),
        }),
        "DealShares": _object("In what share of the values that fit each package is what.", {
            "samples": _COUNT,
            "effective": _says("How many independent draws they are worth.", _NUMBER),
            "seed": {"type": "integer"},
            "mixed": _says("Every chain mixed; else the shares are not to be relied on.", _BOOL),
            "sampling": _list(_object("How open numbers were drawn.", {
                "how": {"enum": ["independent", "sorted", "rejection", "Gibbs"]},
                "of": _list(_ref("Name")),
                "r_hat": _says("The largest split R-hat; only for Gibbs.", _nullable(_NUMBER)),
                "effective": _NUMBER,
            })),
            "deal": _list(_object("In what share some package is acceptable to these parties.", {
                "parties": _list(_ID), "share": _SHARE, "error": _ERROR})),
            "packages": _list(_object("A package that is ever Nash or efficient.", {
                "package": _ref("Package"),
                "nash": _SHARE, "nash_error": _ERROR,
                "pareto": _SHARE, "pareto_error": _ERROR,
            }, detail)),
            "likeliest": _says("How often a guess at the whole Nash package is right now.",
                               _SHARE),
            "likeliest_options": _says("In what share of issues a guess at its option is.",
                                       _SHARE),
            "matters": _list(_object("What knowing one open number would settle.", {
                "of": _ref("Name"),
                "settled": _says("`likeliest`, were it known to within a tenth.", _SHARE),
                "options": _says("`likeliest_options`, likewise.", _SHARE),
            })),
        }),
        "Name": _list(_TEXT, "An open number: whose it is, of what."),
    }  # fmt: skip


def _conflict() -> Schema:
    state = _ref("State")
    stable = _says("Those states; only how many they are where there are very many.", {
        "oneOf": [_list(state), _COUNT]})  # fmt: skip
    path = _list(_ref("ConflictMove"))
    return {
        "State": _says(_STATE, {"type": "string", "pattern": "^[YN]*$"}),
        "ConflictMove": _object("A move of one party from state to state.", {
            "mover": _ID, "to": state,
            "improvement": _says("It is one for the mover.", _BOOL)}),
        "Conflict": _object("What would hold, and why?", {
            **_RESTS,
            "options": _list(_ID, "What a party can do or leave, in the order of a state's "
                             "letters."),
            "now": _says("The state in which things are.", state),
            "holding": _list(_object("A state that holds (SEQ) in some order of the statements, "
                                     "and in what share of those that fit.",
                                     {"state": state, "share": _SHARE})),
            "as_written": _object("With the statements in the order in which they are written.", {
                "feasible": _COUNT,
                "equilibria": _map(stable, of=CONCEPTS),
                "stable": _map(_map(stable, "By party."), of=CONCEPTS),
            }),
            "why": _list(_object("Why a state is stable for a party, or is not.", {
                "state": state,
                "decision_maker": _ID,
                "concept": {"enum": [*CONCEPTS]},
                "stable": _BOOL,
                "improvements": _list(_object("An improvement, and what the others can answer.", {
                    "to": state,
                    "deterred": _BOOL,
                    "sanction": _says("The shortest moves that deter it.", _nullable(path)),
                    "leaves": _says("Where they leave the mover.", {
                        "enum": ["worse", "no better", None]}),
                })),
                "words": _list(_TEXT),
            })),
            "paths": _object("From how things are to equilibria.", {
                "from": state,
                "equilibria": _list(_ref("Path")),
            }),
            "shares": _says("Over the orders of statements that fit; null where none is open.",
                            _nullable(_ref("ConflictShares"))),
        }),
        "Path": _object("How an equilibrium can be reached; null for ways there are not.", {
            "state": state,
            "concepts": _list({"enum": [*CONCEPTS]}, "Under which it is one."),
            "any_moves": _says("A shortest way by any moves.", _nullable(path)),
            "improvements": _says("A shortest way on which every mover gains.", _nullable(path)),
            "fewest_against_preference": _says("A way with as few moves as can be that are no "
                                               "improvements for who makes them.",
                                               _nullable(path)),
            "would_open": _list(_ID, "Options that can't be taken back, each of which would let "
                                "improvements lead there if it could."),
            "would_open_patterns": _list(_map({"enum": ["Y", "N"]}), "The same of combinations "
                                         "that are ruled out."),
        }),
        "ConflictShares": _object("Shares of the orders in which states are equilibria.", {
            "samples": _COUNT,
            "orders": _says("How many fit in all.", _COUNT),
            "exact": _says("All of them were looked at.", _BOOL),
            "seed": {"type": "integer"},
            "standard_error": _ERROR,
            "share": _map(_map(_SHARE, "By state."), of=CONCEPTS),
        }),
    }  # fmt: skip


def _steps() -> Schema:
    by_party = _map(_NUMBER)
    order = _list(_ID, "Steps, in order.")
    proven = _says("Certain, by arithmetic of our own; else time ran out.", _BOOL)
    claimed = _says(
        "What CP-SAT says of the bound, unchecked; null where it says no more.", _nullable(_NUMBER)
    )
    settled = _says("Of all such orders, it is the one the tie rule describes.", _BOOL)
    mend = {"value": _NUMBER, "works": _BOOL, "proven": proven}
    return {
        "Steps": _object("What is the next safe step, and the way after it?", {
            **_RESTS,
            "order": _says("The order that is safe in the largest share of the values that fit.",
                           order),
            "safe": _says("In what share nobody is ever out more than it is ready to risk.",
                          _SHARE),
            "self_enforcing": _says("In what share nobody ever gains more than its patience by "
                                    "breaking off.", _SHARE),
            "exposure": _map(_list(_object("How much the party is out, before the first step and "
                                           "after each: what 5%, 50% and 95% of the values that "
                                           "fit stay below.",
                                           {"low": _NUMBER, "middle": _NUMBER, "high": _NUMBER})),
                             "By party."),
            "at_the_middle": _ref("StepsAtTheMiddle"),
            "shares": _says("Over the values that fit; null where all are known exactly.",
                            _nullable(_ref("StepsShares"))),
        }),
        "StepsAtTheMiddle": _object("The exchange at the middle of its ranges.", {
            "total": _says("Party: what the whole exchange brings it.", by_party),
            "safest": _object("The order in which nobody is ever much exposed.", {
                "order": order,
                "value": _says("The largest exposure / trust on the way; 1 or less: nobody risks "
                               "more than it is ready to.", _NUMBER),
                "bound": _says("No order has less.", _NUMBER),
                "cp_sat_says_bound": claimed,
                "proven": proven,
                "ties_settled": settled,
                "steps": _list(_ref("Step")),
            }),
            "self_enforcing": _object("An order nobody gains by leaving, or that there is none.", {
                "exists": _BOOL,
                "order": _nullable(order),
                "least_patience": _says("The least that would do if it were everybody's "
                                        "patience.", _NUMBER),
                "least_patience_bound": _NUMBER,
                "cp_sat_says_least_patience_bound": claimed,
                "least_patience_order": order,
                "proven": proven,
                "ties_settled": settled,
                "steps": _list(_ref("Step")),
            }),
        }, {
            "would_help": _map(_ref("Help"), "What would make it work, where it does not.",
                               of=("exposure", "temptation")),
        }),
        "Step": _object("A step, and where each party then stands.", {
            "deliverable": _ID,
            "by": _ID,
            "standing": _says("Party: what it has got less what it has given, if all broke off "
                              "here.", by_party),
            "exposure": _says("Party: by how much that is below 0.", by_party),
            "temptation": _says("Party: what it would gain by breaking off here.", by_party),
            "words": _TEXT,
        }),
        "Help": _object("What would make the exchange work.", {
            "value": _says("How high the best way is as things are: exposure / trust, or the "
                           "temptation above patience.", _NUMBER),
            "splits": _list(_object("A step taken in two halves.", {"deliverable": _ID, **mend})),
            "amounts": _list(_object("A guarantee, a deposit or patience that one party alone "
                                     "would need.",
                                     {"party": _ID, "amount": _NUMBER, "order": order,
                                      "proven": proven})),
            "first_steps": _list(_object("A first step that may not come first now.", {
                "deliverable": _ID, "no_longer_after": _list(_ID), **mend})),
            "complete": _says("Everything was tried to the end.", _BOOL),
            "not_split": _says("Steps not split, since there would be more than there may be.",
                               _list(_ID)),
        }),
        "StepsShares": _object("In what share of the values that fit orders hold.", {
            "samples": _COUNT,
            "seed": {"type": "integer"},
            "orders_tried": _COUNT,
            "all_orders": _says("They are all there are; else a better one may exist.", _BOOL),
            "possible": _says("Share in which some order is safe.", _SHARE),
            "orders": _list(_object("An order.", {
                "order": order,
                "safe": _SHARE, "safe_error": _ERROR,
                "self_enforcing": _SHARE, "self_enforcing_error": _ERROR,
                "mean_value": _says("The mean of its largest exposure / trust.", _NUMBER),
            })),
            "matters": _list(_object("What knowing one open number would settle.", {
                "of": _ref("Name"),
                "safe": _says("How often the order then chosen would be safe.", _SHARE),
            })),
        }),
    }  # fmt: skip


def write(file: Path = FILE) -> None:
    """Write the schema."""
    file.write_text(text(schema()), encoding="utf-8")


if __name__ == "__main__":
    write()
