"""People by pattern: known given names and surnames, words after a title, initials, what stands before ने."""

from collections.abc import Iterator

from annotate.prelabel.candidates import Candidate
from annotate.prelabel.lexicon import Trait, lexicon
from annotate.prelabel.words import DOT, HYPHEN, QUOTE, SPACE, Words

__all__ = ["people"]

_NO_NAME = (
    Trait.FUNCTION | Trait.TITLE | Trait.DEMONYM | Trait.ORGANISATION_HEAD | Trait.MODIFIER | Trait.PLACE_HEAD
    | Trait.PERSON_NOUN | Trait.CONNECTOR | Trait.BODY_NOUN | Trait.ORDINARY | Trait.INFLECTED | Trait.PLACE_LIKE
    | Trait.LATIN | Trait.COMPANY_LIKE
)  # fmt: skip
_IN_RUN = Trait.NAME | Trait.INITIAL
_LONGEST = 5


def people(words: Words, traits: list[int], places: frozenset[int], full_names: frozenset[int]) -> Iterator[Candidate]:
    """Yield runs of words that look like a person's name, or a body's where a noun like संस्था announces it.

    Args:
        words: the sentence.
        traits: what is known of each word.
        places: words that are in a known name of a place or body; they end a run.
        full_names: words at which a person's name of several words starts that is known as a whole.
    """
    count = len(words.fold)
    first = 0
    while first < count:
        trait = traits[first]
        if trait & _NO_NAME and not trait & _IN_RUN and first not in places:  # as most words
            first += 1
            continue
        last = _run(words, traits, places, full_names, first)
        if last == first:
            first += 1
            continue
        candidate = _judge(words, traits, first, last)
        if candidate:
            yield candidate
        first = last


def _run(words: Words, traits: list[int], places: frozenset[int], full_names: frozenset[int], first: int) -> int:
    at, count = first, len(words.fold)
    while at < count and at - first < _LONGEST:
        if at > first and words.gap[at] not in (SPACE, HYPHEN, DOT):
            break
        apart = first in full_names or not any(trait & Trait.NAME for trait in traits[first:at])
        if at > first and at in full_names and apart:
            break
        if at in places and not _person_after_all(words, traits, places, first, at):
            break
        if at not in places and not _may_be_name(words, traits, at):
            break
        if at == first and _leads_in(words, traits, at):
            break
        at += 1
    return at


def _person_after_all(words: Words, traits: list[int], places: frozenset[int], first: int, at: int) -> bool:
    """Tell a place's name that is a person's here: गोदावरी देवी, or after a title कप्तान सोफ़िया लेदेस्मा."""
    if traits[at] & Trait.NAME:
        return True
    after = at + 1
    if at > first or after == len(traits) or words.gap[after] != SPACE or after in places:
        return False
    titled = at > 0 and words.gap[at] == SPACE and bool(traits[at - 1] & Trait.TITLE)
    return bool(traits[after] & Trait.SURNAME) or (titled and not traits[after])


def _may_be_name(words: Words, traits: list[int], at: int) -> bool:
    trait = traits[at]
    if trait & Trait.INITIAL and _is_initial(words, at):
        return True
    if trait & Trait.NAME:
        return not trait & (Trait.FUNCTION | Trait.DEMONYM)
    return not trait & _NO_NAME and words.fold[at][0].isalpha() and len(words.fold[at]) > 1


def _leads_in(words: Words, traits: list[int], at: int) -> bool:
    """Tell a word that stands before a name rather than opens it: an office that is a name too, a verb form."""
    office = traits[at] & Trait.TITLE and traits[at] & Trait.ORDINARY
    return bool(office) or (not traits[at] and words.fold[at].endswith(lexicon().endings.absolutive))


def _is_initial(words: Words, at: int) -> bool:
    return at + 1 < len(words.gap) and words.gap[at + 1] == DOT


def _judge(words: Words, traits: list[int], first: int, last: int) -> Candidate | None:
    """Weigh what speaks for the run: its own words, the title before it, the case marker after it."""
    before = traits[first - 1] if first and words.gap[first] in (SPACE, DOT) else 0
    after = traits[last] if last < len(words.fold) and words.gap[last] == SPACE else 0
    names = sum(bool(trait & Trait.NAME) for trait in traits[first:last])
    sure = sum(bool(trait & Trait.NAME) and not trait & Trait.ORDINARY for trait in traits[first:last])
    titled, marked = bool(before & Trait.TITLE), bool(after & (Trait.POSTPOSITION | Trait.HONORIFIC))
    if before & Trait.BODY_NOUN and not titled and not names:
        return Candidate(first, last, "ORG", 0.7 if last > first + 1 else 0.6, "rules:announced-body")
    if last == first + 1:
        return _single(traits[first], first, titled=titled, marked=marked, after=after)
    score, rule = 0.0, ""
    initial = [bool(traits[at] & Trait.INITIAL) and _is_initial(words, at) for at in range(first, last)]
    if any(initial[:-1]) and not traits[last - 1] & Trait.INITIAL:
        score, rule = 0.87, "initials"
    elif names > 1 and (sure or titled or after & Trait.AGENT):
        score, rule = 0.92 if titled or marked else 0.87, "name-pair"
    elif titled:
        score, rule = 0.8 if names else 0.72, "title"
    elif sure:
        score, rule = 0.75 if marked else 0.65, "name-part"
    elif (
        names
        and traits[first] & Trait.GIVEN
        and not traits[last - 1] & Trait.NAME
        and (marked or _ends_phrase(words, traits, last))
    ):
        score, rule = 0.6, "name-part"
    elif after & Trait.AGENT:
        score, rule = 0.55, "agent"
    return Candidate(first, last, "PER", score, f"rules:{rule}") if rule else None


def _single(trait: int, at: int, *, titled: bool, marked: bool, after: int) -> Candidate | None:
    sure = bool(trait & Trait.NAME) and not trait & Trait.ORDINARY
    if titled and (sure or (marked and not trait & Trait.NAME)):
        return Candidate(at, at + 1, "PER", 0.8 if sure else 0.6, "rules:title")
    if sure:
        return Candidate(at, at + 1, "PER", 0.7 if marked else 0.5, "rules:single-name")
    if trait & Trait.GIVEN and after & Trait.AGENT:
        return Candidate(at, at + 1, "PER", 0.55, "rules:single-name")
    if after & Trait.HONORIFIC and not trait & Trait.ORDINARY:
        return Candidate(at, at + 1, "PER", 0.6, "rules:honorific")
    return None


def _ends_phrase(words: Words, traits: list[int], last: int) -> bool:
    return last == len(words.fold) or words.gap[last] >= QUOTE or bool(traits[last] & Trait.CONNECTOR)
