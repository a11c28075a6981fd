"""What the model sees of each word, as strings: the word, its ends, its neighbours, and what is known of them.

Every string belongs to a part that depends on little: one word, two neighbours, what stands between them. The training
asks for all strings of a sentence; the running engine asks for the parts, whose weights it adds up once and remembers.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from annotate.prelabel.candidates import Candidate
from annotate.prelabel.crf.learnt import Learnt
from annotate.prelabel.entity_rules.patterns import Patterns
from annotate.prelabel.words import Words

__all__ = ["FEATURES_VERSION", "JOINT", "PARTS", "Joined", "items", "keys"]

FEATURES_VERSION = "2"  # a model is of use only with the features it was trained on

JOINT = "|"

_LONGEST_END = 5  # code points of a prefix or suffix
_EDGE = "#"
# A consonant with the half letters before it and the signs after it, as readers see it; else a single character.
_AKSHARA = re.compile("(?:[\u0915-\u0939]\u094d)*[\u0915-\u0939][\u0901-\u0903\u093e-\u094d\u0962\u0963]*|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Joined:
    """A part that gives one string: words that are joined, behind a prefix that no other part uses."""

    prefix: str

    def __call__(self, *words: str) -> tuple[str]:
        """The one string."""
        return (self.prefix + JOINT.join(words),)


def items(words: Words, patterns: Patterns, learnt: Learnt) -> list[list[str]]:
    """Describe each word of a sentence.

    Args:
        words: the sentence.
        patterns: what the rules know and see of it.
        learnt: names and words of the training data; those of the other folds when the sentence is trained on.

    Returns:
        As many lists as words; strings like `w=दिल्ली`, in no particular order.
    """
    return [
        [string for (_, part), key in zip(PARTS, row, strict=True) for string in part(*key)]
        for row in zip(*keys(words, patterns, learnt), strict=True)
    ]


def keys(words: Words, patterns: Patterns, learnt: Learnt) -> Iterator[Sequence[tuple[Any, ...]]]:
    """For each of `PARTS` in turn, what it depends on at each word of the sentence."""
    folds, gaps, count = words.fold, words.gap, len(words.fold)
    masks = patterns.traits
    padded = (_EDGE, _EDGE, *folds, _EDGE, _EDGE)
    known = list(zip((_EDGE, *folds, _EDGE), (-1, *masks, -1), strict=True))
    pairs = list(pairwise(padded))
    masked = list(zip((-1, *masks), (*masks, -1), strict=True))
    marks = _marks(words)
    evidence = [("",), *_evidence(words, patterns, learnt), ("",)]
    yield known[1:-1]
    yield known[:-2]
    yield known[2:]
    yield pairs[1 : count + 1]
    yield pairs[2 : count + 2]
    yield list(zip(padded[:count], strict=True))
    yield pairs[:count]
    yield list(zip(padded[4:], strict=True))
    yield pairs[3 : count + 3]
    yield list(zip(padded[1:-3], padded[3:-1], strict=True))
    yield masked[:-1]
    yield masked[1:]
    yield list(zip((-1, *masks[:-1]), (*masks[1:], -1), strict=True))
    yield list(zip(gaps, marks[:-1], marks[1:], strict=True))
    yield evidence[1:-1]
    yield evidence[:-2]
    yield evidence[2:]


def _marks(words: Words) -> list[str]:
    """What stands before each word besides white space, and behind the last."""
    text = words.text
    marks = [
        "" if (between := text[end:start]) == " " else "".join(between.split())[:3]
        for end, start in zip((0, *words.end), (*words.start, len(text)), strict=True)
    ]
    marks[0] = ("^" + marks[0])[:3]
    marks[-1] = (marks[-1] + "$")[:3]
    return marks


def _own(word: str, mask: int) -> Iterator[str]:
    aksharas = _AKSHARA.findall(word)
    yield f"w={word}"
    for size in range(1, min(_LONGEST_END, len(word)) + 1):
        yield f"p{size}={word[:size]}"
        yield f"s{size}={word[-size:]}"
    for size in (1, 2):
        yield f"a{size}={''.join(aksharas[:size])}"
    for size in (1, 2, 3):
        yield f"z{size}={''.join(aksharas[-size:])}"
    yield from ("bias", f"sh={_shape(word)}", f"n={min(len(aksharas), 6)}", f"T={mask}")
    yield from _bits("", mask)


def _before(word: str, mask: int) -> Iterator[str]:
    return _near("-", word, mask)


def _after(word: str, mask: int) -> Iterator[str]:
    return _near("+", word, mask)


def _near(side: str, word: str, mask: int) -> Iterator[str]:
    yield f"{side}w={word}"
    yield f"{side}s2={word[-2:]}"
    yield f"{side}s3={word[-3:]}"
    yield f"{side}sh={_shape(word)}"
    yield f"{side}T={mask}"
    yield from _bits(side, mask)


def _bits(side: str, mask: int) -> Iterator[str]:
    return (f"{side}t={bit}" for bit in range(mask.bit_length() if mask > 0 else 0) if mask >> bit & 1)


def _shape(word: str) -> str:
    if word.isascii():
        return "a" if word.isalpha() else "0" if word.isdigit() else "x"
    return "d" if word[0].isalpha() else "m"


def _known_before(before: int, mask: int) -> tuple[str, ...]:
    return (f"T-={before}|{mask}",)


def _known_after(mask: int, after: int) -> tuple[str, ...]:
    return (f"T+={mask}|{after}",)


def _known_around(before: int, after: int) -> tuple[str, ...]:
    return (f"T-+={before}|{after}",)


def _between(gap: int, left: str, right: str) -> tuple[str, ...]:
    return f"m-={left}", f"m+={right}", f"m-+={left}|{right}", f"g={gap}"


def _seen(*evidence: str) -> Iterable[str]:
    return filter(None, evidence)


def _seen_before(*evidence: str) -> Iterator[str]:
    return ("-" + seen for seen in evidence if seen)


def _seen_after(*evidence: str) -> Iterator[str]:
    return ("+" + seen for seen in evidence if seen)


# By name; each gives the strings of what `keys` says it depends on.
PARTS: tuple[tuple[str, Callable[..., Iterable[str]]], ...] = (
    ("own", _own), ("before", _before), ("after", _after),
    ("with-before", Joined("-|=")), ("with-after", Joined("|+=")),
    ("second-before", Joined("-2=")), ("two-before", Joined("--=")),
    ("second-after", Joined("+2=")), ("two-after", Joined("++=")), ("around", Joined("-+=")),
    ("known-before", _known_before), ("known-after", _known_after), ("known-around", _known_around),
    ("between", _between),
    ("seen", _seen), ("seen-before", _seen_before), ("seen-after", _seen_after),
)  # fmt: skip


def _evidence(words: Words, patterns: Patterns, learnt: Learnt) -> list[tuple[str, ...]]:
    """What gazetteers, patterns and the training data say of each word, as strings without their side."""
    evidence = [["L=" + seen] for seen in learnt.words(words.fold)]
    _mark(evidence, "K", patterns.names)
    _mark(evidence, "P", patterns.people)
    _mark(evidence, "H", patterns.headed)
    _mark(evidence, "N", learnt.names(words))
    return list(map(tuple, evidence))


def _mark(evidence: list[list[str]], kind: str, finds: Iterable[Candidate]) -> None:
    for find in finds:
        first, last, label, _, source = find
        for at in range(first, last):
            evidence[at] += _said_at(kind, at == first, at == last - 1, label, source)


@lru_cache(maxsize=1 << 12)
def _said_at(kind: str, begins: bool, ends: bool, label: str, source: str) -> tuple[str, str]:
    said = f"{kind}={'B' if begins else 'I'}{'E' if ends else ''}{label}"
    return said, said + source.partition(":")[2]
