"""What people corrected: our own comparison of a pre-label with what a person made of it.

Label Studio's `origin` cannot say this: it is kept per region, and regions that were deleted are gone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

from annotate.labels import NEUTRAL
from annotate.records import Entity, Labeled
from annotate.spans import overlaps

__all__ = ["Change", "Corrections", "changes", "corrections", "pairs", "topic_change", "topic_corrections", "total"]


@dataclass(frozen=True, slots=True)
class Corrections:
    """Counts of what happened to proposed entities and stances; `stance` and `holder` count entities, not records."""

    kept: int = 0
    retyped: int = 0
    respanned: int = 0
    removed: int = 0
    added: int = 0
    stance: int = 0
    holder: int = 0

    @property
    def actions(self) -> int:
        """How many things a person changed."""
        return self.retyped + self.respanned + self.removed + self.added + self.stance + self.holder

    def __add__(self, other: "Corrections") -> "Corrections":
        """Counts of both."""
        return Corrections(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def total(counts: Iterable[Corrections]) -> Corrections:
    """Counts of all."""
    return sum(counts, Corrections())


def corrections(before: Labeled, after: Labeled) -> Corrections:
    """Compare two labellings of one sentence.

    An entity is kept when span and type are the same, retyped when only the span is, and re-spanned when it was
    neither but shares a code point with one that is not yet accounted for. Each entity is accounted for once, so an
    entity that was cut in two is one re-spanned and one added.
    """
    counted = Counter(change.action for change in changes(before, after))
    paired = pairs(before.entities, after.entities)
    return Corrections(kept=sum(old.id == new.id for old, new in paired), **counted)


class Change(NamedTuple):
    """One thing that a person changed; `before` and `after` say what it was and is, None where there was nothing."""

    action: str  # a field of Corrections other than kept, or `topic`
    entity: Entity | None  # as the person left it, or as proposed if they removed it; None of the sentence as a whole
    before: str | None
    after: str | None


def changes(before: Labeled, after: Labeled) -> Iterator[Change]:
    """Yield what was changed from one labelling of a sentence to another, as `corrections` counts it."""
    paired = pairs(before.entities, after.entities)
    left = {old.id for old, _ in paired}
    for entity in before.entities:
        if entity.id not in left:
            yield Change("removed", entity, _told(before, entity), None)
    was = {new.id: old for old, new in paired}
    renamed = {old.id: new.id for old, new in paired}
    stood, stands = _stances(before), _stances(after)
    for entity in after.entities:
        old = was.get(entity.id)
        if old is None:
            yield Change("added", entity, None, _told(after, entity))
        elif old.id != entity.id:
            same_span = (old.start, old.end) == (entity.start, entity.end)
            action = "retyped" if same_span else "respanned"
            yield Change(action, entity, _told(before, old), _told(after, entity))
        nothing = _Stance(NEUTRAL, frozenset())
        first, now = stood.get(old.id, nothing) if old else nothing, stands.get(entity.id, nothing)
        if first.label != now.label:
            yield Change("stance", entity, first.label, now.label)
        # A holder that was retyped or re-spanned is the same holder.
        if frozenset(renamed.get(h, h) for h in first.holders) != now.holders:
            yield Change("holder", entity, _named(first.holders), _named(now.holders))


def topic_change(before: Labeled, after: Labeled) -> Change | None:
    """What was changed about where the sentence as a whole stands; None where nothing was."""
    was, now = (record.topic_stance.label if record.topic_stance else None for record in (before, after))
    return None if was == now else Change("topic", None, was, now)


def topic_corrections(before: Labeled, after: Labeled) -> Corrections:
    """Compare where the sentence as a whole stands: a stance was kept, retyped, removed or added."""
    change = topic_change(before, after)
    if change is None:
        return Corrections(kept=int(after.topic_stance is not None))
    if change.before is None:
        return Corrections(added=1)
    return Corrections(removed=1) if change.after is None else Corrections(retyped=1)


def _told(record: Labeled, entity: Entity) -> str:
    return f"{entity.label} {record.text[entity.start : entity.end]}"


def _named(holders: Iterable[str]) -> str | None:
    return ", ".join(sorted(holders)) or None


class _Stance(NamedTuple):
    label: str
    holders: frozenset[str]


def _stances(record: Labeled) -> Mapping[str, _Stance]:
    stances: dict[str, _Stance] = {}
    for stance in record.stances:
        held = stances.get(stance.target, _Stance(stance.label, frozenset())).holders
        stances[stance.target] = _Stance(stance.label, held | ({stance.holder} if stance.holder else set()))
    return stances


def pairs(before: Sequence[Entity], after: Sequence[Entity]) -> list[tuple[Entity, Entity]]:
    """Old and new entities that belong together: the same, then of one span, then overlapping; each at most once."""
    left, right = list(before), list(after)
    found: list[tuple[Entity, Entity]] = []
    for belongs in (_same, _same_span, overlaps):
        for old in tuple(left):
            new = next((candidate for candidate in right if belongs(old, candidate)), None)
            if new is not None:
                found.append((old, new))
                left.remove(old)
                right.remove(new)
    return found


def _same(old: Entity, new: Entity) -> bool:
    return old.id == new.id


def _same_span(old: Entity, new: Entity) -> bool:
    return (old.start, old.end) == (new.start, new.end)
