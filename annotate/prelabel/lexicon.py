"""What the rules know: names from the gazetteers and words that tell what stands beside them. Read once, when needed."""

import tomllib
from collections.abc import Iterable, Iterator
from enum import IntFlag
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from annotate.prelabel.fold import fold

__all__ = ["Known", "Lexicon", "Trait", "lexicon"]


class Trait(IntFlag):
    """What is known of a single word; a word can be several things."""

    FUNCTION = 1
    POSTPOSITION = 2
    ORDINARY = 4
    GIVEN = 8
    SURNAME = 16
    TITLE = 32
    HONORIFIC = 64
    DEMONYM = 128
    INITIAL = 256
    PROPER_HEAD = 512
    COMMON_HEAD = 1024
    MODIFIER = 2048
    CONNECTOR = 4096
    PLACE_OUTSIDE = 8192
    PLACE_INSIDE = 16384
    PERSON_NOUN = 32768

    NAME = GIVEN | SURNAME
    ORGANISATION_HEAD = PROPER_HEAD | COMMON_HEAD
    PLACE_HEAD = PLACE_OUTSIDE | PLACE_INSIDE


class Known(NamedTuple):
    """A gazetteer's name: its type, how far to trust it when it stands alone, and the file it is from."""

    label: str
    score: float
    source: str


class Lexicon(NamedTuple):
    """Names by their folded words, the most words of a name by its first word, and the traits of single words."""

    names: dict[tuple[str, ...], Known]
    longest: dict[str, int]
    traits: dict[str, int]


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
_ORDINARY_SCORE = 0.35  # of a name that is an ordinary word too: kept back unless something beside it speaks for it


@cache
def lexicon() -> Lexicon:
    """Read the gazetteers; about 30 ms, once per process."""
    traits = dict(_traits())
    names: dict[tuple[str, ...], Known] = {}
    longest: dict[str, int] = {}
    for file, label, score in _GAZETTEERS:
        for name in _lines(file):
            key = _key(name)
            sure = len(key) > 1 or not traits.get(key[0], 0) & (Trait.ORDINARY | Trait.FUNCTION | Trait.DEMONYM)
            names.setdefault(key, Known(label, score if sure else _ORDINARY_SCORE, file.removesuffix(".txt")))
            longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return Lexicon(names, longest, traits)


def _traits() -> Iterator[tuple[str, int]]:
    traits: dict[str, int] = {}
    for words, trait in _word_lists():
        for word in words:
            folded = fold(word)
            traits[folded] = traits.get(folded, 0) | trait
    return iter(traits.items())


def _word_lists() -> Iterator[tuple[Iterable[str], Trait]]:
    words: dict[str, Any] = tomllib.loads(_data("words.toml"))
    heads, places = words["organisation_heads"], words["place_heads"]
    yield words["function"].split(), Trait.FUNCTION
    yield words["postpositions"].split(), Trait.POSTPOSITION
    yield words["titles"].split(), Trait.TITLE
    yield words["honorifics"].split(), Trait.HONORIFIC
    yield words["person_nouns"].split(), Trait.PERSON_NOUN
    yield words["demonyms"].split(), Trait.DEMONYM
    yield words["initials"].split(), Trait.INITIAL
    yield heads["proper"].split(), Trait.PROPER_HEAD
    yield heads["common"].split(), Trait.COMMON_HEAD
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
