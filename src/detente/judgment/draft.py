"""A first judgments.yaml from the record alone: directions, and no sizes.

Who asked for what and who would have to give it; the levers that threats, offers and demands
show; the steps that would settle each issue. Every line names the entries that suggest it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

import yaml

from detente.judgment.deriving import Stake, stakes
from detente.record import yamltext
from detente.record.models import JudgmentFile, Move
from detente.record.plover import Aspect, MoveType
from detente.record.record import Record
from detente.record.validation import slugged, validate

MOST_ISSUES = 8
"""Issues made of demands that no issue of the case covers; the latest ones."""

MOST_GROUNDS = 12
"""Entries that one line names; the last ones of the record."""

MOST_LEVERS = 4
"""Threats, and offers, of one party; the latest ones."""

MOST_TOGETHER, MOST_MAKERS = 12, 6
"""Levers in all, and parties that have them: a conflict of 4,096 states, soon looked at."""

MOST_STEPS, MOST_GIVERS = 8, 4
"""Steps, and parties to them."""

STATUS_QUO, GRANTED = "as-it-is", "granted"
"""The options of an issue that is made of a demand."""

HEAD = """\
# A first version, made from the record alone: who asked for what, who would have to give it, and
# what each could do. Directions only; every size is open, and no number is made up. Correct it:
# narrow what you can judge, delete what is not so, and give your own reasons. docs/judging.md
# says what each list means, docs/case.md every key.
"""

COMMENTS = {
    "issues": "Demands that no issue of case.yaml covers, or only one without options; better "
    "made issues there.",
    "values": "In which order each party would have the options, the best first.",
    "levers": "What each could do or leave, from demands, threats and offers on record.",
    "preferences": "What each would have, as statements; their order is left open.",
    "costs": "The steps that would settle each issue.",
}


def draft(record: Record, moves: Sequence[Move]) -> dict[str, list[dict[str, Any]]]:
    """What the record suggests, as the lists of judgments.yaml; empty ones left out.

    moves : what of the record is to be looked at
    """
    made = _Draft(record, moves)
    lists = {
        "issues": made.issues,
        "values": list(made.values()),
        "levers": made.levers,
        "preferences": list(made.preferences()),
        "costs": made.costs(),
    }
    return {name: listed for name, listed in lists.items() if listed}


def draft_text(lists: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """The lists as a judgments.yaml that explains itself."""
    parts = [HEAD]
    for name, listed in lists.items():
        plain = yaml.safe_dump(
            _readable(listed),
            sort_keys=False,
            allow_unicode=True,
            default_flow_style=None,
            width=96,
        )
        parts.append(f"\n# {COMMENTS[name]}\n{name}:\n{plain}")
    return "".join(parts)


def _readable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _readable(inside) for key, inside in value.items()}
    if isinstance(value, str):
        return yamltext.readable(value)
    return [_readable(inside) for inside in value] if isinstance(value, Sequence) else value


def drafted(
    record: Record, moves: Sequence[Move], given: JudgmentFile | None = None
) -> JudgmentFile:
    """The draft as judgments; they stand in no file.

    given : what is said without assuming anything: the scale, and who is party to the deal
    """
    text = draft_text(draft(record, moves))
    found, problems = validate(
        JudgmentFile, yamltext.parse(text, Path("judgments.yaml")), Path("judgments.yaml")
    )
    assert found is not None and not problems, problems
    if given is None:
        return found
    kept = {"scale": given.scale, "between": given.between, "note": given.note}
    return found.model_copy(update=kept)


class _Draft:
    """Collects what the record suggests."""

    def __init__(self, record: Record, moves: Sequence[Move]) -> None:
        self.record = record
        self.moves = {move.id: move for move in moves}
        self.titles = {issue.id: issue.title for issue in record.case.issues}
        self.options = {
            issue.id: [option.id for option in issue.options]
            for issue in record.case.issues
            if len(issue.options) > 1
        }
        self.stakes = {k: s for k, s in stakes(moves).items() if s.issue in self.options}
        # A word for an id is looked up among parties, issues and levers together.
        self.taken: set[str] = set(record.parties)
        self.issues = list(self._assumed_issues())
        self.levers: list[dict[str, Any]] = []
        self.owner: dict[str, tuple[str, str, tuple[str, ...]]] = {}
        """lever -> its owner, its kind (grant, threat, offer), the parties it is about."""
        self._add_levers()
        self._keep_few()

    # --- issues and values ----------------------------------------------------------------

    def _assumed_issues(self) -> Iterator[dict[str, Any]]:
        answered = {  # granted or withdrawn; what was refused is wanted still
            id
            for move in self.moves.values()
            if move.type is not MoveType.REJECT and move.aspect.happened
            for id in move.answers
        }
        demands = [
            move
            for move in self.moves.values()
            if move.type is MoveType.REQUEST
            and move.issue not in self.options
            and move.by
            and move.to
            and move.aspect.happened
            and move.id not in answered
        ]
        groups: dict[str, list[Move]] = {}
        for move in demands:
            groups.setdefault(slugged(move.what) or move.what, []).append(move)
        latest = sorted(groups.values(), key=lambda made: max(map(_when, made)))[-MOST_ISSUES:]
        taken = {*self.titles, *self.record.parties}
        for made in latest:
            id = _id(made[0].what, taken)
            taken.add(id)
            rests = tuple(move.id for move in made)
            self.titles[id], self.options[id] = made[0].what, [STATUS_QUO, GRANTED]
            for wants, sides in ((False, "to"), (True, "by")):
                for move in made:
                    for party in getattr(move, sides):
                        self.stakes[party, id] = Stake(party, id, wants, "demand", rests)
            yield {
                "id": id,
                "title": made[0].what,
                "options": [STATUS_QUO, GRANTED],
                "because": f"a demand on record that no issue covers ({self._who(made[0])})",
                "rests_on": list(rests),
            }

    def values(self) -> Iterator[dict[str, Any]]:
        """The order of each issue's options for those who asked, and for those asked."""
        for stake in self.stakes.values():
            options = self.options[stake.issue]
            yield {
                "party": stake.party,
                "issue": stake.issue,
                "order": " > ".join(options[::-1] if stake.wants else options),
                "because": self._reason(stake),
                "rests_on": list(stake.entries[-MOST_GROUNDS:]),
            }

    # --- levers and preferences -----------------------------------------------------------

    def _add_levers(self) -> None:
        for stake in self.stakes.values():
            if not stake.wants:
                about = tuple(s.party for s in self._wanting(stake.issue))
                what = f"granting “{self.titles[stake.issue]}”"
                self._lever(f"grant-{stake.issue}", stake.party, what, "grant", about,
                            stake.entries, self._reason(stake))  # fmt: skip
        threats = [m for m in self.moves.values() if m.type is MoveType.THREATEN]
        offers = [
            m
            for m in self.moves.values()
            if m.type is MoveType.AGREE and m.to and (m.if_ or m.aspect is Aspect.FUTURE)
        ]
        for kind, found in (("threat", threats), ("offer", offers)):
            counts: dict[str, int] = {}
            for move in sorted(found, key=_when, reverse=True):
                for party in move.by:
                    counts[party] = counts.get(party, 0) + 1
                    if counts[party] <= MOST_LEVERS:
                        verb = "carrying out the threat of" if kind == "threat" else "giving"
                        what = f"{verb} “{move.what}”"
                        did = "threatened" if kind == "threat" else "offered"
                        reason = f"it {did} it: {self._told((move.id,))}"
                        self._lever(f"{kind}-{slugged(move.what)}", party, what, kind, move.to,
                                    (move.id,), reason)  # fmt: skip

    def _lever(
        self,
        name: str,
        by: str,
        what: str,
        kind: str,
        about: Sequence[str],
        entries: Sequence[str],
        reason: str,
    ) -> None:
        id = _id(f"{name}-{by}" if name in self.taken else name, self.taken)
        self.taken.add(id)
        self.owner[id] = (by, kind, tuple(about))
        self.levers.append(
            {
                "id": id,
                "by": by,
                "what": what,
                "because": reason,
                "rests_on": list(entries[-MOST_GROUNDS:]),
            }
        )

    def _keep_few(self) -> None:
        """Not more levers than can be looked at together: in turn one of every party's."""
        owned: dict[str, list[dict[str, Any]]] = {}
        for lever in self.levers:
            owned.setdefault(lever["by"], []).append(lever)
        many = sorted(owned.values(), key=lambda levers: -len(levers))[:MOST_MAKERS]
        turns = (lever["id"] for turn in zip_longest(*many) for lever in turn if lever)
        kept = set(islice(turns, MOST_TOGETHER))
        self.levers = [lever for lever in self.levers if lever["id"] in kept]
        self.owner = {id: owner for id, owner in self.owner.items() if id in kept}

    def preferences(self) -> Iterator[dict[str, Any]]:
        """What others would give it and not do to it; what it would rather not give or do."""
        for party in dict.fromkeys(by for by, _, _ in self.owner.values()):
            statements, rests = [], []
            entries = {each["id"]: each["rests_on"] for each in self.levers}
            for id, (by, kind, about) in self.owner.items():
                if by == party or (kind == "threat" and (party in about or not about)):
                    statements.append(f"not {id}")
                elif party in about:
                    statements.append(id)
                else:
                    continue
                rests += entries[id]
            yield {
                "party": party,
                "statements": statements,
                "open": "all",
                "because": "what it asked for, what it was asked, threatened with and offered; "
                "nothing shows which weighs most",
                "rests_on": list(dict.fromkeys(rests)),
            }

    # --- steps ----------------------------------------------------------------------------

    def costs(self) -> list[dict[str, Any]]:
        """For each issue, the step of who would have to give it; the best shown ones."""
        found: list[dict[str, Any]] = []
        parties: set[str] = set()
        taken = set(self.record.parties)
        for stake in sorted(self.stakes.values(), key=lambda each: -len(each.entries)):
            gets = [s.party for s in self._wanting(stake.issue) if s.party != stake.party]
            together = {*parties, stake.party, *gets}
            full = len(found) == MOST_STEPS or len(together) > MOST_GIVERS
            if stake.wants or not gets or full:
                continue
            parties = together
            id = _id(f"give-{stake.issue}-{stake.party}", taken)
            taken.add(id)
            found.append(
                {
                    "id": id,
                    "by": stake.party,
                    "what": f"grants “{self.titles[stake.issue]}”",
                    "cost": "open",
                    "worth": dict.fromkeys(gets, "open"),
                    "because": self._reason(stake),
                    "rests_on": list(stake.entries[-MOST_GROUNDS:]),
                }
            )
        return found

    # --- words ----------------------------------------------------------------------------

    def _reason(self, stake: Stake) -> str:
        how = {
            ("demand", True): "it asked for it",
            ("demand", False): "it was asked",
            ("gesture", True): "it was given some of it",
            ("gesture", False): "it gave some of it",
            ("threat", True): "it threatened over it",
        }
        return f"{how[stake.shown, stake.wants]}: {self._told(stake.entries)}"

    def _wanting(self, issue: str) -> list[Stake]:
        return [s for s in self.stakes.values() if s.issue == issue and s.wants]

    def _told(self, entries: Sequence[str]) -> str:
        found = [self.moves[id] for id in entries if id in self.moves]
        return "; ".join(f"{move.what} ({self._who(move)})" for move in found[:3])

    def _who(self, move: Move) -> str:
        by = " and ".join(map(self.record.name, move.by)) or "somebody"
        date = move.date or self.record.reported(move)
        said = f"{date}" if move.date else f"reported {date}" if date else "undated"
        return f"{by}, {said}"


def _when(move: Move) -> int:
    return move.date.latest.toordinal() if move.date else 0


_BEFORE_LETTERS = re.compile(r"\A[^a-z]+")


def _id(text: str, taken: Sequence[str] | Mapping[str, Any] | set[str]) -> str:
    """An id that begins with a letter, is not too long and not taken yet."""
    plain = _BEFORE_LETTERS.sub("", slugged(text))[:48].strip("-._") or "issue"
    found, number = plain, 2
    while found in taken:
        found, number = f"{plain}-{number}", number + 1
    return found
