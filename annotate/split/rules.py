"""What a language knows about its sentences: one data file per language, read on first use."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from annotate.errors import UsageError

__all__ = ["Rules", "languages", "load"]


@dataclass(frozen=True, slots=True)
class Rules:
    """The content of a language file; docs/languages.md says what each part does."""

    lang: str
    name: str
    ends: str
    asks: str
    pipe: bool
    initials: frozenset[str]
    titles: frozenset[str]
    abbreviations: frozenset[str]
    before_number: frozenset[str]
    finals: frozenset[str]
    final_suffixes: tuple[str, ...]
    starters: frozenset[str]
    continuations: frozenset[str]
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
        pipe=data.get("pipe", False),
        final_suffixes=tuple(data.get("final_suffixes", ())),
        **{key: frozenset(data.get(key, ())) for key in _LISTS},
    )


_LISTS = (
    "initials", "titles", "abbreviations", "before_number", "finals", "starters",
    "continuations", "months", "weekdays", "agencies", "places",
)  # fmt: skip


def _read(name: str) -> dict[str, Any]:
    """A file with what it inherits: lists are joined, single values of the file itself win."""
    source = resources.files("annotate.split").joinpath("languages", f"{name}.toml")
    own = tomllib.loads(source.read_text("utf-8"))
    merged: dict[str, Any] = {}
    for part in (*map(_read, own.pop("inherits", ())), own):
        for key, value in part.items():
            merged[key] = [*merged.get(key, ()), *value] if isinstance(value, list) else value
    return merged
