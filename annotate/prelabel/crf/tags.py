"""Names as BIO tags over the words of a sentence, and back."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from annotate.prelabel.candidates import Candidate
from annotate.prelabel.words import Words
from annotate.records import Entity

__all__ = ["OUTSIDE", "finds_of", "on_words", "tags_of"]


OUTSIDE = "O"


def on_words(words: Words, entities: Iterable[Entity]) -> list[Candidate]:
    """Put entities onto the words of their sentence.

    A word partly inside belongs to the entity. An entity that touches no word is dropped, and so is one that shares
    a word with the entity before it.
    """
    finds: list[Candidate] = []
    for entity in entities:
        first, last = bisect_right(words.end, entity.start), bisect_left(words.start, entity.end)
        if first < last and (not finds or finds[-1].last <= first):
            score = 1.0 if entity.score is None else entity.score
            finds.append(Candidate(first, last, entity.label, score, entity.source or ""))
    return finds


def tags_of(finds: Iterable[Candidate], count: int) -> list[str]:
    """Write disjoint finds as one tag per word."""
    tags = [OUTSIDE] * count
    for find in finds:
        tags[find.first : find.last] = [f"B-{find.label}", *[f"I-{find.label}"] * (find.last - find.first - 1)]
    return tags


def finds_of(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Read first word, word behind the last, and label back; an I- that continues nothing starts a name."""
    found: list[tuple[int, int, str]] = []
    label = ""
    for at, tag in enumerate(tags):
        prefix, _, name = tag.partition("-")
        if prefix == "I" and name == label:
            found[-1] = (found[-1][0], at + 1, name)
        elif name:
            found.append((at, at + 1, name))
        label = name
    return found
