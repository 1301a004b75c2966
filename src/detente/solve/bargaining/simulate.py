"""Playing a bargaining problem out, with NegMAS (Mohammad, Nakadai & Greenwald 2021).

NegMAS comes with the extra `detente[simulate]`. Its strategies know only their own values, and
concede over time; what they agree on is a sample of what bargaining does, beside what it ought
to do by one definition or another.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from detente.solve.bargaining.model import Model, Range
from detente.solve.plain import ModelError, Wrong, exact, nearest

STRATEGIES = {
    "boulware": "BoulwareTBNegotiator",
    "conceder": "ConcederTBNegotiator",
    "linear": "LinearTBNegotiator",
    "micro": "MiCRONegotiator",
    "random": "RandomNegotiator",
    "tit-for-tat": "NaiveTitForTatNegotiator",
    "tough": "ToughNegotiator",
}
"""Strategies and NegMAS's names for them: late, early or even concessions (Faratin, Sierra &
Jennings 1998), no more than the other side (MiCRO: de Jonge 2022; tit for tat), offers at random,
no concession at all."""

DEFAULT = "boulware"
MOST_PACKAGES = 100_000
"""Packages a model may have to be played: NegMAS's strategies list and sort them all."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Landing:
    """A package agreements landed on.

    count      : in how many of the plays
    acceptable : in how many of these it was acceptable to all, with the values of the play
    step       : mean round in which it was agreed, from 1
    """

    package: dict[str, str]
    count: int
    acceptable: int
    step: float


@dataclass(frozen=True)
class Play:
    """Where many plays of one model ended.

    strategies : party -> strategy
    landings   : the commonest first
    none       : plays that ended without agreement
    """

    strategies: dict[str, str]
    rounds: int
    times: int
    seed: int
    landings: tuple[Landing, ...]
    none: int


def to_negmas(model: Model) -> list[Any]:
    """One additive utility function of NegMAS for each party, on one outcome space.

    Walk-aways become reserved values. Raises ModelError where values are open, or where there
    are constraints, which NegMAS's outcome spaces do not have; ImportError without NegMAS.
    """
    _negmas()
    if model.open:
        raise ModelError(Wrong((), "NegMAS takes exact values, and some are left open"))
    if model.nogoods:
        what = "NegMAS's outcome spaces have no constraints between issues"
        key = "forbidden" if model.forbidden else "requires"
        raise ModelError(Wrong((key,), what, "Play it instead: constraints are kept there."))
    from negmas.outcomes import make_issue, make_os
    from negmas.preferences import LinearAdditiveUtilityFunction

    issues = [make_issue(name=name, values=list(options)) for name, options in model.issues.items()]
    place = make_os(issues)
    return [
        LinearAdditiveUtilityFunction(
            values={
                issue: {option: _float(value) for option, value in options.items()}
                for issue, options in model.values[party].items()
            },
            weights=dict.fromkeys(model.issues, 1.0),
            outcome_space=place,
            reserved_value=_float(model.limit(party)),
            name=party,
        )
        for party in model.parties
    ]


def from_negmas(ufuns: Sequence[Any], parties: Sequence[str] | None = None) -> Model:
    """The model that NegMAS's additive utility functions describe, one for each party.

    parties : their names; else the functions' own, or p0, p1, ...
    Raises ModelError where a function is not additive over discrete issues.
    """
    names = list(parties or [str(u.name or f"p{n}") for n, u in enumerate(ufuns)])
    if len(set(names)) < len(ufuns):
        names = [f"p{n}" for n in range(len(ufuns))]
    wrongs = []
    for name, ufun in zip(names, ufuns, strict=True):
        if not hasattr(ufun, "weights") or not hasattr(ufun, "values"):
            kind = type(ufun).__name__
            what = f"{name}'s is a {kind}, which does not add up over issues"
            wrongs.append(Wrong((name,), what, "Give LinearAdditiveUtilityFunction objects."))
    if not ufuns or wrongs:
        raise ModelError(wrongs or [Wrong((), "there is no utility function")])
    space = ufuns[0].outcome_space
    if any(not issue.is_discrete() for issue in space.issues):
        what = "an issue takes any number between two, and packages have options"
        raise ModelError(Wrong((), what, "Make the outcome space discrete first."))
    issues = {issue.name: {str(value): value for value in issue.all} for issue in space.issues}
    values: dict[str, dict[str, dict[str, Fraction | Range]]] = {}
    walk_away: dict[str, Fraction | Range] = {}
    for name, ufun in zip(names, ufuns, strict=True):
        extra = _number(getattr(ufun, "_bias", 0.0) or 0.0, name)
        values[name] = {}
        for n, (issue, options) in enumerate(issues.items()):
            weight = _number(ufun.weights[n], name)
            values[name][issue] = {
                option: weight * _number(ufun.values[n](value), name) + (0 if n else extra)
                for option, value in options.items()
            }
        reserved = float(ufun.reserved_value)
        if reserved > float("-inf"):
            walk_away[name] = _number(reserved, name)
        else:
            walk_away[name] = sum(
                (min(_known(v) for v in of.values()) for of in values[name].values()), Fraction(0)
            )
    return Model(tuple(names), {i: tuple(o) for i, o in issues.items()}, values, walk_away)


def play(
    model: Model,
    strategies: Mapping[str, str] | None = None,
    *,
    rounds: int = 100,
    times: int = 100,
    seed: int = 0,
    progress: Progress | None = None,
) -> Play:
    """Alternating offers (Rubinstein 1982) until all accept or the rounds are over, many times.

    Each play begins with another party, in turn. Where values are open, each play draws them
    anew from all that fit. With exact values and strategies that leave nothing to chance the
    plays differ only by who begins.

    strategies : party -> one of STRATEGIES; DEFAULT where nothing is said
    rounds     : the deadline; in a round each party has its turn
    Raises ModelError on an unknown strategy, or with too many packages; ImportError without
    NegMAS.
    """
    _negmas()
    chosen = _strategies(model, strategies or {})
    packages = _packages(model)
    drawn = _draws(model, times, seed)
    landed: dict[int, list[int]] = {}
    good: dict[int, int] = {}
    none = 0
    worth: list[list[float]] = []
    for number in range(times):
        if number == 0 or model.open:
            worth = [
                [sum(drawn(number, party, *item) for item in p.items()) for party in model.parties]
                for p in packages
            ]
        walls = [drawn(number, party) for party in model.parties]
        at, step = _once(model, chosen, worth, walls, rounds, number, f"{seed}/{number}")
        if at is None:
            none += 1
        else:
            landed.setdefault(at, []).append(step)
            fine = all(w >= wall - 1e-9 for w, wall in zip(worth[at], walls, strict=True))
            good[at] = good.get(at, 0) + fine
        if progress is not None:
            progress(number + 1, times)
    landings = [
        Landing(packages[at], len(steps), good[at], sum(steps) / len(steps))
        for at, steps in sorted(landed.items(), key=lambda each: (-len(each[1]), each[0]))
    ]
    return Play(chosen, rounds, times, seed, tuple(landings), none)


def _once(
    model: Model,
    chosen: Mapping[str, str],
    worth: Sequence[Sequence[float]],
    walls: Sequence[float],
    rounds: int,
    number: int,
    seed: str,
) -> tuple[int | None, int]:
    """One play: which package, and in which round."""
    import negmas.sao.negotiators as known
    import numpy as np
    from negmas.outcomes import make_issue, make_os
    from negmas.preferences import MappingUtilityFunction
    from negmas.sao import SAOMechanism

    # One issue whose options are the feasible packages: so that constraints hold.
    place = make_os([make_issue(name="package", values=list(range(len(worth))))])
    table = SAOMechanism(outcome_space=place, n_steps=rounds)
    count = len(model.parties)
    state, np_state = random.getstate(), np.random.get_state()
    random.seed(seed)
    np.random.seed(random.randrange(1 << 32))
    try:
        for p in [(number + k) % count for k in range(count)]:
            party = model.parties[p]
            ufun = MappingUtilityFunction(
                {(at,): each[p] for at, each in enumerate(worth)},
                outcome_space=place,
                reserved_value=walls[p],
            )
            table.add(getattr(known, STRATEGIES[chosen[party]])(name=party), ufun=ufun)
        end = table.run()
    finally:
        random.setstate(state)
        np.random.set_state(np_state)
    return (None if end.agreement is None else int(end.agreement[0])), int(end.step) + 1


def _draws(model: Model, times: int, seed: int) -> Callable[..., float]:
    """What (play, party, issue, option) is worth; or (play, party), its walk-away."""
    places: dict[tuple[str, ...], int] = {}
    numbers: Any = None
    if model.open:
        import numpy as np

        from detente.solve.bargaining.sampling import draw

        drawn = draw(model, times, np.random.default_rng(seed))
        places = {name: n for n, name in enumerate(drawn.names)}
        # Draws of a chain come in order; any order is as good.
        numbers = np.random.default_rng(seed).permutation(drawn.numbers)

    def of(number: int, party: str, *item: str) -> float:
        at = places.get((party, *item))
        if at is not None:
            return float(numbers[number, at])
        value = model.values[party][item[0]][item[1]] if item else model.limit(party)
        return _float(value)

    return of


def _strategies(model: Model, given: Mapping[str, str]) -> dict[str, str]:
    wrongs = []
    for party, name in given.items():
        if party not in model.parties:
            what = f"unknown party `{party}`"
            wrongs.append(Wrong(("strategies", party), what, nearest(party, model.parties)))
        elif name not in STRATEGIES:
            what = f"unknown strategy `{name}`"
            wrongs.append(Wrong(("strategies", party), what, nearest(name, STRATEGIES)))
    if wrongs:
        raise ModelError(wrongs)
    return {party: given.get(party, DEFAULT) for party in model.parties}


def _packages(model: Model) -> list[dict[str, str]]:
    if model.combinations > MOST_PACKAGES:
        what = f"{model.combinations:,} combinations; {MOST_PACKAGES:,} is the most to play"
        raise ModelError(Wrong((), what, "NegMAS lists them all. Join issues, or leave some out."))
    every = (
        dict(zip(model.issues, options, strict=True)) for options in product(*model.issues.values())
    )
    nogoods = model.nogoods
    found = [
        package
        for package in every
        if not any(all(package[i] in o for i, o in each.options.items()) for each in nogoods)
    ]
    if not found:
        raise ModelError(Wrong((), "no package meets the constraints; there is nothing to play"))
    return found


def _negmas() -> None:
    try:
        import negmas  # noqa: F401
    except ImportError:
        raise ImportError("playing out needs NegMAS: pip install 'detente[simulate]'") from None


def _float(value: Fraction | Range) -> float:
    assert isinstance(value, Fraction)
    return float(value)


def _known(value: Fraction | Range) -> Fraction:
    assert isinstance(value, Fraction)
    return value


def _number(value: Any, party: str) -> Fraction:
    found = exact(float(value))
    if found is None:
        raise ModelError(Wrong((party,), f"`{value}` is no number"))
    return found
