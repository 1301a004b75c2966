"""What a conflict model's analysis says: as JSON, and as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from detente.solve.conflict.coalition import CoalitionStability
from detente.solve.conflict.model import Model
from detente.solve.conflict.paths import Route, Step
from detente.solve.conflict.results import strongest
from detente.solve.conflict.stability import CONCEPTS, DEFINITIONS, Analysis
from detente.solve.conflict.uncertain import Shares
from detente.solve.conflict.why import Change, Explanation
from detente.solve.conflict.words import (
    NAMES,
    deed,
    name_of,
    path_words,
    sentences,
    state_words,
)
from detente.wording import counted

MOST_ROWS = 30
"""States listed in the terminal; --json lists all."""


def why_json(model: Model, said: Sequence[Explanation]) -> list[dict[str, Any]]:
    """Explanations, each with its sentences."""
    return [
        {
            "state": each.state,
            "decision_maker": each.name,
            "concept": each.concept,
            "stable": each.stable,
            "improvements": [
                {
                    "to": answer.move.to,
                    "deterred": answer.sanction is not None,
                    "sanction": None if answer.sanction is None else _path(answer.sanction),
                    "leaves": answer.leaves,
                }
                for answer in each.answers
            ],
            "words": sentences(model, each),
        }
        for each in said
    ]


def _path(path: Sequence[Step]) -> list[dict[str, Any]]:
    return [{"mover": s.mover, "to": s.to, "improvement": s.improvement} for s in path]


def routes_json(found: Analysis, start: str, ways: Sequence[Route]) -> dict[str, Any]:
    """From a status quo to equilibria."""

    def path(steps: Sequence[Step] | None) -> list[dict[str, Any]] | None:
        return None if steps is None else _path(steps)

    patterns = found.model.infeasible
    return {
        "from": start,
        "equilibria": [
            {
                "state": way.state,
                "concepts": list(way.concepts),
                "any_moves": path(way.any_moves),
                "improvements": path(way.improvements),
                "fewest_against_preference": path(way.fewest),
                "would_open": list(way.would_open),
                "would_open_patterns": [
                    {option: "Y" if said else "N" for option, said in patterns[n].items()}
                    for n in way.would_open_patterns
                ],
            }
            for way in ways
        ],
    }


def change_json(needed: Change) -> dict[str, Any]:
    """What would have to change."""
    return {
        "state": needed.state,
        "concept": needed.concept,
        "obstacles": [
            {
                "decision_maker": each.name,
                "preferred": [
                    {"state": state, "least_liked_answer": answer}
                    for state, answer in zip(each.undeterred, each.sanctions, strict=True)
                ],
            }
            for each in needed.obstacles
        ],
        "enough": needed.enough,
    }


def shares_json(drawn: Shares) -> dict[str, Any]:
    """Shares of orders in which states are equilibria."""
    return {
        "samples": drawn.samples,
        "orders": drawn.orders,
        "exact": drawn.exact,
        "seed": drawn.seed,
        "standard_error": drawn.error,
        "share": drawn.share,
    }


def coalition_json(joined: CoalitionStability, *, count: bool) -> dict[str, Any]:
    """Stability for a coalition."""
    return {
        "members": list(joined.members),
        "stable": {c: len(s) if count else list(s) for c, s in joined.stable.items()},
        "upset": joined.upset,
    }


# --- the terminal -------------------------------------------------------------------------------


def stability_text(found: Analysis, *, count: bool) -> str:
    """Equilibria as a table, or numbers."""
    return "\n".join(_counts(found) if count else _table(found))


def _counts(found: Analysis) -> Iterator[str]:
    model = found.model
    rows = [("equilibria", None), *((name_of(model, n), n) for n in model.names)]
    width = max(len(label) for label, _ in rows)
    yield counted(found.space.count, "feasible state")
    yield ""
    yield " " * width + "".join(f"{NAMES[c]:>14}" for c in CONCEPTS)
    for label, name in rows:
        yield label.ljust(width) + "".join(f"{found.count(c, name):>14,}" for c in CONCEPTS)


def _table(found: Analysis) -> Iterator[str]:
    model, grid = found.model, found.space
    cells = strongest(found)
    states = grid.names(cells[:MOST_ROWS])
    yield f"{counted(grid.count, 'feasible state')}; a state is one Y or N for each of"
    yield f"  {', '.join(model.options)}"
    yield ""
    if not states:
        yield "No state is an equilibrium under any of the five concepts."
        return
    width = max(len(states[0]), len("equilibrium"))
    yield (
        "equilibrium".ljust(width) + "".join(f"{NAMES[c]:>6}" for c in CONCEPTS) + "  who does what"
    )
    for state, cell in zip(states, cells.tolist(), strict=False):
        bits = int(found.both[cell])
        marks = "".join(f"{'yes' if bits >> c & 1 else '·':>6}" for c in range(len(CONCEPTS)))
        yield f"{state.ljust(width)}{marks}  {state_words(model, state)}"
    if len(cells) > MOST_ROWS:
        yield f"... and {len(cells) - MOST_ROWS:,} more; --json lists all, --count counts them"
    yield ""
    for concept in CONCEPTS:
        yield f"{NAMES[concept]:>5}: {DEFINITIONS[concept]}"


def why_text(model: Model, said: Sequence[Explanation]) -> str:
    """Explanations in sentences."""
    return "\n\n".join("\n  ".join(sentences(model, each)) for each in said)


def routes_text(found: Analysis, start: str, ways: Sequence[Route]) -> str:
    """Which equilibria can be reached, and how."""
    model = found.model
    lines = [f"From {start} ({state_words(model, start)}):"]
    if not ways:
        lines.append("  there is no equilibrium to go to")
    for way in ways:
        concepts = ", ".join(NAMES[c] for c in way.concepts)
        lines.append(f"  {way.state} ({concepts})")
        if way.improvements is not None:
            said = _path_lines(model, way.improvements)
            lines.append("    by improvements only: " + said)
            if way.any_moves is not None and len(way.any_moves) < len(way.improvements):
                lines.append("    faster by any moves: " + _path_lines(model, way.any_moves))
        elif way.any_moves is not None and way.fewest is not None:
            against = [step for step in way.fewest if not step.improvement]
            who = ", ".join(dict.fromkeys(name_of(model, step.mover) for step in against))
            lines.append("    not by improvements only; by any moves: ")
            lines[-1] += _path_lines(model, way.any_moves)
            lines.append(f"    at least {len(against)} of the moves must be against the")
            lines[-1] += f" mover's own preference (here {who})"
        else:
            lines.append("    can't be reached")
        if way.would_open:
            each = ", ".join(way.would_open)
            how = "by improvements" if way.any_moves is not None else "at all"
            lines.append(f"    could be reached {how} if this could be taken back: {each}")
        for number in way.would_open_patterns:
            pattern = model.infeasible[number]
            inside = ", ".join(f"{o}: {'Y' if y else 'N'}" for o, y in pattern.items())
            lines.append(f"    could be reached if this pattern were possible: {{{inside}}}")
    return "\n".join(lines)


def _path_lines(model: Model, path: Sequence[Step]) -> str:
    return path_words(model, path) if path else "it is the status quo"


def change_text(model: Model, needed: Change) -> str:
    """Whose preferences stand in the way."""
    state = needed.state
    if not needed.obstacles:
        return f"{state} is an equilibrium ({NAMES[needed.concept]}); nothing has to change."
    lines = [f"{state} is no equilibrium ({NAMES[needed.concept]}). In the way:"]
    for each in needed.obstacles:
        who = name_of(model, each.name)
        for to, answer in zip(each.undeterred, each.sanctions, strict=True):
            step = Step(each.name, state, to, True)
            lines.append(f"  {who} prefers {to} to {state}: it gains by {deed(model, step)}")
            if answer is not None:
                lines.append(
                    f"    or: {who} would have to like {answer}, which the others can answer with,"
                    f" no better than {state}"
                )
    met = "If each of these ranked the state level with the best they could move to, it would be"
    if needed.enough is not None:
        lines.append(f"{met} an equilibrium." if needed.enough else f"{met} no equilibrium yet:")
        if not needed.enough:
            lines.append("what one prefers is also what makes its threats to others credible.")
    return "\n".join(lines)


def shares_text(drawn: Shares) -> str:
    """States by the share of orders in which they are equilibria."""
    if drawn.exact:
        many = f"all {drawn.orders:,} orders" if drawn.orders > 1 else "the one order"
        lines = [f"In what share of {many} that fit{'s' * (drawn.orders == 1)}:"]
    else:
        shown = (
            f"{drawn.orders:,}" if drawn.orders < 10**9 else f"over 10^{len(str(drawn.orders)) - 1}"
        )
        lines = [
            f"In what share of {drawn.samples:,} of the {shown} orders that fit, drawn with seed "
            f"{drawn.seed} (standard error at most {drawn.error:.1%}):"
        ]
    states = list(dict.fromkeys(state for c in CONCEPTS for state in drawn.share[c]))
    states.sort(key=lambda s: [-drawn.share[c].get(s, 0.0) for c in ("nash", "seq", "gmr")])
    if not states:
        return lines[0] + "\n  no state is ever an equilibrium"
    lines.append(" " * len(states[0]) + "".join(f"{NAMES[c]:>8}" for c in CONCEPTS))
    for state in states[:MOST_ROWS]:
        cells = (f"{drawn.share[c].get(state, 0.0):>8.1%}" for c in CONCEPTS)
        lines.append(state + "".join(cells))
    if len(states) > MOST_ROWS:
        lines.append(f"... and {len(states) - MOST_ROWS:,} more; --json lists them all")
    return "\n".join(lines)


def coalition_text(model: Model, joined: CoalitionStability) -> str:
    """What a coalition changes."""
    who = " and ".join(name_of(model, name) for name in joined.members)
    lines = [f"{who} acting together:"]
    for concept, states in joined.stable.items():
        shown = ", ".join(states[:MOST_ROWS]) + (", ..." if len(states) > MOST_ROWS else "")
        lines.append(
            f"  {NAMES[concept]:>5}: stable for them {len(states):,}: {shown}".rstrip(": ")
        )
    for state, to in list(joined.upset.items())[:MOST_ROWS]:
        lines.append(f"  They would upset the equilibrium {state} by going to {to}.")
    if not joined.upset:
        lines.append("  No equilibrium (Nash or SEQ) is upset by them.")
    return "\n".join(lines)
