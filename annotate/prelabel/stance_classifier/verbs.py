"""The verb that closes a clause: which one it is and how it tells what happens, read from its ending alone."""

from functools import lru_cache
from typing import NamedTuple

from annotate.prelabel.stance_rules.clause import Reading
from annotate.prelabel.stance_rules.cues import WordSet

__all__ = ["STEM", "Verb", "closing_verb", "is_auxiliary"]

STEM = 4  # code points that inflected forms of a word mostly share


class Verb(NamedTuple):
    """How a clause tells it (`going-on`, `habit`, `done` …), and the stem of its verb without auxiliaries."""

    aspect: str
    stem: str


_AUXILIARIES = WordSet("""
है हैं हूं हो था थे थी थीं गया गई गए गयी गये जाए जा रहा रही रहे चुका चुकी चुके दिया दी दिए लिया ली लिए पड़ा पड़ी पड़े
सका सकी सके सकता सकती सकते कर
""")
_PRESENT, _PAST, _GOING_ON = WordSet("है हैं हूं"), WordSet("था थे थी थीं"), WordSet("रहा रही रहे")
_HABIT = ("ता", "ते", "ति", "ती")
_ENDINGS = (
    ("future", ("ेगा", "ेगि", "ेंगे", "ूंगा", "ूंगि", "ोगे", "ाएगा", "ाएंगे", "ाएगि")),
    ("wish", ("चाहिए", "ें", "ाए", "ाएं")),
)
_DONE = ("ा", "े", "ी", "ि", "ई", "ए", "ीं", "ईं")


@lru_cache(maxsize=1 << 15)
def is_auxiliary(word: str) -> bool:
    """Tell whether a folded word only helps a verb."""
    return word in _AUXILIARIES


def closing_verb(reading: Reading, start: int, end: int) -> Verb:
    """Read the verb that closes the clause of words `start` to before `end`."""
    words, at = reading.fold, end - 1
    while at > start and words[at] in reading.grammar.that:
        at -= 1
    if at < start:
        return Verb("none", "")
    aspect = _aspect(words[at], words[at - 1] if at > start else "")
    while at > start and is_auxiliary(words[at]):
        at -= 1
    return Verb(aspect, words[at][:STEM])


@lru_cache(maxsize=1 << 15)
def _aspect(last: str, before: str) -> str:
    if last in _GOING_ON or before in _GOING_ON:
        return "going-on"
    for name, endings in _ENDINGS:
        if last.endswith(endings):
            return name
    if is_auxiliary(last) and before.endswith(_HABIT):
        return "habit"
    if last in _PRESENT:
        return "present"
    if last in _PAST:
        return "past"
    return "done" if last.endswith(_DONE) else "none"
