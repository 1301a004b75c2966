"""Results in sentences a non-specialist reads."""

from __future__ import annotations

from collections.abc import Sequence

from detente.solve.conflict.model import Model
from detente.solve.conflict.paths import Step
from detente.solve.conflict.why import Answer, Explanation

NAMES = {
    "nash": "Nash",
    "gmr": "GMR",
    "smr": "SMR",
    "seq": "SEQ",
    "sseq": "SSEQ",
}

_UNDETERRED = {
    "nash": "",
    "gmr": ", and nothing the others can do would take that gain away",
    "smr": ", and no answer of the others would hold {it} down",
    "seq": ", and the others have no answer that they gain from and that takes it away",
    "sseq": ", and the others have no answer that they gain from and that would hold {it} down",
}


def name_of(model: Model, name: str) -> str:
    """How to speak of a decision maker."""
    return model.words.get(name) or name.replace("_", " ")


def doing(model: Model, option: str, taken: bool) -> str:
    """Taking or dropping an option as a gerund: "escalating", "no longer escalating"."""
    said = model.words.get(option)
    if said:
        return said if taken else f"no longer {said}"
    return f"{'choosing' if taken else 'giving up'} “{option.replace('_', ' ')}”"


def deed(model: Model, step: Step) -> str:
    """What a mover does in a step."""
    changed = [
        (option, new == "Y")
        for option, old, new in zip(model.options, step.before, step.to, strict=True)
        if old != new
    ]
    dropped = [doing(model, option, False) for option, taken in changed if not taken]
    taken_up = [doing(model, option, True) for option, taken in changed if taken]
    return _list([*dropped, *taken_up])


def _list(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def state_words(model: Model, state: str) -> str:
    """Who does what in a state: `Syria: escalate; Iraq: nothing`."""
    at = iter(state)
    said = []
    for name, owned in model.decision_makers.items():
        taken = [option.replace("_", " ") for option in owned if next(at) == "Y"]
        said.append(f"{name_of(model, name)}: {', '.join(taken) or 'nothing'}")
    return "; ".join(said)


def path_words(model: Model, path: Sequence[Step]) -> str:
    """The moves of a path, who makes them first."""
    return ", then ".join(f"{name_of(model, step.mover)} by {deed(model, step)}" for step in path)


def sentences(model: Model, said: Explanation) -> list[str]:
    """An explanation, one sentence for each improvement, after its verdict."""
    who = name_of(model, said.name)
    verdict = "stable" if said.stable else "not stable"
    lines = [f"{said.state} is {verdict} for {who} ({NAMES[said.concept]})."]
    if not said.answers:
        lines.append(f"{who} has no move that it would gain from.")
    return lines + [_sentence(model, who, said.concept, answer) for answer in said.answers]


def _sentence(model: Model, who: str, concept: str, answer: Answer) -> str:
    gain = f"{who} would gain by {deed(model, answer.move)} (to {answer.move.to})"
    if answer.sanction is None:
        return gain + _UNDETERRED[concept].format(it=who) + "."
    first, *rest = answer.sanction
    then = f"{name_of(model, first.mover)} can answer by {deed(model, first)}"
    if rest:
        then += f", then {path_words(model, rest)}"
    after = "worse off than now" if answer.leaves == "worse" else "no better off than now"
    end = f", which leaves {who} {after}"
    if concept in ("smr", "sseq"):
        end += " with no way out"
    return f"{gain}, but {then}{end} ({answer.sanction[-1].to})."
