"""What the rules see of a sentence before they decide: its words' traits, and the finds of gazetteers and patterns."""

from typing import NamedTuple

from annotate.prelabel.candidates import Candidate
from annotate.prelabel.entity_rules.heads import headed_names
from annotate.prelabel.entity_rules.known import known_names
from annotate.prelabel.entity_rules.people import people
from annotate.prelabel.lexicon import lexicon
from annotate.prelabel.words import Words

__all__ = ["LEAST", "Patterns", "patterns_of"]

LEAST = 0.5  # below it a find is only kept for the article pass to confirm


class Patterns(NamedTuple):
    """Traits of each word, as bits; known names; runs that look like people; bodies and places by their head."""

    traits: list[int]
    names: list[Candidate]
    people: list[Candidate]
    headed: list[Candidate]


def patterns_of(words: Words) -> Patterns:
    """Look at a sentence once, for the rules and for the model's features alike."""
    known = lexicon()
    traits = known.traits(words.fold)
    names = list(known_names(words, known, traits))
    places = frozenset(
        at for name in names if name.label != "PER" and name.score >= LEAST for at in range(name.first, name.last)
    )
    full_names = frozenset(name.first for name in names if name.label == "PER" and name.last > name.first + 1)
    return Patterns(
        traits,
        names,
        list(people(words, traits, places, full_names)),
        list(headed_names(words, traits, places)),
    )
