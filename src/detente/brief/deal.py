"""What a bargaining problem's analysis says: as JSON, and as lines for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from detente.solve.bargaining.asking import Gap, Standing, Trade, Weight
from detente.solve.bargaining.clashing import Clash
from detente.solve.bargaining.model import Model
from detente.solve.bargaining.pareto import Frontier
from detente.solve.bargaining.results import NAMES, Result, points_json
from detente.solve.bargaining.rules import RULES, Solutions
from detente.solve.bargaining.simulate import Play
from detente.solve.bargaining.uncertain import Share, Shares
from detente.solve.plain import numbers, spoken
from detente.wording import counted

MOST_ROWS = 20
"""Rows listed in the terminal; --json lists all."""


def standing_json(stands: Standing) -> dict[str, Any]:
    """Where a package stands."""

    def trade(each: Trade) -> dict[str, Any]:
        changes = {i: {"from": now, "to": then} for i, (now, then) in each.changes.items()}
        return {"changes": changes, "gains": numbers(each.gains)}

    return {
        "package": stands.package,
        "values": numbers(stands.values),
        "gains": numbers(stands.gains),
        "breaks": [{"kind": kind, "number": n + 1} for kind, n in stands.breaks],
        "efficient": stands.dominated == 0,
        "better_for_all": stands.better,
        "trades": [trade(each) for each in stands.trades],
        "bring_in": {p: [trade(t) for t in trades] for p, trades in stands.bring_in.items()},
    }


def weights_json(found: Sequence[Weight]) -> list[dict[str, Any]]:
    """What each issue is about."""
    return [
        {
            "issue": each.issue,
            "stakes": numbers(each.stakes),
            "shares": each.shares,
            "best": each.best,
            "conflict": each.conflict,
            "meets": each.meets,
        }
        for each in found
    ]


def shares_json(found: Shares) -> dict[str, Any]:
    """In what share of the values that fit each package is what."""

    def package(each: Share) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "package": each.package,
            "nash": each.nash,
            "nash_error": found.error(each.nash),
            "pareto": each.pareto,
            "pareto_error": found.error(each.pareto),
        }
        if each.acceptable is not None:
            plain["acceptable"] = each.acceptable
            plain["acceptable_to"] = each.acceptable_to
            plain["values"] = {
                party: {"mean": mean, "low": low, "high": high}
                for party, (mean, low, high) in (each.values or {}).items()
            }
        return plain

    return {
        "samples": found.samples,
        "effective": found.effective,
        "seed": found.seed,
        "mixed": found.mixed,
        "sampling": [
            {
                "how": group.how,
                "of": [list(name) for name in group.names],
                "r_hat": group.r_hat,
                "effective": group.effective,
            }
            for group in found.groups
        ],
        "deal": [
            {"parties": list(parties), "share": share, "error": found.error(share)}
            for parties, share in found.deal.items()
        ],
        "packages": [package(each) for each in found.packages],
        "likeliest": found.likeliest,
        "likeliest_options": found.options,
        "matters": [
            {"of": list(each.name), "settled": each.settled, "options": each.options}
            for each in found.matters
        ],
    }


def play_json(played: Play) -> dict[str, Any]:
    """Where plays ended."""
    return {
        "strategies": played.strategies,
        "rounds": played.rounds,
        "times": played.times,
        "seed": played.seed,
        "no_agreement": played.none,
        "agreements": [
            {
                "package": each.package,
                "count": each.count,
                "acceptable": each.acceptable,
                "mean_round": each.step,
            }
            for each in played.landings
        ],
    }


# --- the terminal -------------------------------------------------------------------------------


def deal_text(solved: Result) -> str:
    """The answer in words, the solutions, the frontier."""
    model, found, best = solved.model, solved.found, solved.best
    count, why = solved.count, solved.why
    ways = counted(model.combinations, "combination")
    lines = [f"{counted(solved.n_packages, 'feasible package')} of {ways}"]
    if isinstance(why, Clash):
        return "\n".join([*lines, *_clash_lines(why)])
    acceptable = f"{count.number:,} acceptable to all"
    if not count.exact:
        acceptable = (
            f"about {count.number:,} acceptable to all (between {count.low:,} and {count.high:,} "
            f"with 95% confidence, estimated from {count.samples:,} packages drawn)"
        )
    lines += [acceptable, f"{counted(len(found.points), 'point')} on the Pareto frontier", ""]
    top = range(min(MOST_ROWS, len(found.points)))
    rows_of = sorted({*top, *(row for rule in RULES for row in best.rows[rule][:MOST_ROWS])})
    points = dict(zip(rows_of, points_json(found, rows_of), strict=True))
    if isinstance(why, Gap):
        lines += [*_gap_lines(model, why), ""]
    else:
        lines += [*_solution_lines(model, points, best), ""]
    lines.append("The Pareto frontier: nobody can have more without somebody having less.")
    good = set(best.acceptable.tolist())
    shown = [
        [*(_number(v) for v in points[n]["values"].values()), "" if n in good else "no"]
        for n in top
    ]
    heads = [*map(model_name(model), model.parties), "acceptable"]
    packages_ = [_package(model, points[n]["package"]) for n in top]
    lines += _table(heads, shown, packages_)
    if len(found.points) > MOST_ROWS:
        lines.append(f"... and {len(found.points) - MOST_ROWS:,} more; --json lists them all")
    return "\n".join(lines)


def model_name(model: Model) -> Callable[[str], str]:
    """How to speak of a party or an issue."""
    return lambda word: model.words.get(word) or word


_number = spoken


def _package(model: Model, package: Mapping[str, str]) -> str:
    name = model_name(model)
    return ", ".join(f"{name(issue)}: {option}" for issue, option in package.items())


def _table(heads: list[str], rows: list[list[str]], ends: list[str]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row, end in zip([heads, *rows], ["package", *ends], strict=True):
        cells = "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {cells}  {end}"


def _solution_lines(
    model: Model, points: Mapping[int, dict[str, Any]], best: Solutions
) -> Iterator[str]:
    name = model_name(model)
    heads = ["solution", *map(name, model.parties)]
    rows, ends = [], []
    for rule in RULES:
        for n, row in enumerate(best.rows[rule][:MOST_ROWS]):
            point = points[row]
            rows.append([NAMES[rule] if n == 0 else "or", *map(_number, point["values"].values())])
            ends.append(_package(model, point["package"]))
    yield from _table(heads, rows, ends)
    if best.ideal is not None:
        each = ", ".join(
            f"{name(p)} {_number(v)}" for p, v in zip(model.parties, best.ideal, strict=True)
        )
        yield f"The best each could hope for among acceptable packages: {each}."


def _gap_lines(model: Model, why: Gap) -> Iterator[str]:
    name = model_name(model)
    yield "No package is acceptable to all."
    for party, (wall, most) in why.unreachable.items():
        yield (
            f"  {name(party)} walks away below {_number(wall)}, and no feasible package gives it "
            f"more than {_number(most)}."
        )
    short = ", ".join(f"{name(p)} {_number(v)}" for p, v in why.short.items())
    yield f"  Closest (least short, as a share of stakes): {_package(model, why.closest)}"
    yield f"    short by: {short}"
    for each in why.openings:
        yield (
            f"  {name(each.party)} alone could open it: a walk-away lower by "
            f"{_number(each.amount)}, or an option worth that much more to it, in the package"
        )
        yield f"    {_package(model, each.package)}"
    if not why.openings:
        yield "  No party alone could open it."


def _clash_lines(why: Clash) -> Iterator[str]:
    words = " and ".join(f"{kind} number {n + 1}" for kind, n in why.sources)
    how = (
        "a smallest set of constraints that clash"
        if why.smallest
        else ("constraints that clash (none of them can be spared; a smaller set may exist)")
    )
    yield f"No package meets the constraints; {how}: {words}."


def standing_text(model: Model, stands: Standing) -> str:
    """Where a package stands, in words."""
    name = model_name(model)
    lines = [f"{_package(model, stands.package)}:"]
    for party, value in stands.values.items():
        gain = stands.gains[party]
        said = f"{_number(gain)} above" if gain >= 0 else f"{_number(-gain)} below"
        refuses = "" if gain >= 0 else "; it refuses"
        lines.append(f"  {name(party)}: {_number(value)}, {said} its walk-away{refuses}")
    for kind, n in stands.breaks:
        lines.append(f"  This package breaks {kind} number {n + 1}.")
    if stands.better is None:
        lines.append("  Efficient: no feasible package is better for some and worse for none.")
    else:
        lines.append(f"  Better for some and worse for none: {_package(model, stands.better)}")
    if stands.trades:
        lines.append("  Trades that make some better and none worse:")
        lines += [f"    {_trade(model, each)}" for each in stands.trades[:MOST_ROWS]]
    for party, trades in stands.bring_in.items():
        if not trades:
            lines.append(f"  No single change would bring {name(party)} in.")
            continue
        lines.append(f"  Single changes that would bring {name(party)} in, the cheapest first:")
        lines += [f"    {_trade(model, each)}" for each in trades[:MOST_ROWS]]
    return "\n".join(lines)


def _trade(model: Model, each: Trade) -> str:
    name = model_name(model)
    how = ", ".join(f"{name(i)}: {now} -> {then}" for i, (now, then) in each.changes.items())
    gains = ", ".join(
        f"{name(p)} {'+' if v > 0 else '-' if v < 0 else ''}{_number(abs(v))}"
        for p, v in each.gains.items()
    )
    return f"{how}  ({gains})"


def shares_text(model: Model, found: Shares) -> str:
    """Packages by the share of values in which they are Nash; who can agree at all."""
    name = model_name(model)
    lines = [
        f"Some values are left open. In what share of {counted(found.samples, 'draw')} of all "
        f"values that fit, seed {found.seed}",
        f"(standard error at most {found.error(0.5):.1%}):",
    ]
    for parties, share in found.deal.items():
        who = "all" if len(parties) > 2 else " and ".join(map(name, parties))
        lines.append(f"  some package is acceptable to {who}: {share:.1%}")
    lines.append("")
    shown = [each for each in found.packages if each.acceptable is not None][:MOST_ROWS]
    rows = [
        [f"{each.nash:.1%}", f"{each.pareto:.1%}", f"{each.acceptable:.1%}"]
        + [f"{(each.acceptable_to or {})[p]:.1%}" for p in model.parties]
        for each in shown
    ]
    heads = ["Nash", "Pareto", "acceptable", *(f"to {name(p)}" for p in model.parties)]
    lines += _table(heads, rows, [_package(model, each.package) for each in shown])
    if len(found.packages) > len(shown):
        lines.append(
            f"... and {len(found.packages) - len(shown):,} more that are Nash or on the frontier "
            "in some draw; --json lists them all"
        )
    lines.append("")
    lines.append(
        f"The likeliest outcome is the Nash package in {found.likeliest:.1%}; knowing one number "
        "to within a tenth,"
    )
    lines.append("a guess would be right in:")
    lines += [
        f"  {each.settled:.1%}  {open_number(model, each.name)}" for each in found.matters[:5]
    ]
    lines += [
        f"  Not to be relied on: the draws of {counted(len(group.names), 'value')} have not mixed "
        f"(R-hat {group.r_hat:.3f}); draw more (--samples)."
        for group in found.groups
        if not group.mixed
    ]
    return "\n".join(lines)


def open_number(model: Model, name: Sequence[str]) -> str:
    """How to speak of a number that is open."""
    said = model_name(model)
    if len(name) == 1:
        return f"{said(name[0])}'s walk-away"
    party, issue, option = name
    return f"what “{said(issue)}: {option.replace('-', ' ')}” is worth to {said(party)}"


def marks(found: Frontier, best: Solutions) -> dict[tuple[str, ...], str]:
    """What each package on the frontier is; those worth the same as it not included."""
    said: dict[tuple[str, ...], list[str]] = {}
    for row, choice in enumerate(found.choices):
        package = tuple(found.space.package(choice).values())
        said[package] = [NAMES[rule] for rule in RULES if row in best.rows[rule]]
    return {package: ", ".join(names) or "efficient" for package, names in said.items()}


def play_text(model: Model, played: Play, marks: Mapping[tuple[str, ...], str]) -> str:
    """Where plays ended, beside the exact solutions.

    marks : a package's options -> what it is: "Nash, egalitarian"
    """
    name = model_name(model)
    who = ", ".join(f"{name(p)} {s}" for p, s in played.strategies.items())
    lines = [
        f"Played out {counted(played.times, 'time')} by NegMAS: alternating offers, "
        f"{counted(played.rounds, 'round')}; {who}."
    ]
    rows = [
        [f"{each.count:,}", f"{each.acceptable:,}", f"{each.step:.1f}"]
        for each in played.landings[:MOST_ROWS]
    ]
    ends = []
    for each in played.landings[:MOST_ROWS]:
        mark = marks.get(tuple(each.package.values()), "")
        ends.append(_package(model, each.package) + f"  ({mark})" * bool(mark))
    if rows:
        lines += _table(["plays", "acceptable", "mean round"], rows, ends)
    if len(played.landings) > MOST_ROWS:
        lines.append(f"... and {len(played.landings) - MOST_ROWS:,} more; --json lists them all")
    lines.append(f"  {played.none:,} without agreement")
    return "\n".join(lines)


def weights_text(model: Model, found: Sequence[Weight]) -> str:
    """The issues by the conflict they carry."""
    name = model_name(model)
    heads = ["issue", *(f"{name(p)}'s stakes" for p in model.parties), "conflict"]
    rows = [
        [name(w.issue), *(f"{share:.0%}" for share in w.shares.values()), f"{w.conflict:.0%}"]
        for w in found
    ]
    ends = [
        f"meets at {w.meets}" if w.conflict else f"free: {w.meets} is best for all" for w in found
    ]
    lines = ["Which issue carries the conflict: the shares of their stakes that the parties"]
    lines.append("together fall short of what they like best there, at least.")
    table = list(_table(heads, rows, ends))
    return "\n".join([*lines, table[0].removesuffix("  package"), *table[1:]])
