"""Bodies and places by the head of their name: गृह मंत्रालय, … विश्वविद्यालय, … जिला, … स्टेडियम."""

from collections.abc import Iterator

from annotate.prelabel.candidates import Candidate
from annotate.prelabel.lexicon import Trait, lexicon
from annotate.prelabel.words import DOT, HYPHEN, SPACE, Words

__all__ = ["headed_names"]

_LONGEST = 7
_HEAD = Trait.ORGANISATION_HEAD | Trait.COMPANY_LIKE | Trait.PLACE_HEAD
_STOPS = Trait.FUNCTION | Trait.TITLE
_NO_NAME = (
    _STOPS | Trait.MODIFIER | Trait.ORDINARY | Trait.CONNECTOR | Trait.DEMONYM | Trait.ORGANISATION_HEAD
    | Trait.INFLECTED
)  # fmt: skip
_NOT_IN_BODY = _STOPS | Trait.OUTSIDE_BODIES | Trait.INFLECTED | Trait.DEMONYM


def headed_names(words: Words, traits: list[int], places: frozenset[int]) -> Iterator[Candidate]:
    """Yield names that end in the head of a body or of a place.

    Args:
        words: the sentence.
        traits: what is known of each word.
        places: words of known places; they may stand within the name of a body.
    """
    for at, trait in [(at, trait) for at, trait in enumerate(traits) if trait & _HEAD]:
        joined = at + 1 < len(traits) and words.gap[at + 1] == HYPHEN
        if trait & Trait.ORGANISATION_HEAD and not joined:
            yield from _body(words, traits, places, at)
        if trait & Trait.COMPANY_LIKE and at and words.gap[at] == SPACE and not traits[at - 1]:
            yield Candidate(at - 1, at + 1, "ORG", 0.6, "rules:company-ending")
        if trait & Trait.PLACE_HEAD and at and words.gap[at] in (SPACE, HYPHEN):
            yield from _place(words, traits, places, at)


def _body(words: Words, traits: list[int], places: frozenset[int], head: int) -> Iterator[Candidate]:
    first = _first_of_body(words, traits, places, head)
    last = _with_of(words, traits, head)
    if (first == head and last == head + 1) or _announces(words, traits, places, head):
        return
    named = last > head + 1 or any(_is_name(words, traits, places, at) for at in range(first, head))
    modified = sum(bool(trait & Trait.MODIFIER) for trait in traits[first:head])
    if traits[head] & Trait.PROPER_HEAD and (named or modified):
        yield Candidate(first, last, "ORG", 0.88, "rules:body-head")
    elif named:
        yield Candidate(first, last, "ORG", 0.72, "rules:body-head")
    elif modified > 1 or (modified and head - first > 1):
        yield Candidate(first, last, "ORG", 0.6, "rules:body-head")


def _announces(words: Words, traits: list[int], places: frozenset[int], head: int) -> bool:
    """Tell a common noun that a name follows: ठेका कंपनी नीलकेतु."""
    after = head + 1
    named = after < len(traits) and words.gap[after] == SPACE and _is_name(words, traits, places, after)
    return named and bool(traits[head] & Trait.BODY_NOUN)


def _first_of_body(words: Words, traits: list[int], places: frozenset[int], head: int) -> int:
    """Where the name of the body starts: the farthest fitting word, ordinary nouns between allowed."""
    first = at = head
    while at and head - at < _LONGEST and words.gap[at] in (SPACE, HYPHEN, DOT):
        at -= 1
        trait = traits[at]
        if _starts_body(words, traits, places, at):
            first = at
        elif trait & Trait.CONNECTOR and at and traits[at - 1] & Trait.MODIFIER and at + 1 < head:
            continue
        elif trait & _NOT_IN_BODY or not trait & (Trait.ORDINARY | Trait.PLACE_INSIDE) or _verbal(words.fold[at]):
            break
    return first


def _verbal(word: str) -> bool:
    return word.endswith(lexicon().endings.verbal)


def _starts_body(words: Words, traits: list[int], places: frozenset[int], at: int) -> bool:
    trait = traits[at]
    if trait & Trait.INITIAL and words.gap[at + 1] == DOT:
        return True
    if trait & (Trait.OUTSIDE_BODIES | Trait.FUNCTION | Trait.BODY_NOUN):
        return False
    if trait & (Trait.MODIFIER | Trait.NAME) or at in places:
        return True
    return _is_name(words, traits, places, at) and not _verbal(words.fold[at])


def _is_name(words: Words, traits: list[int], places: frozenset[int], at: int) -> bool:
    trait = traits[at]
    if at in places:
        return True
    return not trait & _NO_NAME and words.fold[at][0].isalpha() and not trait & (Trait.PLACE_HEAD | Trait.BODY_NOUN)


def _with_of(words: Words, traits: list[int], head: int) -> int:
    """Go on over ऑफ and the name after it: बैंक ऑफ बड़ौदा."""
    last = head + 1
    if last + 1 < len(words.fold) and traits[last] & Trait.OF and words.gap[last] == words.gap[last + 1] == SPACE:
        last += 2
        while last < len(words.fold) and words.gap[last] == SPACE and not traits[last] & (_STOPS | Trait.ORDINARY):
            last += 1
    return last


def _place(words: Words, traits: list[int], places: frozenset[int], head: int) -> Iterator[Candidate]:
    first = head
    while first and head - first < 3 and words.gap[first] in (SPACE, DOT):
        if traits[first - 1] & Trait.PLACE_HEAD or not (
            _is_name(words, traits, places, first - 1) or _name_only(traits[first - 1])
        ):
            break
        first -= 1
    if first == head:
        return
    if traits[head] & Trait.PLACE_INSIDE:
        yield Candidate(first, head + 1, "LOC", 0.75, "rules:place-head")
    elif head - first <= 2:
        yield Candidate(first, head, "LOC", 0.72, "rules:place-head")


def _name_only(trait: int) -> bool:
    return bool(trait & Trait.NAME) and not trait & Trait.ORDINARY
