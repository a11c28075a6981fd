"""What the rules know: names from the gazetteers, and words that tell what stands beside them."""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from annotate.prelabel.fold import fold

__all__ = ["Known", "Lexicon", "Trait", "lexicon"]


class Trait:
    """What is known of a single word, as bits; a word can be several things.

    Plain integers, since the operators of enum.IntFlag took half the time of the whole engine.
    """

    FUNCTION = 1 << 0
    POSTPOSITION = 1 << 1
    ORDINARY = 1 << 2
    GIVEN = 1 << 3
    SURNAME = 1 << 4
    TITLE = 1 << 5
    HONORIFIC = 1 << 6
    DEMONYM = 1 << 7
    INITIAL = 1 << 8
    PROPER_HEAD = 1 << 9
    COMMON_HEAD = 1 << 10
    MODIFIER = 1 << 11
    CONNECTOR = 1 << 12
    PLACE_OUTSIDE = 1 << 13
    PLACE_INSIDE = 1 << 14
    PERSON_NOUN = 1 << 15
    AGENT = 1 << 16
    OF = 1 << 17
    BODY_NOUN = 1 << 18
    INFLECTED = 1 << 19
    PLACE_LIKE = 1 << 20
    LATIN = 1 << 21
    OUTSIDE_BODIES = 1 << 22
    COMPANY_LIKE = 1 << 23

    NAME = GIVEN | SURNAME
    ORGANISATION_HEAD = PROPER_HEAD | COMMON_HEAD
    PLACE_HEAD = PLACE_OUTSIDE | PLACE_INSIDE


class Known(NamedTuple):
    """A gazetteer's name: its type, how far to trust it when it stands alone, and the file it is from."""

    label: str
    score: float
    source: str


class Endings(NamedTuple):
    """How words end that stand in no list, and what that tells."""

    inflected: tuple[str, ...]
    verbal: tuple[str, ...]
    absolutive: tuple[str, ...]
    companies: tuple[str, ...]
    trades: tuple[str, ...]
    places: tuple[str, ...]


class Lexicon(NamedTuple):
    """Names by their folded words, the most words of a name by its first word, and what is known of single words."""

    names: dict[tuple[str, ...], Known]
    longest: dict[str, int]
    words: dict[str, int]
    endings: Endings

    def traits(self, words: Iterable[str]) -> list[int]:
        """What is known of each folded word, by the lists or, where it stands in none, by its ending."""
        known = self.words.get
        return [trait if (trait := known(word)) is not None else _by_ending(word) for word in words]


# Earlier files win: a city's name that is also a company's is first of all the city's.
_GAZETTEERS = (
    ("people.txt", "PER", 0.93),
    ("parties.txt", "ORG", 0.94),
    ("bodies_india.txt", "ORG", 0.93),
    ("bodies_world.txt", "ORG", 0.92),
    ("countries.txt", "LOC", 0.95),
    ("places_india.txt", "LOC", 0.93),
    ("places_world.txt", "LOC", 0.94),
    ("zone_cities.txt", "LOC", 0.9),
    ("companies.txt", "ORG", 0.9),
)
_LEAST_INFLECTED, _LEAST_PLACE = 3, 5  # code points of a word whose ending is trusted
_ORDINARY_SCORE = 0.35  # of a name that is an ordinary word too: kept back unless something beside it speaks for it


@cache
def lexicon() -> Lexicon:
    """Read the gazetteers; some 50 ms, once per process."""
    data: dict[str, Any] = tomllib.loads(_data("words.toml"))
    traits = _traits(data)
    names: dict[tuple[str, ...], Known] = {}
    longest: dict[str, int] = {}
    for file, label, score in _GAZETTEERS:
        for name in _lines(file):
            key = _key(name)
            sure = len(key) > 1 or not traits.get(key[0], 0) & (Trait.ORDINARY | Trait.FUNCTION | Trait.DEMONYM)
            names.setdefault(key, Known(label, score if sure else _ORDINARY_SCORE, file.removesuffix(".txt")))
            longest[key[0]] = max(longest.get(key[0], 0), len(key))
    endings = {kind: tuple(map(fold, words.split())) for kind, words in data["endings"].items()}
    return Lexicon(names, longest, traits, Endings(**endings))


@lru_cache(maxsize=1 << 16)
def _by_ending(word: str) -> int:
    endings = lexicon().endings
    if word.isascii():
        return Trait.LATIN if word.isalpha() else 0
    if word.endswith(endings.trades):
        return Trait.TITLE
    if word.endswith(endings.companies) and len(word) >= _LEAST_PLACE:
        return Trait.COMPANY_LIKE
    if word.endswith(endings.inflected) and len(word) > _LEAST_INFLECTED:
        return Trait.INFLECTED
    if word.endswith(endings.places) and len(word) >= _LEAST_PLACE:
        return Trait.PLACE_LIKE
    return 0


def _traits(data: dict[str, Any]) -> dict[str, int]:
    traits: dict[str, int] = {}
    for words, trait in _word_lists(data):
        for word in words:
            folded = fold(word)
            traits[folded] = traits.get(folded, 0) | trait
    return traits


def _word_lists(words: dict[str, Any]) -> Iterator[tuple[Iterable[str], int]]:
    heads, places = words["organisation_heads"], words["place_heads"]
    yield words["function"].split(), Trait.FUNCTION
    yield words["postpositions"].split(), Trait.POSTPOSITION
    yield words["agent"].split(), Trait.AGENT
    yield words["of"].split(), Trait.OF
    yield words["body_nouns"].split(), Trait.BODY_NOUN
    yield words["titles"].split(), Trait.TITLE
    yield words["honorifics"].split(), Trait.HONORIFIC
    yield words["person_nouns"].split(), Trait.PERSON_NOUN
    yield words["demonyms"].split(), Trait.DEMONYM
    yield words["initials"].split(), Trait.INITIAL
    yield heads["proper"].split(), Trait.PROPER_HEAD
    yield heads["common"].split(), Trait.COMMON_HEAD
    yield heads["outside_bodies"].split(), Trait.OUTSIDE_BODIES
    yield heads["modifiers"].split(), Trait.MODIFIER
    yield heads["connectors"].split(), Trait.CONNECTOR
    yield places["outside"].split(), Trait.PLACE_OUTSIDE
    yield places["inside"].split(), Trait.PLACE_INSIDE
    yield _lines("given_names.txt"), Trait.GIVEN
    yield _lines("surnames.txt"), Trait.SURNAME
    yield _lines("ordinary_words.txt"), Trait.ORDINARY


def _key(name: str) -> tuple[str, ...]:
    # The same cut as words_of makes, so that hyphens, dots and brackets in a file match any of their spellings.
    for mark in "-‐‑–.()":
        name = name.replace(mark, " ")
    return tuple(map(fold, name.split()))


def _lines(file: str) -> Iterator[str]:
    for line in _data(file).splitlines():
        if line and not line.startswith("#"):
            yield line


def _data(file: str) -> str:
    return (files("annotate.prelabel") / "gazetteers" / file).read_text("utf-8")
