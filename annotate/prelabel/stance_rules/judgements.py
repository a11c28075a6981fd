"""Words that judge: as predicates, as nouns somebody owns, and those that lean one way and prove little alone."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from annotate.prelabel.stance_rules.cues import WordSet

__all__ = ["Judgements", "judgements"]


class Judgements(NamedTuple):
    """Sets of folded words, under the names that they have in the data file."""

    against: WordSet
    favor: WordSet
    loaded: WordSet
    leaning_against: WordSet
    leaning_favor: WordSet


@cache
def judgements() -> Judgements:
    """Read the words; once per process."""
    data = tomllib.loads((files("annotate.prelabel.stance_rules") / "judgements.toml").read_text("utf-8"))
    return Judgements(**{name: WordSet(words) for name, words in data.items()})
