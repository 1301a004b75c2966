"""Whether a demand asks for its matter or against it.

Who demands that something be refused does not want it: "demanded that Peru reject the offer",
"urged Peru not to sign", "warned Peru against signing". Ending what is under way ("stop the
shelling", "lift the ban") is asked for like any other act: the matter is then the end.
"""

from __future__ import annotations

from detente.reading.text import grammar
from detente.reading.text.frames import Frame
from detente.reading.what.lexicon import Lexicon
from detente.record.models import Stance
from detente.record.plover import MoveType


def of(type_: MoveType, frame: Frame, lexicon: Lexicon) -> Stance | None:
    """ "against" of a demand that something be refused; None (for) of every other move."""
    return "against" if type_ is MoveType.REQUEST and _refusal(frame, lexicon) else None


def _refusal(frame: Frame, lexicon: Lexicon) -> bool:
    """Whether a refusal is asked for; a refusal of a refusal asks for the matter."""
    verb = frame.complement
    if verb is not None:
        refusing = lexicon.has_class(grammar.lemma(verb), "refuse_act")
        behind_against = verb.dep_ == "pcomp" and verb.head.lower_ == "against"
        return refusing != grammar.negated(verb) or behind_against
    asked = (*frame.objects, *frame.prepositions.get("for", ()))
    if any(lexicon.has_class(noun.lemma_.lower(), "refusal") for noun in asked):
        return True
    return bool(frame.prepositions.get("against")) and frame.head.lemma_ in _AGAINST


_AGAINST = frozenset("warn advise caution urge counsel appeal plead lobby".split())
