"""What a language knows about its sentences: one data file per language, read on first use."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from unicodedata import normalize

from annotate.errors import UsageError

__all__ = ["Rules", "languages", "load"]


@dataclass(frozen=True, slots=True)
class Rules:
    """The content of a language file; docs/languages.md says what each part does."""

    lang: str
    name: str
    ends: str
    asks: str
    stops: str
    ends_set: frozenset[str]
    asks_set: frozenset[str]
    pipe: bool
    low_starts: bool
    dots_pause: bool
    initials: frozenset[str]
    titles: frozenset[str]
    abbreviations: frozenset[str]
    before_number: frozenset[str]
    finals: frozenset[str]
    final_suffixes: tuple[str, ...]
    starters: frozenset[str]
    continuations: frozenset[str]
    quotatives: frozenset[str]
    interjections: frozenset[str]
    months: frozenset[str]
    weekdays: frozenset[str]
    agencies: frozenset[str]
    places: frozenset[str]


def languages() -> tuple[str, ...]:
    """Codes of the languages there is a file for, in alphabetical order."""
    files = resources.files("annotate.split").joinpath("languages").iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in files if re.fullmatch(r"[a-z]{2,3}\.toml", f.name)))


@cache
def load(lang: str) -> Rules:
    """Read the rules of a language.

    Raises:
        UsageError: there is no file for it; the message lists the languages there are.
    """
    if lang not in languages():
        raise UsageError(f"unknown language: {lang!r} (known: {', '.join(languages())})")
    data = _read(lang)
    return Rules(
        lang=lang,
        name=data["name"],
        ends=data.get("ends", ""),
        asks=data["asks"],
        stops=data.get("stops", "."),
        ends_set=frozenset(data.get("ends", "")),
        asks_set=frozenset(data["asks"]),
        pipe=data.get("pipe", False),
        low_starts=data.get("low_starts", False),
        dots_pause=data.get("dots_pause", False),
        final_suffixes=tuple(data.get("final_suffixes", ())),
        **{key: frozenset(_spellings(data.get(key, ()))) for key in _LISTS},
    )


_LISTS = (
    "initials", "titles", "abbreviations", "before_number", "finals", "starters",
    "continuations", "quotatives", "interjections", "months", "weekdays", "agencies", "places",
)  # fmt: skip


def _read(name: str) -> dict[str, Any]:
    """A file with what it inherits: lists are joined, less the words under `without`; single values win over older."""
    source = resources.files("annotate.split").joinpath("languages", f"{name}.toml")
    own = tomllib.loads(source.read_text("utf-8"))
    merged: dict[str, Any] = {}
    for part in (*map(_read, own.pop("inherits", ())), own):
        for key, value in part.items():
            merged[key] = [*merged.get(key, ()), *value] if isinstance(value, list) else value
    for key, words in merged.pop("without", {}).items():
        merged[key] = [word for word in merged[key] if word not in words]
    return merged


def _spellings(words: Iterable[str]) -> Iterator[str]:
    """Each word in the forms texts come in: nukta letters as one code point, or as letter and nukta."""
    for word in words:
        whole = normalize("NFC", word)
        for letter in _NUKTA_LETTERS:  # NFC takes these apart
            whole = whole.replace(normalize("NFD", letter), letter)
        yield from (word, normalize("NFC", word), normalize("NFD", word), whole)


_NUKTA_LETTERS = "".join(
    map(chr, (*range(0x958, 0x960), 0x9DC, 0x9DD, 0x9DF, 0xA33, 0xA36, 0xA59, 0xA5A, 0xA5B, 0xA5E, 0xB5C, 0xB5D))
)
