"""Names that stand in a gazetteer, found by longest match."""

from collections.abc import Iterator

from annotate.prelabel.candidates import Candidate
from annotate.prelabel.lexicon import Lexicon, Trait
from annotate.prelabel.words import OPEN, QUOTE, Words

__all__ = ["known_names"]


def known_names(words: Words, lexicon: Lexicon, traits: list[int]) -> Iterator[Candidate]:
    """Yield the longest known name that starts at each word, also within other names."""
    longest, names, folds, gaps = lexicon.longest, lexicon.names, words.fold, words.gap
    count = len(folds)
    for first in [at for at, word in enumerate(folds) if word in longest]:
        reach = longest[folds[first]]
        last = first + 1
        while last < min(count, first + reach) and gaps[last] < QUOTE:
            last += 1
        while last > first:
            known = names.get(folds[first:last])
            if known and (last == first + 1 or _whole(words, first, last)):
                score = known.score
                if score < 0.5 and _borne_out(traits, last, known.label):
                    score = 0.7
                yield Candidate(first, last, known.label, score, f"rules:{known.source}")
                break
            last -= 1


def _whole(words: Words, first: int, last: int) -> bool:
    opened = sum(gap == OPEN for gap in words.gap[first + 1 : last])
    return not opened or words.text[words.end[last - 1] : words.end[last - 1] + 1] == ")"


def _borne_out(traits: list[int], last: int, label: str) -> bool:
    """Tell whether the next word shows an ordinary word to be a name: कोटा जिले, आप सांसद."""
    after = traits[last] if last < len(traits) else 0
    if label == "LOC":
        return bool(after & Trait.PLACE_OUTSIDE)
    return label == "ORG" and bool(after & Trait.TITLE and after & Trait.PERSON_NOUN)
