"""What the model sees of each word, as strings: the word, its ends, its neighbours, and what is known of them.

Every string belongs to a group that depends on little: one word, two neighbours, what stands between them. What a
group depends on at one place also speaks of the words beside it, so each part of a group says which. The training asks
for all strings of a sentence; the running engine asks for the keys of the groups, whose weights it adds up once and
remembers.

Texts of different kinds follow conventions of their own in what counts as a name. So the parts of a group that say so
are there twice: for texts of any kind, and for those of the kind that the sentence is taken for (Daumé III,
"Frustratingly Easy Domain Adaptation", 2007).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from annotate.prelabel.candidates import Candidate
from annotate.prelabel.crf.kinds import NO_KIND, for_kind
from annotate.prelabel.crf.learnt import Learnt
from annotate.prelabel.entity_rules.patterns import Patterns
from annotate.prelabel.words import Words

__all__ = ["FEATURES_VERSION", "GROUPS", "JOINT", "REACH", "Group", "Joined", "Part", "items", "keys"]

FEATURES_VERSION = "3"  # a model is of use only with the features it was trained on

JOINT = "|"
REACH = 2  # places before the first word and behind the last that have keys too

_LONGEST_END = 5  # code points of a prefix or suffix
_EDGE = "#"
# A consonant with the half letters before it and the signs after it, as readers see it; else a single character.
_AKSHARA = re.compile("(?:[\u0915-\u0939]\u094d)*[\u0915-\u0939][\u0901-\u0903\u093e-\u094d\u0962\u0963]*|.", re.DOTALL)


class Joined:
    """A part that gives one string: words that are joined, behind a prefix that no other part uses."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def __call__(self, *words: str) -> tuple[str]:
        """The one string."""
        return (self.prefix + JOINT.join(words),)


class Part(NamedTuple):
    """Strings that a key gives, and of which word they speak, counted from the key's place."""

    name: str
    of: int
    strings: Callable[..., Iterable[str]]


class Group(NamedTuple):
    """Parts that depend on the same key."""

    name: str
    parts: tuple[Part, ...]
    by_kind: bool  # whether the strings are there for each kind of text too


Key = tuple[Any, ...] | None  # None where the group has nothing to say


def items(words: Words, patterns: Patterns, learnt: Learnt, kind: int) -> list[list[str]]:
    """Describe each word of a sentence.

    Args:
        words: the sentence.
        patterns: what the rules know and see of it.
        learnt: names and words of the training data; those of the other folds when the sentence is trained on.
        kind: the number of the kind of text that it is taken for, or `NO_KIND`.

    Returns:
        As many lists as words; strings like `w=दिल्ली`, in no particular order.
    """
    count = len(words.fold)
    described: list[list[str]] = [[] for _ in range(count)]
    for group, row in zip(GROUPS, keys(words, patterns, learnt), strict=True):
        for place, key in enumerate(row, -REACH):
            if key is None:
                continue
            for part in group.parts:
                if 0 <= place + part.of < count:
                    strings = list(part.strings(*key))
                    described[place + part.of] += strings
                    if group.by_kind and kind != NO_KIND:
                        described[place + part.of] += [for_kind(kind, string) for string in strings]
    return described


def keys(words: Words, patterns: Patterns, learnt: Learnt) -> Iterator[Sequence[Key]]:
    """For each of `GROUPS` in turn, what it depends on at each place: those of the words and `REACH` on each side."""
    edge = (None,) * REACH
    padded = (_EDGE,) * REACH + words.fold + (_EDGE,) * REACH
    masks = (-1, *patterns.traits, -1)
    yield list(zip(padded, (-1, *masks, -1), strict=True))
    yield [*pairwise(padded), None]
    yield (None, *zip(padded[:-2], padded[2:], strict=True), None)
    yield (None, *pairwise(masks), *edge)
    yield (*edge, *zip(masks[:-2], masks[2:], strict=True), *edge)
    yield (*edge, *between(words), *edge)
    yield (*edge, *evidence(words, patterns, learnt), *edge)


def between(words: Words) -> list[tuple[int, str, str]]:
    """For each word the gap before it and what stands on either side of it besides white space."""
    text, gaps = words.text, words.gap
    marks = [
        "" if (between := text[end:start]) == " " else "".join(between.split())[:3]
        for end, start in zip((0, *words.end), (*words.start, len(text)), strict=True)
    ]
    marks[0] = ("^" + marks[0])[:3]
    marks[-1] = (marks[-1] + "$")[:3]
    return list(zip(gaps, marks[:-1], marks[1:], strict=True))


def evidence(words: Words, patterns: Patterns, learnt: Learnt) -> list[tuple[str, ...]]:
    """What gazetteers, patterns and the training data say of each word, as strings without their side."""
    said = learnt.words(words.fold)
    _mark(said, "K", patterns.names)
    _mark(said, "P", patterns.people)
    _mark(said, "H", patterns.headed)
    _mark(said, "N", learnt.names(words))
    return said


def _mark(said: list[tuple[str, ...]], kind: str, finds: Iterable[Candidate]) -> None:
    for first, last, label, _, source in finds:
        for at in range(first, last):
            said[at] += _said_at(kind, at == first, at == last - 1, label, source)


@lru_cache(maxsize=1 << 12)
def _said_at(kind: str, begins: bool, ends: bool, label: str, source: str) -> tuple[str, str]:
    said = f"{kind}={'B' if begins else 'I'}{'E' if ends else ''}{label}"
    return said, said + source.partition(":")[2]


def _own(word: str, mask: int) -> list[str]:
    aksharas = _AKSHARA.findall(word)
    strings = [f"w={word}", "bias", f"sh={_shape(word)}", f"n={min(len(aksharas), 6)}", f"T={mask}", *_bits("", mask)]
    for size in range(1, min(_LONGEST_END, len(word)) + 1):
        strings.append(f"p{size}={word[:size]}")
        strings.append(f"s{size}={word[-size:]}")
    for size in (1, 2):
        strings.append(f"a{size}={''.join(aksharas[:size])}")
    for size in (1, 2, 3):
        strings.append(f"z{size}={''.join(aksharas[-size:])}")
    return strings


def _before(word: str, mask: int) -> list[str]:
    return _near("-", word, mask)


def _after(word: str, mask: int) -> list[str]:
    return _near("+", word, mask)


def _near(side: str, word: str, mask: int) -> list[str]:
    ends = [f"{side}w={word}", f"{side}s2={word[-2:]}", f"{side}s3={word[-3:]}", f"{side}sh={_shape(word)}"]
    return [*ends, f"{side}T={mask}", *_bits(side, mask)]


@lru_cache(maxsize=1 << 12)
def _bits(side: str, mask: int) -> tuple[str, ...]:
    return tuple(f"{side}t={bit}" for bit in range(mask.bit_length() if mask > 0 else 0) if mask >> bit & 1)


def _shape(word: str) -> str:
    if word.isascii():
        return "a" if word.isalpha() else "0" if word.isdigit() else "x"
    return "d" if word[0].isalpha() else "m"


def _second_before(word: str, _: int) -> tuple[str]:
    return (f"-2={word}",)


def _second_after(word: str, _: int) -> tuple[str]:
    return (f"+2={word}",)


def _known_before(before: int, mask: int) -> tuple[str]:
    return (f"T-={before}|{mask}",)


def _known_after(mask: int, after: int) -> tuple[str]:
    return (f"T+={mask}|{after}",)


def _known_around(before: int, after: int) -> tuple[str]:
    return (f"T-+={before}|{after}",)


def _between(gap: int, left: str, right: str) -> tuple[str, ...]:
    return f"m-={left}", f"m+={right}", f"m-+={left}|{right}", f"g={gap}"


def _seen(*evidence: str) -> tuple[str, ...]:
    return evidence


def _seen_before(*evidence: str) -> Iterator[str]:
    return map("-".__add__, evidence)


def _seen_after(*evidence: str) -> Iterator[str]:
    return map("+".__add__, evidence)


# In the order of `keys`.
GROUPS = (
    Group("word", (
        Part("own", 0, _own), Part("before", 1, _before), Part("after", -1, _after),
        Part("second-before", 2, _second_before), Part("second-after", -2, _second_after),
    ), by_kind=True),
    Group("neighbours", (
        Part("with-before", 1, Joined("-|=")), Part("with-after", 0, Joined("|+=")),
        Part("two-before", 2, Joined("--=")), Part("two-after", -1, Joined("++=")),
    ), by_kind=False),
    Group("around", (Part("around", 0, Joined("-+=")),), by_kind=False),
    Group("known", (Part("known-before", 1, _known_before), Part("known-after", 0, _known_after)), by_kind=False),
    Group("known-around", (Part("known-around", 0, _known_around),), by_kind=False),
    Group("between", (Part("between", 0, _between),), by_kind=True),
    Group("evidence", (
        Part("seen", 0, _seen), Part("seen-before", 1, _seen_before), Part("seen-after", -1, _seen_after),
    ), by_kind=True),
)  # fmt: skip
