"""What the model sees of each word, as strings: the word, its ends, its neighbours, and what is known of them."""

import re
from collections.abc import Iterable
from functools import lru_cache

from annotate.prelabel.candidates import Candidate
from annotate.prelabel.crf.learnt import Learnt
from annotate.prelabel.entity_rules.heads import headed_names
from annotate.prelabel.entity_rules.known import known_names
from annotate.prelabel.entity_rules.people import people
from annotate.prelabel.lexicon import lexicon
from annotate.prelabel.words import Words

__all__ = ["FEATURES_VERSION", "items"]

FEATURES_VERSION = "1"  # a model is of use only with the features it was trained on

_LONGEST_END = 5  # code points of a prefix or suffix
_EDGE = "#"
# A consonant with the half letters before it and the signs after it, as readers see it; else a single character.
_AKSHARA = re.compile("(?:[\u0915-\u0939]\u094d)*[\u0915-\u0939][\u0901-\u0903\u093e-\u094d\u0962\u0963]*|.", re.DOTALL)


def items(words: Words, learnt: Learnt) -> list[list[str]]:
    """Describe each word of a sentence.

    Args:
        words: the sentence.
        learnt: names and words of the training data; those of the other folds when the sentence is trained on.

    Returns:
        As many lists as words; strings like `w=दिल्ली`, in no particular order.
    """
    folds, gaps, count = words.fold, words.gap, len(words.fold)
    if not count:
        return []
    traits = lexicon().traits(folds)
    marks = _marks(words)
    evidence = _evidence(words, traits, learnt)
    padded = (_EDGE, _EDGE, *folds, _EDGE, _EDGE)
    masks = (-1, *traits, -1)
    described: list[list[str]] = []
    for at in range(count):
        before2, before, word, after, after2 = padded[at : at + 5]
        left, right = marks[at], marks[at + 1]
        mask_before, mask, mask_after = masks[at : at + 3]
        item = ["bias", *_own(word, mask), *_near("-", before, mask_before), *_near("+", after, mask_after)]
        item += [
            f"-2={before2}",
            f"+2={after2}",
            f"-|={before}|{word}",
            f"|+={word}|{after}",
            f"-+={before}|{after}",
            f"--={before2}|{before}",
            f"++={after}|{after2}",
            f"m-={left}",
            f"m+={right}",
            f"m-+={left}|{right}",
            f"T-={mask_before}|{mask}",
            f"T+={mask}|{mask_after}",
            f"T-+={mask_before}|{mask_after}",
            f"g={gaps[at]}",
        ]
        item += evidence[at]
        if at:
            item += ["-" + seen for seen in evidence[at - 1]]
        if at + 1 < count:
            item += ["+" + seen for seen in evidence[at + 1]]
        described.append(item)
    return described


def _marks(words: Words) -> list[str]:
    """What stands before each word besides white space, and behind the last."""
    edges = [0, *words.end], [*words.start, len(words.text)]
    marks = ["".join(words.text[start:end].split()) for start, end in zip(*edges, strict=True)]
    marks[0] = "^" + marks[0]
    marks[-1] += "$"
    return [mark[:3] for mark in marks]


@lru_cache(maxsize=1 << 15)
def _own(word: str, mask: int) -> tuple[str, ...]:
    aksharas = _AKSHARA.findall(word)
    ends = range(1, min(_LONGEST_END, len(word)) + 1)
    return (
        f"w={word}",
        *(f"p{size}={word[:size]}" for size in ends),
        *(f"s{size}={word[-size:]}" for size in ends),
        *(f"a{size}={''.join(aksharas[:size])}" for size in (1, 2)),
        *(f"z{size}={''.join(aksharas[-size:])}" for size in (1, 2, 3)),
        f"sh={_shape(word)}",
        f"n={min(len(aksharas), 6)}",
        f"T={mask}",
        *(f"t={bit}" for bit in range(mask.bit_length()) if mask >> bit & 1),
    )


@lru_cache(maxsize=1 << 15)
def _near(side: str, word: str, mask: int) -> tuple[str, ...]:
    return (
        f"{side}w={word}",
        f"{side}s2={word[-2:]}",
        f"{side}s3={word[-3:]}",
        f"{side}sh={_shape(word)}",
        f"{side}T={mask}",
        *(f"{side}t={bit}" for bit in range(mask.bit_length() if mask > 0 else 0) if mask >> bit & 1),
    )


def _shape(word: str) -> str:
    if word.isascii():
        return "a" if word.isalpha() else "0" if word.isdigit() else "x"
    return "d" if word[0].isalpha() else "m"


def _evidence(words: Words, traits: list[int], learnt: Learnt) -> list[list[str]]:
    """What gazetteers, patterns and the training data say of each word, as strings without their side."""
    evidence: list[list[str]] = [["L=" + seen] for seen in learnt.words(words.fold)]
    names = list(known_names(words, lexicon(), traits))
    places = frozenset(
        at for name in names if name.label != "PER" and name.score >= 0.5 for at in range(name.first, name.last)
    )
    full = frozenset(name.first for name in names if name.label == "PER" and name.last > name.first + 1)
    _mark(evidence, "K", names)
    _mark(evidence, "P", people(words, traits, places, full))
    _mark(evidence, "H", headed_names(words, traits, places))
    _mark(evidence, "N", learnt.names(words))
    return evidence


def _mark(evidence: list[list[str]], kind: str, finds: Iterable[Candidate]) -> None:
    for find in finds:
        source = find.source.partition(":")[2]
        for at in range(find.first, find.last):
            place = ("B" if at == find.first else "I") + ("E" if at == find.last - 1 else "")
            evidence[at] += (f"{kind}={place}{find.label}", f"{kind}={place}{find.label}{source}")
