"""Measuring the reader against texts coded by hand.

Four kinds of gold are read, told apart by their content:

- PLOVER's gold-standard records (.jsonl, one coded move a line: text, type, by, to with
  codes). The move the reader is surest of is compared.
- coded sentences (.jsonl, text and a list of moves with names). Likewise; and a sentence
  without moves should give none.
- sentences of documents (.jsonl, one coded sentence a line: document id, offsets, acts). Each
  certain act is compared with the move of its type that overlaps it.
- coded articles (.json beside the .txt it names; moves with quotes, statements, parties).

A move of an article is found when a move of the same type has an overlapping quote.
Gold moves marked `certain: false` count neither for nor against. Scores are micro-averaged.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from detente.errors import BadInput, Problem
from detente.measure.agreement import coded, codes_of, found, same_date, same_sides
from detente.measure.pool import PLACE, open_pool
from detente.reading.found import Actor, FoundMove, Reading, Statement
from detente.reading.read import read_text
from detente.record.dates import PartialDate

# Codes in PLOVER's records that are old, or wrong, with what they stand for today.
OLD_CODES = {
    "JAP": "JPN", "GER": "DEU", "UK": "GBR", "ROM": "ROU", "YUG": "YUG", "ZAR": "COD",
    "SUN": "SUN", "USR": "SUN", "CZE": "CZE", "CSK": "CSK", "BUR": "MMR", "PAL": "PSE",
    "KOS": "XKX", "XKX": "XKX", "TMP": "TLS", "SCG": "SRB", "DDR": "DDR", "GFR": "DEU",
}  # fmt: skip
ORGANISATIONS = frozenset({"IGO", "NGO", "MNC", "IMG", "NGM", "REB", "UNK"})
"""Codes that name a kind of party, not a party; any organisation or group agrees with them."""
COUNTS_FROM = 0.3
"""Moves of articles below this confidence are left out, as they are from the record."""


@dataclass(slots=True)
class Counts:
    """Right, found and wanted, for precision, recall and F1."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    def add(self, right: int, found: int, wanted: int) -> None:
        """Count one case."""
        self.right += right
        self.found += found
        self.wanted += wanted

    def scores(self) -> dict[str, float | int | None]:
        """Precision, recall and F1; None where nothing was to be found or was found."""
        precision = self.right / self.found if self.found else None
        recall = self.right / self.wanted if self.wanted else None
        f1 = 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else None
        return {"precision": precision, "recall": recall, "f1": f1, "wanted": self.wanted}


@dataclass(slots=True)
class Share:
    """How many of how many."""

    right: int = 0
    of: int = 0

    def add(self, right: bool) -> None:
        """Count one case."""
        self.right += right
        self.of += 1

    def scores(self) -> dict[str, float | int | None]:
        """The share, and of how many; None where there were none."""
        return {"share": self.right / self.of if self.of else None, "of": self.of}


@dataclass(slots=True)
class Result:
    """What an evaluation adds up."""

    type: Share = field(default_factory=Share)
    all_three: Share = field(default_factory=Share)
    by: Counts = field(default_factory=Counts)
    to: Counts = field(default_factory=Counts)
    aspect: Share = field(default_factory=Share)
    empty: Share = field(default_factory=Share)
    moves: Counts = field(default_factory=Counts)
    dates: Share = field(default_factory=Share)
    statements: Counts = field(default_factory=Counts)
    speaker: Share = field(default_factory=Share)
    named: Share = field(default_factory=Share)
    direct: Share = field(default_factory=Share)
    by_right: Share = field(default_factory=Share)
    to_right: Share = field(default_factory=Share)
    aspects: Counter[tuple[str, str]] = field(default_factory=Counter)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    calibration: dict[int, Share] = field(default_factory=dict)
    every: list[tuple[FoundMove, bool, float]] = field(default_factory=list)
    keep_all: bool = False
    wrong: list[dict[str, Any]] = field(default_factory=list)

    def trust(self, move: FoundMove, *, right: bool) -> None:
        """Count a move whose type is right or wrong under its confidence."""
        tenth = min(9, int(move.confidence * 10))
        self.calibration.setdefault(tenth, Share()).add(right)
        if self.keep_all:
            self.every.append((move, right, 1.0))

    def to_json(self) -> dict[str, Any]:
        """The figures, the confusion table and what was wrong."""
        scores = {
            name: getattr(self, name).scores()
            for name in (
                *("type", "all_three", "by", "to", "aspect", "empty", "moves", "dates"),
                *("statements", "speaker", "named", "direct", "by_right", "to_right"),
            )
        }
        macro = macro_f1(self.aspects)
        scores["aspects"] = {"macro_f1": macro, "of": self.aspects.total()}
        return {
            "scores": scores,
            "confusion": [
                {"wanted": wanted, "found": found, "times": times}
                for (wanted, found), times in self.confusion.most_common()
            ],
            "calibration": [
                {"confidence": (tenth + 0.5) / 10, **share.scores()}
                for tenth, share in sorted(self.calibration.items())
            ],
            "wrong": self.wrong,
        }


def evaluate(
    paths: Sequence[Path],
    *,
    pipeline: str | None = None,
    part: str = "all",
    texts: Path = PLACE,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Read every gold text and compare.

    texts : the folder of the documents that codings without text point at

    part : "develop" (two in three), "aside" (every third record or article, kept for
           figures that were not tuned on) or "all"
    Raises BadInput for files that are no gold.
    """
    items = [item for path in paths for item in _items(path, texts)]
    chosen = [item for number, item in enumerate(items) if _in_part(number, part)]
    result = Result()
    for number, item in enumerate(chosen, 1):
        item(result, pipeline)
        if progress is not None:
            progress(number, len(chosen))
    return result


def _in_part(number: int, part: str) -> bool:
    if part == "all":
        return True
    return (number % 3 == 2) == (part == "aside")


_WHAT = {
    "type": "type of the surest move",
    "all_three": "type, by and to all right",
    "by": "by, party codes",
    "to": "to, party codes",
    "aspect": "aspect, where the type is right",
    "empty": "nothing found where there is nothing",
    "moves": "moves of articles",
    "dates": "dates of matched moves",
    "statements": "statements",
    "speaker": "speakers of matched statements",
    "named": "named or not",
    "direct": "direct or not",
    "by_right": "by right, where the type is",
    "to_right": "to right, where the type is",
    "aspects": "aspects, mean over aspects",
}


def lines(result: Result) -> Iterator[str]:
    """The figures, the confusion table, calibration and what was wrong, to read."""
    data = result.to_json()
    for name, scores in data["scores"].items():
        count = scores.get("of", scores.get("wanted"))
        if not count:
            continue
        figures = [
            f"{key} {value:.3f}" for key, value in scores.items() if isinstance(value, float)
        ]
        yield f"{_WHAT[name]:<36} {', '.join(figures)}   ({count})"
    yield ""
    for row in data["confusion"]:
        yield f"  {row['wanted']:>10} read as {row['found']:<10} {row['times']}"
    if data["calibration"]:
        yield ""
        for row in data["calibration"]:
            share = f"right {row['share']:.2f} of {row['of']}"
            yield f"  confidence about {row['confidence']:.2f}: {share}"
    yield ""
    for wrong in data["wrong"]:
        yield f"- {' '.join(str(wrong['text']).split())}"
        yield f"    coded: {wrong['wanted']}"
        yield f"    read:  {wrong['found']}"


Item = Callable[[Result, str | None], None]


def _items(path: Path, texts: Path = PLACE) -> Iterator[Item]:
    if path.is_dir():
        for inner in sorted(path.glob("*.json")):
            yield from _items(inner, texts)
        return
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".jsonl":
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        else:
            rows = [json.loads(text)]
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput(Problem(path, 0, f"not a gold file: {error}")) from None
    for number, row in enumerate(rows, 1):
        if isinstance(row, dict) and "report" in row and "moves" in row:
            yield _article(row, path)
        elif isinstance(row, dict) and "gsr_type" in row:
            yield _record(row)
        elif isinstance(row, dict) and "text" in row and "moves" in row:
            yield _sentence(row)
        elif isinstance(row, dict) and "acts" in row:
            yield _coded_sentence(row, texts)
        else:
            raise BadInput(
                Problem(path, number, "not a coded text", "See docs/reading.md, Measuring.")
            )


# --- single records and sentences -----------------------------------------------------------


def _record(row: dict[str, Any]) -> Item:
    by = [str(side["code"]) for side in row["by"] if side.get("code")]
    to = [str(side["code"]) for side in row["to"] if side.get("code")]

    def compare(result: Result, pipeline: str | None) -> None:
        reading = read_text(row["text"], pipeline=pipeline)
        _compare_best(result, row["text"], reading, row["type"], _today(by), _today(to), None)

    return compare


def _sentence(row: dict[str, Any]) -> Item:
    def compare(result: Result, pipeline: str | None) -> None:
        reading = read_text(row["text"], pipeline=pipeline)
        if not row["moves"]:
            lowest = 0.0 if result.keep_all else COUNTS_FROM
            certain = [move for move in reading.moves if move.confidence >= lowest]
            result.empty.add(not certain)
            for move in certain:
                result.trust(move, right=False)
                _note(result, row["text"], "(none)", [], [], None, move)
            return
        best = _surest(reading)
        gold = next(
            (m for m in row["moves"] if best is not None and m["type"] == best.type.value),
            row["moves"][0],
        )
        _compare_best(
            result,
            row["text"],
            reading,
            gold["type"],
            codes_of(gold["by"]),
            codes_of(gold["to"]),
            gold["aspect"],
        )

    return compare


def _coded_sentence(row: dict[str, Any], texts: Path) -> Item:
    """A sentence of a document, coded by document id and offsets, with every act it tells."""

    def compare(result: Result, pipeline: str | None) -> None:
        pool = open_pool(texts)
        document = pool.text(row["doc"], digest=row.get("sha256"))
        beside = pool.documents[row["doc"]]
        text = document[row["start"] : row["end"]]
        date = PartialDate.parse(row["date"]) if row.get("date") else None
        reading = read_text(
            text,
            date=date,
            pipeline=pipeline,
            title=beside.get("title"),
            publisher=beside.get("attribution"),
        )
        left = [move for move in reading.moves if move.confidence >= COUNTS_FROM]
        if not row["acts"]:
            result.empty.add(not left)
        for act in sorted(row["acts"], key=lambda act: not act.get("certain", True)):
            start, end = (place - row["start"] for place in act["at"])
            likely = [move for move in left if move.start < end and start < move.end]
            likely.sort(key=lambda move: (move.type.value != act["type"], -move.confidence))
            match = likely[0] if likely else None
            if match is not None and match.type.value == act["type"]:
                left.remove(match)
            if act.get("certain", True):
                _compare_act(result, text, act, match)
        for extra in left:
            result.moves.add(0, 1, 0)
            _note(result, text, "(none)", [], [], None, extra)

    return compare


def _compare_act(result: Result, text: str, act: dict[str, Any], match: FoundMove | None) -> None:
    typed = match is not None and match.type.value == act["type"]
    result.type.add(typed)
    result.moves.add(typed, typed, 1)
    by, to = ([coded(actor) for actor in act.get(key) or ()] for key in ("by", "to"))
    by_right = match is not None and same_sides(map(found, match.by), by)
    to_right = match is not None and same_sides(map(found, match.to), to)
    result.all_three.add(typed and by_right and to_right)
    aspect = str(act.get("aspect", "actual"))
    if match is not None and typed:
        result.by_right.add(by_right)
        result.to_right.add(to_right)
        result.aspects[aspect, match.aspect.value] += 1
    else:
        result.confusion[act["type"], match.type.value if match else "(missed)"] += 1
    if not (typed and by_right and to_right):
        by_names, to_names = (
            [str(actor["name"]) for actor in act.get(key) or ()] for key in ("by", "to")
        )
        _note(result, text, act["type"], by_names, to_names, aspect, match)


def macro_f1(pairs: Counter[tuple[str, str]]) -> float | None:
    """The mean over labels of F1, of (coded, found) pairs; None without any."""
    labels = {label for pair in pairs for label in pair}
    scores = []
    for label in labels:
        right = pairs[label, label]
        coded_so = sum(times for (wanted, _), times in pairs.items() if wanted == label)
        found_so = sum(times for (_, given), times in pairs.items() if given == label)
        scores.append(2 * right / (coded_so + found_so))
    return sum(scores) / len(scores) if scores else None


def _surest(reading: Reading) -> FoundMove | None:
    return max(reading.moves, key=lambda move: move.confidence, default=None)


def _today(codes: list[str]) -> set[str]:
    return {OLD_CODES.get(code, code) for code in codes}


def _compare_best(
    result: Result,
    text: str,
    reading: Reading,
    type_: str,
    by: set[str],
    to: set[str],
    aspect: str | None,
) -> None:
    best = _surest(reading)
    if result.keep_all:
        for move in reading.moves:
            right = move.type.value == type_
            result.every.append((move, right, 1.0 if right else _ALONE))
        return
    found = best.type.value if best is not None else "(none)"
    result.type.add(found == type_)
    if found != type_:
        result.confusion[type_, found] += 1
    by_right, by_found = _agreeing(best.by if best else (), by)
    to_right, to_found = _agreeing(best.to if best else (), to)
    result.by.add(by_right, by_found, len(by))
    result.to.add(to_right, to_found, len(to))
    exact = found == type_ and by_right == by_found == len(by) and to_right == to_found == len(to)
    result.all_three.add(exact)
    aspect_right = aspect is None or (best is not None and best.aspect.value == aspect)
    if aspect is not None and found == type_:
        result.aspect.add(aspect_right)
    if best is not None:
        result.trust(best, right=found == type_)
    if not exact or not aspect_right:
        _note(result, text, type_, sorted(by), sorted(to), aspect, best)


@lru_cache(maxsize=1)
def _homes() -> dict[str, str]:
    from detente.reading.who.gazetteer import Gazetteer

    return Gazetteer.standard().homes


def _agreeing(actors: tuple[Actor, ...], codes: set[str]) -> tuple[int, int]:
    """How many of the actors the gold has, and how many were found, each code once.

    This gold names no one of whom the text tells only what they are ("gunmen"): such an actor
    counts where the gold gives its country, else neither way.
    """
    actors = tuple(a for a in actors if a.named or a.country in codes)
    found = {OLD_CODES.get(actor.code, actor.code): actor for actor in actors}
    right = 0
    wild = sum(code in ORGANISATIONS for code in codes)
    for code, actor in found.items():
        if code in codes:
            right += 1
        elif wild and actor.kind != "state":
            right += 1
            wild -= 1
        elif {code.split("-")[0].upper(), _homes().get(code)} & codes:
            right += 1  # the gold gives rebels and parties the code of their country
    return min(right, len(codes)), len(found)


def _note(
    result: Result,
    text: str,
    type_: str,
    by: list[str],
    to: list[str],
    aspect: str | None,
    move: FoundMove | None,
) -> None:
    result.wrong.append(
        {
            "text": text,
            "wanted": {"type": type_, "by": by, "to": to, "aspect": aspect},
            "found": None
            if move is None
            else {
                "type": move.type.value,
                "by": [actor.code for actor in move.by],
                "to": [actor.code for actor in move.to],
                "aspect": move.aspect.value,
                "quote": move.quote,
                "confidence": round(move.confidence, 2),
            },
        }
    )


# --- whole articles -------------------------------------------------------------------------


def _article(gold: dict[str, Any], path: Path) -> Item:
    def compare(result: Result, pipeline: str | None) -> None:
        file = path.parent / gold["report"]
        try:
            text = file.read_text(encoding="utf-8")
        except OSError as error:
            raise BadInput(Problem(file, 0, f"the coded text can't be read: {error}")) from None
        published = gold.get("published")
        date = PartialDate.parse(published) if published else None
        reading = read_text(text, report=file.stem, date=date, pipeline=pipeline)
        _compare_moves(result, text, gold["moves"], reading)
        _compare_statements(result, text, gold["statements"], reading)

    return compare


def _compare_moves(result: Result, text: str, gold: list[dict[str, Any]], reading: Reading) -> None:
    lowest = 0.0 if result.keep_all else COUNTS_FROM
    left = [move for move in reading.moves if move.confidence >= lowest]
    for wanted in sorted(gold, key=lambda move: not move["certain"]):
        start = text.index(wanted["quote"])
        end = start + len(wanted["quote"])
        match = next(
            (
                move
                for move in sorted(left, key=lambda m: -_overlap(m.start, m.end, start, end))
                if move.type.value == wanted["type"] and move.start < end and start < move.end
            ),
            None,
        )
        if match is not None:
            left.remove(match)
            if wanted["certain"]:
                result.trust(match, right=True)
        if not wanted["certain"] or "same_as" in wanted:
            continue
        result.moves.add(match is not None, match is not None, 1)
        if match is None:
            result.confusion[wanted["type"], "(missed)"] += 1
            result.wrong.append({"text": wanted["quote"], "wanted": wanted["type"], "found": None})
            continue
        _compare_matched(result, wanted, match)
    for extra in left:
        result.moves.add(0, 1, 0)
        result.trust(extra, right=False)
        result.confusion["(none)", extra.type.value] += 1
        _note(result, extra.quote, "(none)", [], [], None, extra)


def _compare_matched(result: Result, wanted: dict[str, Any], match: FoundMove) -> None:
    by, to = codes_of(wanted["by"]), codes_of(wanted["to"])
    by_right, by_found = _agreeing(match.by, by)
    to_right, to_found = _agreeing(match.to, to)
    result.by.add(by_right, by_found, len(by))
    result.to.add(to_right, to_found, len(to))
    aspect = match.aspect.value == wanted["aspect"]
    result.aspect.add(aspect)
    result.all_three.add(by_right == by_found == len(by) and to_right == to_found == len(to))
    dated = same_date(match.date, wanted.get("date"))
    result.dates.add(dated)
    if by_right != len(by) or to_right != len(to) or not aspect or not dated:
        _note(
            result, wanted["quote"], wanted["type"], sorted(by), sorted(to), wanted["aspect"], match
        )
        result.wrong[-1]["dates"] = [wanted.get("date"), str(match.date) if match.date else None]


def _overlap(start: int, end: int, other_start: int, other_end: int) -> int:
    return max(0, min(end, other_end) - max(start, other_start))


def _compare_statements(
    result: Result, text: str, gold: list[dict[str, Any]], reading: Reading
) -> None:
    # Only what is said is coded; beliefs, plans, wishes and demands are not.
    left = [said for said in reading.statements if said.kind == "said"]
    for wanted in gold:
        start = _position(text, wanted)
        end = start + len(wanted["content"])
        match = max(left, key=lambda said: _shared(said, start, end), default=None)
        if match is None or _shared(match, start, end) < 0.5 * min(
            end - start, match.end - match.start
        ):
            match = None
        result.statements.add(match is not None, 0, 1)
        if match is None:
            result.wrong.append({"text": wanted["content"], "wanted": "statement", "found": None})
            continue
        left.remove(match)
        result.statements.found += 1
        result.speaker.add(_same_speaker(match, wanted))
        result.named.add(match.speaker.named == wanted["named"])
        result.direct.add(match.direct == wanted["direct"])
        if not _same_speaker(match, wanted):
            result.wrong.append(
                {
                    "text": wanted["content"],
                    "wanted": wanted["speaker_text"],
                    "found": match.speaker.text,
                }
            )
    result.statements.found += len(left)
    for extra in left:
        result.wrong.append(
            {"text": extra.content, "wanted": "(no statement)", "found": extra.speaker.text}
        )


def _position(text: str, wanted: dict[str, Any]) -> int:
    """Where the content stands: nearest to the speaker's words when it stands twice."""
    near = text.find(wanted["speaker_text"])
    places = []
    at = text.find(wanted["content"])
    while at >= 0:
        places.append(at)
        at = text.find(wanted["content"], at + 1)
    return min(places, key=lambda place: abs(place - near), default=0)


def _shared(said: Statement, start: int, end: int) -> int:
    return _overlap(said.start, said.end, start, end)


def _same_speaker(said: Statement, wanted: dict[str, Any]) -> bool:
    """The same words, or words that hold the same name."""
    ours = said.speaker.text.lower().strip()
    theirs = wanted["speaker_text"].lower().strip()
    if ours == theirs or ours in theirs or theirs in ours:
        return True
    name = (said.speaker.name or "").lower()
    return bool(name) and name == str(wanted["speaker"]).lower()


# --- every move, for fitting --------------------------------------------------------------

_ALONE = 0.4
"""How much a further move of a record coded with one move counts as wrong."""


def every_move(paths: Sequence[Path], *, part: str = "all") -> list[tuple[FoundMove, bool, float]]:
    """Every move found in gold texts: whether its type is right there, and how much it counts.

    Raises BadInput for files that are no gold.
    """
    found: list[tuple[FoundMove, bool, float]] = []
    for number, item in enumerate(item for path in paths for item in _items(path)):
        if _in_part(number, part):
            result = Result(keep_all=True)
            item(result, None)
            found += result.every
    return found
