"""Sentences as they read to a lexicon that lacks some of their words.

The rules know most cues of the corpora that they were written beside, and far fewer of other texts. A model that is
trained on the corpora as they are learns to believe the rules and little else. So it is also trained on copies in which
a share of the telling words is unknown: what is left are cases, agents, speakers, verbs and the words around.
"""

from hashlib import sha256

from annotate.prelabel.lexicon import Trait
from annotate.prelabel.stance_classifier.features import leaning
from annotate.prelabel.stance_classifier.verbs import STEM
from annotate.prelabel.stance_rules.clause import Reading
from annotate.prelabel.stance_rules.findings import Finding

__all__ = ["with_unknown_words"]

_UNKNOWN = "\u00b7"  # it begins no word of any list; a word's ending stays, by which its inflection is told
_ENDING = 2  # code points


def with_unknown_words(reading: Reading, found: list[Finding], copy: int, share: float) -> Reading | None:
    """Read a sentence as if a share of the words that lean one way or stand in a cue were unknown.

    Which words are unknown hangs on their stem and the number of the copy alone, so that a word is unknown in the whole
    of a copy, as it would be to a lexicon.

    Args:
        reading: the sentence.
        found: what the rules find in it.
        copy: which copy.
        share: of such words, between 0 and 1.

    Returns:
        The sentence with these words made unknown; None when it has none of them.
    """
    words = list(reading.fold)
    telling = {at for finding in found for at in range(finding.first, finding.last)}
    telling |= {at for at, word in enumerate(words) if leaning(word)}
    hidden = [
        at
        for at in sorted(telling)
        if reading.entity_at[at] < 0
        and not reading.traits[at] & Trait.FUNCTION
        and len(words[at]) > _ENDING
        and _drawn(words[at], copy, share)
    ]
    if not hidden:
        return None
    for at in hidden:
        words[at] = _UNKNOWN + words[at][-_ENDING:]
    return Reading(reading.words._replace(fold=tuple(words)), reading.entities, reading.grammar, quoted=reading.quoted)


def _drawn(word: str, copy: int, share: float) -> bool:
    return int.from_bytes(sha256(f"{copy}|{word[:STEM]}".encode()).digest()[:4]) < share * 2**32
