"""Names by their neighbours: abbreviations in brackets, places in a list with known places, names in Latin letters."""

from collections.abc import Iterator, Sequence

from annotate.prelabel.candidates import Candidate
from annotate.prelabel.lexicon import Trait
from annotate.prelabel.words import BREAK, OPEN, QUOTE, SPACE, Words

__all__ = ["abbreviations", "dateline_places", "latin_names", "listed_places", "places_by_ending"]

_LONGEST_ABBREVIATION = 8  # code points
_LONGEST_PLACE = 3  # words


def abbreviations(words: Words, traits: list[int], finds: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the single word in brackets after a body: … परिषद (जसप)."""
    for find in finds:
        at = find.last
        if find.label != "ORG" or at == len(words.fold) or words.gap[at] != OPEN or traits[at] & Trait.ORDINARY:
            continue
        end = words.end[at]
        short = end - words.start[at] <= _LONGEST_ABBREVIATION
        if short and words.text[end : end + 1] == ")" and words.fold[at][0].isalpha():
            yield Candidate(at, at + 1, "ORG", 0.78, "rules:abbreviation")


def dateline_places(words: Words, traits: list[int], finds: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the unknown words that open a dateline, up to its first mark: तिब्लिसी, 16 सितम्बर।"""
    last = 1
    while last < len(traits) and words.gap[last] < QUOTE:
        last += 1
    opening = range(min(last, len(traits)))
    unknown = all(not traits[at] and words.fold[at][0].isalpha() for at in opening)
    free = not any(find.first < last for find in finds)
    if 0 < len(opening) <= _LONGEST_PLACE and unknown and free:
        yield Candidate(0, last, "LOC", 0.85, "rules:dateline")


def listed_places(words: Words, traits: list[int], finds: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield unknown words that a comma or "और" joins to a known place: जैसलमेर और फलोदी में."""
    taken = {at for find in finds for at in range(find.first, find.last)}
    for find in finds:
        if find.label != "LOC":
            continue
        after = find.last
        if after < len(traits) and traits[after] & Trait.CONNECTOR and words.gap[after] == SPACE:
            after += 1
        elif not _comma_before(words, after):
            after = len(traits)
        if _unknown(words, traits, after) and after not in taken and _closes(words, traits, after + 1):
            yield Candidate(after, after + 1, "LOC", 0.6, "rules:listed-place")
        before = find.first - 1
        opens = before == 0 or (before > 0 and words.gap[before] == BREAK)
        if opens and _comma_before(words, find.first) and _unknown(words, traits, before) and before not in taken:
            yield Candidate(before, before + 1, "LOC", 0.55, "rules:listed-place")


def places_by_ending(traits: list[int]) -> Iterator[Candidate]:
    """Yield unknown words that end as places do: …पुर, …गढ़, …बाद."""
    for at, trait in enumerate(traits):
        if trait & Trait.PLACE_LIKE:
            yield Candidate(at, at + 1, "LOC", 0.75, "rules:place-ending")


def latin_names(words: Words, traits: list[int]) -> Iterator[Candidate]:
    """Yield runs of two or more capitalised Latin words: a person before ने or after a title, else a body."""
    last = 0
    for first in [at for at, trait in enumerate(traits) if trait & Trait.LATIN]:
        if first < last:
            continue
        last = first
        while last < len(traits) and traits[last] & Trait.LATIN and _capital(words, last):
            if last > first and words.gap[last] != SPACE:
                break
            last += 1
        if last - first > 1:
            titled = first > 0 and traits[first - 1] & Trait.TITLE
            yield Candidate(first, last, "PER" if titled else "ORG", 0.6, "rules:latin")


def _capital(words: Words, at: int) -> bool:
    return words.text[words.start[at]].isupper()


def _closes(words: Words, traits: list[int], at: int) -> bool:
    following = traits[at] if at < len(traits) else 0
    return bool(following & (Trait.POSTPOSITION | Trait.CONNECTOR)) or _comma_before(words, at)


def _unknown(words: Words, traits: list[int], at: int) -> bool:
    return at < len(traits) and not traits[at] and len(words.fold[at]) > 2 and not words.fold[at].isascii()


def _comma_before(words: Words, at: int) -> bool:
    return 0 < at < len(words.fold) and words.text[words.end[at - 1] : words.start[at]].strip() == ","
