"""What a migration of the label set does to a sentence, written down so that a later reader can do it again."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any, NamedTuple, Self

import orjson

from annotate.errors import Reason
from annotate.labels import NEUTRAL, EntityLabel, LabelSet, StanceLabel
from annotate.records import Stance, entity_id
from annotate.schema import Complaint

__all__ = ["Change", "Note", "Outcome", "Retired", "Rule", "Split", "brought_up", "folded", "labels_ever", "retired"]

# The pairs of a mapping rather than a dict: a change is frozen, and what it is written as is always the same.
Names = Mapping[str, str | None]


class Note(NamedTuple):
    """One thing that a migration did to a record."""

    what: str  # "entity", "stance", "holder" or "topic"
    action: str  # "relabelled", "dropped", "merged" or "added"
    before: str | None
    after: str | None
    why: str = ""


class Outcome(NamedTuple):
    """A record after a migration: the same object when nothing of it changed."""

    data: Mapping[str, Any]
    notes: tuple[Note, ...]
    complaints: tuple[Complaint, ...]  # what of it cannot be said with the new labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One way out of a type that is split: all conditions that are there must hold."""

    label: str
    surfaces: tuple[str, ...] = ()  # folded and sorted
    regex: str | None = None
    before: str | None = None
    after: str | None = None

    def takes(self, text: str, start: int, end: int) -> bool:
        """Tell whether the rule takes the mention at `start`:`end` of a sentence's text."""
        mention = text[start:end]
        if self.surfaces and not _among(folded(mention), self.surfaces):
            return False
        places = ((self.regex, mention), (self.before, text[:start]), (self.after, text[end:]))
        return all(pattern is None or re.search(pattern, where) for pattern, where in places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """How a type is parted: the first rule that takes a mention gives its type."""

    into: tuple[Rule, ...]
    otherwise: str

    def label(self, text: str, start: int, end: int) -> str:
        """The type of the mention at `start`:`end`."""
        return next((rule.label for rule in self.into if rule.takes(text, start, end)), self.otherwise)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A migration, ready to be applied and complete in itself.

    Attributes:
        versions: of the label set, before and after.
        before: entity types before, each with whether it bears a stance.
        after: the same afterwards.
        entities: new name by old name, None where the type is dropped; those that stay or are split are not in it.
        splits: how types are parted, by old name.
        stances_before: stances before, in order.
        stances_after: stances afterwards.
        stances: new name by old name, None where the stance is dropped.
    """

    versions: tuple[str, str]
    before: Mapping[str, bool]
    after: Mapping[str, bool]
    entities: Names = field(default_factory=dict)
    splits: Mapping[str, Split] = field(default_factory=dict)
    stances_before: tuple[str, ...] = ()
    stances_after: tuple[str, ...] = ()
    stances: Names = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """A SHA-256 of what it does."""
        return sha256(self.to_json()).hexdigest()

    def to_json(self) -> bytes:
        """Write it as one JSON object, from which `from_json` makes it again."""
        return orjson.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: bytes | str) -> Self:
        """Make a change of what `to_json` wrote."""
        data = orjson.loads(text)
        data["versions"] = tuple(data["versions"])
        for name in ("stances_before", "stances_after"):
            data[name] = tuple(data[name])
        data["splits"] = {
            label: Split(
                into=tuple(Rule(**{**rule, "surfaces": tuple(rule["surfaces"])}) for rule in split["into"]),
                otherwise=split["otherwise"],
            )
            for label, split in data["splits"].items()
        }
        return cls(**data)

    def entity(self, label: str, text: str, start: int, end: int) -> str | None:
        """The new type of a mention, None if it is dropped."""
        if label in self.splits:
            return self.splits[label].label(text, start, end)
        return self.entities.get(label, label)

    def apply(self, data: Mapping[str, Any], *, gold: bool = False, saved_with: "Change | None" = None) -> Outcome:
        """Bring one labelled sentence to the new labels.

        A stance goes where its target goes; it is dropped where the target is, where its label is, and where the
        target's new type bears none. A holder that is dropped leaves a stance of nobody named. The stance of the whole
        sentence toward the topic goes by its label alone; where that is dropped, nobody is known to have answered.

        Args:
            data: a decoded record with text, entities and stances; it is not altered.
            gold: write NEUTRAL where a target lost what was said of it, or began to bear a stance.
            saved_with: a later change, with whose labels the record was saved: these are left alone.
        """
        return _Work(self, data, saved_with).outcome(gold=gold)


def folded(mention: str) -> str:
    """A mention as it is compared with a list: composed, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", mention).split())


def _among(mention: str, surfaces: Sequence[str]) -> bool:
    at = bisect_left(surfaces, mention)
    return at < len(surfaces) and surfaces[at] == mention


def retired(changes: Sequence[Change], entities: Iterable[str], stances: Iterable[str]) -> "Retired":
    """Labels that were in use before one of the changes and are not among those of now, in the order they came."""
    now, now_stances = frozenset(entities), frozenset(stances)
    types: dict[str, bool] = {}
    names: dict[str, None] = {}
    for change in changes:
        types |= {name: bears for name, bears in change.before.items() if name not in now}
        names |= dict.fromkeys(name for name in change.stances_before if name not in now_stances)
    return Retired(types, tuple(names))


class Retired(NamedTuple):
    """Labels of former label sets: entity types, each with whether it bore a stance, and stances."""

    entities: Mapping[str, bool] = {}
    stances: tuple[str, ...] = ()


def labels_ever(labels: LabelSet, changes: Sequence[Change]) -> LabelSet:
    """The labels of a label set, then those that were in use before one of the changes."""
    former = retired(changes, labels.entity_names, labels.stance_names)
    return replace(
        labels,
        entities=(*labels.entities, *(EntityLabel(name, stance=bore) for name, bore in former.entities.items())),
        stances=(*labels.stances, *map(StanceLabel, former.stances)),
    )


def brought_up(data: Mapping[str, Any], changes: Sequence[Change], epoch: int) -> Outcome:
    """Bring a record to the labels of now, when it was written with those of after `epoch` changes.

    What a former page left on a sentence that was saved again on a later one still has its former labels: those are
    brought up from where they were in use, while labels that the later page had are taken at their word.
    """
    current: Mapping[str, Any] = data
    notes: list[Note] = []
    wrong: list[Complaint] = []
    for number, change in enumerate(changes):
        current, more, complaints = change.apply(current, saved_with=changes[epoch - 1] if number < epoch else None)
        notes += more
        wrong += complaints
    return Outcome(current, tuple(notes), tuple(wrong))


class _Work:
    """One record on its way to the new labels."""

    def __init__(self, change: Change, data: Mapping[str, Any], saved_with: Change | None) -> None:
        self._change, self._data = change, data
        self._kept_types = saved_with.after if saved_with else ()
        self._kept_stances = saved_with.stances_after if saved_with else ()
        self._notes: list[Note] = []
        self._wrong: list[Complaint] = []
        self._ids: dict[str, str | None] = {}  # new id by old id
        self._labels: dict[str, str] = {}  # new label by new id
        self._owed: dict[str, str] = {}  # why gold owes a NEUTRAL, by new id of the target

    def outcome(self, *, gold: bool) -> Outcome:
        entities = list(self._entities())
        stances = self._settled(list(self._stances()))
        if gold:
            stances += self._neutral(entities, {stance["target"] for stance in stances})
        topic = self._topic()
        if not self._notes and not self._wrong:
            return Outcome(self._data, (), ())
        new = {**self._data, "entities": entities, "stances": stances, **topic}
        if new.get("topic_stance") is None:
            new.pop("topic_stance", None)  # as a record without one is written
        return Outcome(new, tuple(self._notes), tuple(self._wrong))

    def _entities(self) -> Iterator[Mapping[str, Any]]:
        text = self._data["text"]
        for entity in self._data["entities"]:
            old, start, end = entity["label"], entity["start"], entity["end"]
            label = old if old in self._kept_types else self._change.entity(old, text, start, end)
            if label is None:
                self._ids[entity["id"]] = None
                self._notes.append(Note("entity", "dropped", entity["id"], None, f"{old} is dropped"))
                continue
            new = entity["id"] if label == old else entity_id(start, end, label)
            self._ids[entity["id"]] = new
            if new in self._labels:
                self._notes.append(Note("entity", "merged", entity["id"], new, "it stands there already"))
                continue
            self._labels[new] = label
            if label != old:
                self._notes.append(Note("entity", "relabelled", entity["id"], new))
                if self._bears(label) and not self._change.before.get(old, True):
                    self._owed[new] = f"{label} bears a stance, {old} bore none"
            yield entity if label == old else {**entity, "id": new, "label": label}

    def _bears(self, label: str) -> bool:
        return self._change.after.get(label, True)

    def _stance(self, old: str) -> str | None:
        return old if old in self._kept_stances else self._change.stances.get(old, old)

    def _topic(self) -> dict[str, Any]:
        """The stance toward the topic as it is now, under its name in the record; nothing where none was given."""
        if (given := self._data.get("topic_stance")) is None:
            return {}
        old = given["label"]
        label = self._stance(old)
        if label is None:
            self._notes.append(Note("topic", "dropped", _whole(old), None, f"{old} is dropped"))
            return {"topic_stance": None}
        if label != old:
            self._notes.append(Note("topic", "relabelled", _whole(old), _whole(label)))
        return {"topic_stance": {**given, "label": label}}

    def _stances(self) -> Iterator[dict[str, Any]]:
        for stance in self._data["stances"]:
            target, old = self._ids[stance["target"]], stance["label"]
            told = _told(stance)
            label = self._stance(old)
            if target is None:
                self._notes.append(Note("stance", "dropped", told, None, "its target is dropped"))
                continue
            if label is None:
                self._notes.append(Note("stance", "dropped", told, None, f"{old} is dropped"))
                self._owed[target] = f"{old} is dropped"
                continue
            if target != stance["target"] and not self._bears(self._labels[target]):
                self._notes.append(Note("stance", "dropped", told, None, f"{self._labels[target]} bears no stance"))
                continue
            holder = stance.get("holder")
            new_holder = None if holder is None else self._ids[holder]
            if holder is not None and (new_holder is None or new_holder == target):
                why = "it is the target now" if new_holder else "it is dropped"
                self._notes.append(Note("holder", "dropped", told, None, why))
                new_holder = None
            new = {**stance, "target": target, "label": label}
            if holder is not None:
                new["holder"] = new_holder
            if label != old:
                self._notes.append(Note("stance", "relabelled", told, _told(new)))
                if label == NEUTRAL:  # nobody takes it, and no words say so
                    new |= {name: None for name in ("holder", "cue") if name in new}
            yield new

    def _settled(self, stances: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each pair of target and holder once. Of what became one target, a stance beats NEUTRAL; two are a fault."""
        if not self._notes:
            return stances
        joined = [new for new, count in Counter(self._ids.values()).items() if new and count > 1]
        kept: dict[tuple[str, str | None], dict[str, Any]] = {}
        for stance in stances:
            other = kept.get(_key(stance))
            if other is not None and len({other["label"], stance["label"], NEUTRAL}) == 3:
                self._conflict(other, stance)
            if other is None or other["label"] == NEUTRAL != stance["label"]:
                kept[_key(stance)] = stance
            else:
                self._notes.append(Note("stance", "merged", _told(stance), _told(other), "it stands there already"))
        for target in joined:
            said = [stance for stance in kept.values() if stance["target"] == target and stance["label"] != NEUTRAL]
            if len({stance["label"] for stance in said}) > 1:
                self._conflict(said[0], said[-1])
            for key in [key for key, stance in kept.items() if said and key[0] == target]:
                if kept[key]["label"] == NEUTRAL:
                    told = _told(kept.pop(key))
                    self._notes.append(Note("stance", "merged", told, _told(said[0]), "their targets are one"))
        return list(kept.values())

    def _conflict(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> None:
        found = f"{_told(one)} and {_told(other)}, which become one; decide in the file first"
        complaint = Complaint(Reason.DUPLICATE_STANCE, found)
        if complaint not in self._wrong:
            self._wrong.append(complaint)

    def _neutral(self, entities: Iterable[Mapping[str, Any]], said: set[str]) -> list[dict[str, Any]]:
        made = []
        for entity in entities:
            why = self._owed.get(entity["id"])
            if why and entity["id"] not in said and self._bears(entity["label"]):
                self._notes.append(Note("stance", "added", None, f"{NEUTRAL} toward {entity['id']}", why))
                made.append(orjson.loads(Stance(target=entity["id"], label=NEUTRAL).to_json()))
        return made


def _key(stance: Mapping[str, Any]) -> tuple[str, str | None]:
    return stance["target"], stance.get("holder")


def _whole(label: str) -> str:
    return f"{label} toward the topic"


def _told(stance: Mapping[str, Any]) -> str:
    holder = stance.get("holder")
    return f"{stance['label']} toward {stance['target']}" + (f" by {holder}" if holder else "")
