"""Finds of an engine from elsewhere, fitted to our contract: its labels to ours, its spans to whole tokens."""

from collections.abc import Iterable
from typing import NamedTuple

from annotate.labels import LabelSet
from annotate.records import Entity
from annotate.split import tokenize

__all__ = ["Find", "entities_of", "ours"]

# What well-known schemes call our three types, beside the names themselves. OntoNotes, CoNLL 2002, Naamapadam, IL-NER.
_OTHER_NAMES = {
    "PERSON": "PER", "PEOPLE": "PER", "NEP": "PER",
    "ORGANIZATION": "ORG", "ORGANISATION": "ORG", "NEO": "ORG",
    "LOCATION": "LOC", "GPE": "LOC", "FAC": "LOC", "NEL": "LOC",
}  # fmt: skip
_FULL = ".?!।॥,;:\"'“”‘’()[]"


class Find(NamedTuple):
    """A span that an engine found, in code points of the sentence, with the engine's own label."""

    start: int
    end: int
    label: str
    score: float | None


def ours(label: str, labels: LabelSet) -> str | None:
    """The label of the campaign that another scheme's label stands for, or None.

    A name that the campaign has is taken as it is; PERSON, GPE and their like are translated.
    """
    name = label.upper()
    known = {mine.upper(): mine for mine in labels.entity_names}
    return known.get(name) or known.get(_OTHER_NAMES.get(name, ""))


def entities_of(text: str, lang: str, finds: Iterable[Find], labels: LabelSet, source: str) -> tuple[Entity, ...]:
    """Make entities of finds.

    A find grows to whole tokens, so that no word and no akshara is cut, and loses white space and the marks at its
    edges. Of finds that share a token the longer one is kept, then the surer one. Finds outside the text and labels
    that the campaign has not are left out.

    Args:
        text: the sentence.
        lang: its language.
        finds: in any order.
        labels: the campaign's label set.
        source: what the entities say they are from.

    Returns:
        Entities sorted by start, disjoint.
    """
    tokens = tokenize(text, lang)
    fitted: list[tuple[int, int, str, float | None]] = []
    for find in finds:
        label = ours(find.label, labels)
        inside = [n for n, token in enumerate(tokens) if token.start < find.end and find.start < token.end]
        while inside and text[tokens[inside[0]].start : tokens[inside[0]].end] in _FULL:
            inside = inside[1:]
        while inside and text[tokens[inside[-1]].start : tokens[inside[-1]].end] in _FULL:
            inside = inside[:-1]
        if label and inside:
            fitted.append((inside[0], inside[-1] + 1, label, find.score))
    kept: list[Entity] = []
    taken: set[int] = set()
    for first, last, label, score in sorted(fitted, key=_longest_first):
        if taken.isdisjoint(range(first, last)):
            taken.update(range(first, last))
            start, end = tokens[first].start, tokens[last - 1].end
            kept.append(Entity.at(start, end, label, None if score is None else round(score, 3), source))
    return tuple(sorted(kept, key=lambda entity: entity.start))


def _longest_first(find: tuple[int, int, str, float | None]) -> tuple[int, float, int, str]:
    first, last, label, score = find
    return first - last, -(score or 0.0), first, label
