"""People by pattern: known given names and surnames, words after a title, initials, what stands before ने."""

from collections.abc import Iterator

from annotate.prelabel.candidates import Candidate
from annotate.prelabel.lexicon import Trait
from annotate.prelabel.words import DOT, HYPHEN, SPACE, Words

__all__ = ["people"]

_NO_NAME = (
    Trait.FUNCTION | Trait.TITLE | Trait.DEMONYM | Trait.ORGANISATION_HEAD | Trait.MODIFIER | Trait.PLACE_HEAD
    | Trait.PERSON_NOUN | Trait.CONNECTOR
)  # fmt: skip
_LONGEST = 5
_AGENT = "ने"


def people(words: Words, traits: list[int], places: frozenset[int]) -> Iterator[Candidate]:
    """Yield runs of words that look like a person's name.

    Args:
        words: the sentence.
        traits: what is known of each word.
        places: words that are in a known name of a place or body; they end a run.
    """
    count = len(words.fold)
    first = 0
    while first < count:
        last = _run(words, traits, places, first)
        if last == first:
            first += 1
            continue
        yield from _judge(words, traits, first, last)
        first = last


def _run(words: Words, traits: list[int], places: frozenset[int], first: int) -> int:
    at, count = first, len(words.fold)
    while at < count and at - first < _LONGEST:
        if at > first and words.gap[at] not in (SPACE, HYPHEN, DOT):
            break
        if not _may_be_name(words, traits, at) or (at in places and not traits[at] & Trait.NAME):
            break
        at += 1
    return at


def _may_be_name(words: Words, traits: list[int], at: int) -> bool:
    trait, word = traits[at], words.fold[at]
    if trait & Trait.INITIAL and _is_initial(words, at):
        return True
    if trait & Trait.NAME:
        return not trait & (Trait.FUNCTION | Trait.DEMONYM)
    return not trait & (_NO_NAME | Trait.ORDINARY) and not word[0].isdigit() and not _inflected(word)


def _is_initial(words: Words, at: int) -> bool:
    return at + 1 < len(words.gap) and words.gap[at + 1] == DOT


def _inflected(word: str) -> bool:
    """Tell a plural oblique or future ending, which names do not carry."""
    return len(word) > 3 and word.endswith(("ों", "ओं", "ेगा", "ेगी", "ेंगे", "ाएं", "ियां", "ेंगी"))


def _judge(words: Words, traits: list[int], first: int, last: int) -> Iterator[Candidate]:
    before = traits[first - 1] if first and words.gap[first] in (SPACE, DOT) else 0
    follower = words.fold[last] if last < len(words.fold) and words.gap[last] == SPACE else ""
    after = traits[last] if follower else 0
    after_title = bool(before & Trait.TITLE)
    marked = bool(after & (Trait.POSTPOSITION | Trait.HONORIFIC))
    names = [bool(trait & Trait.NAME) for trait in traits[first:last]]
    sure = [bool(trait & Trait.NAME) and not trait & Trait.ORDINARY for trait in traits[first:last]]
    initials = any(_is_initial(words, at) for at in range(first, last - 1))
    length = last - first
    if length > 1 and any(sure) and sum(names) > 1:
        yield Candidate(first, last, "PER", 0.92 if after_title or marked else 0.87, "rules:name-pair")
    elif initials and length > 1:
        yield Candidate(first, last, "PER", 0.85, "rules:initials")
    elif length > 1 and sum(names) > 1 and (after_title or follower == _AGENT):
        yield Candidate(first, last, "PER", 0.8, "rules:name-pair")
    elif after_title and length > 1:
        yield Candidate(first, last, "PER", 0.8 if any(names) else 0.7, "rules:title")
    elif length > 1 and any(sure):
        yield Candidate(first, last, "PER", 0.75 if marked else 0.65, "rules:name-part")
    elif length > 1 and follower == _AGENT:
        yield Candidate(first, last, "PER", 0.55, "rules:agent")
    elif length == 1 and after_title and (sure[0] or (marked and not names[0])):
        yield Candidate(first, last, "PER", 0.8 if sure[0] else 0.6, "rules:title")
    elif length == 1 and sure[0]:
        yield Candidate(first, last, "PER", 0.7 if marked else 0.5, "rules:single-name")
    elif length == 1 and after & Trait.HONORIFIC and not traits[first] & Trait.ORDINARY:
        yield Candidate(first, last, "PER", 0.6, "rules:honorific")
