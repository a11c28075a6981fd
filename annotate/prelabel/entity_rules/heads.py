"""Bodies and places by the head of their name: गृह मंत्रालय, … विश्वविद्यालय, … जिला, … स्टेडियम."""

from collections.abc import Iterator

from annotate.prelabel.candidates import Candidate
from annotate.prelabel.lexicon import Trait
from annotate.prelabel.words import BREAK, DOT, HYPHEN, SPACE, Words

__all__ = ["headed_names"]

_LONGEST = 7
_OF = frozenset(("ओफ", "of"))
_STOPS = Trait.FUNCTION | Trait.TITLE


def headed_names(words: Words, traits: list[int], places: frozenset[int]) -> Iterator[Candidate]:
    """Yield names that end in the head of a body or of a place.

    Args:
        words: the sentence.
        traits: what is known of each word.
        places: words of known places; they may stand within the name of a body.
    """
    for at, trait in enumerate(traits):
        if trait & Trait.ORGANISATION_HEAD:
            yield from _body(words, traits, places, at)
        if trait & Trait.PLACE_HEAD and at and words.gap[at] in (SPACE, HYPHEN):
            yield from _place(words, traits, places, at)


def _body(words: Words, traits: list[int], places: frozenset[int], head: int) -> Iterator[Candidate]:
    first = head
    while first and head - first < _LONGEST and words.gap[first] in (SPACE, HYPHEN, DOT):
        before = traits[first - 1]
        joins = before & Trait.CONNECTOR and first - 1 and traits[first - 2] & Trait.MODIFIER and first < head
        if not (joins or _may_modify(words, traits, places, first - 1)):
            break
        first -= 1
    while first < head and traits[first] & Trait.CONNECTOR:
        first += 1
    last = _with_of(words, traits, head)
    if first == head and last == head + 1:
        return
    inner = range(first, head)
    named = [at for at in inner if _is_name(words, traits, places, at)] or last > head + 1
    modified = [at for at in inner if traits[at] & Trait.MODIFIER]
    if traits[head] & Trait.PROPER_HEAD and (named or modified):
        yield Candidate(first, last, "ORG", 0.88 if modified or named else 0.7, "rules:body-head")
    elif named and not _plural(words.fold[head]):
        yield Candidate(first, last, "ORG", 0.72, "rules:body-head")
    elif len(modified) > 1:
        yield Candidate(first, last, "ORG", 0.6, "rules:body-head")


def _may_modify(words: Words, traits: list[int], places: frozenset[int], at: int) -> bool:
    trait = traits[at]
    if trait & (Trait.MODIFIER | Trait.NAME | Trait.INITIAL) or at in places:
        return not trait & Trait.FUNCTION or words.gap[at + 1] == DOT
    return _is_name(words, traits, places, at)


def _is_name(words: Words, traits: list[int], places: frozenset[int], at: int) -> bool:
    trait = traits[at]
    if at in places:
        return True
    if trait & (_STOPS | Trait.MODIFIER | Trait.ORDINARY | Trait.CONNECTOR | Trait.DEMONYM | Trait.ORGANISATION_HEAD):
        return False
    word = words.fold[at]
    return not word[0].isdigit() and not _plural(word)


def _with_of(words: Words, traits: list[int], head: int) -> int:
    """Go on over ऑफ and the name after it: बैंक ऑफ बड़ौदा."""
    last = head + 1
    if last + 1 < len(words.fold) and words.fold[last] in _OF and words.gap[last] == words.gap[last + 1] == SPACE:
        last += 2
        while last < len(words.fold) and words.gap[last] == SPACE and not traits[last] & (_STOPS | Trait.ORDINARY):
            last += 1
    return last


def _plural(word: str) -> bool:
    return len(word) > 3 and word.endswith(("ों", "ओं"))


def _place(words: Words, traits: list[int], places: frozenset[int], head: int) -> Iterator[Candidate]:
    first = head
    while first and head - first < 3 and words.gap[first] in (SPACE, HYPHEN, DOT):
        if not (_is_name(words, traits, places, first - 1) or _name_only(traits[first - 1])):
            break
        first -= 1
    if first == head:
        return
    if traits[head] & Trait.PLACE_INSIDE:
        yield Candidate(first, head + 1, "LOC", 0.75, "rules:place-head")
    elif head - first <= 2 and words.gap[first] != BREAK | SPACE:
        yield Candidate(first, head, "LOC", 0.72, "rules:place-head")


def _name_only(trait: int) -> bool:
    return bool(trait & Trait.NAME) and not trait & Trait.ORDINARY
