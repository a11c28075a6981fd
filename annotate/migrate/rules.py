"""The rules of a migration: read from TOML or JSON, checked against a label set, turned into a change."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import orjson

from annotate.errors import UsageError
from annotate.labels import NEUTRAL, EntityLabel, LabelSet, StanceLabel, is_name
from annotate.relabel import Change, Rule, Split, folded
from annotate.schema import shipped

__all__ = ["Migration", "read_rules"]

L = TypeVar("L", EntityLabel, StanceLabel)
_WHERE = ("regex", "before", "after")


@dataclass(frozen=True, slots=True)
class Migration:
    """What a file of rules comes to: the change, and the label set afterwards."""

    change: Change
    labels: LabelSet


def read_rules(path: Path, labels: LabelSet) -> Migration:
    """Read rules and work out what they make of a label set.

    Args:
        path: the rules, TOML or JSON by the schema `migration`; lists that they name lie beside it.
        labels: the label set as it is.

    Raises:
        UsageError: the file cannot be read, does not fit its schema, or does not fit the label set; all is said.
    """
    rules = _decoded(path)
    if wrong := list(_against_schema(rules)):
        raise UsageError("\n".join(f"{path}: {message}" for message in wrong))
    try:
        return _Plan(path, rules, labels).migration()
    except _Wrong as error:
        raise UsageError("\n".join(f"{path}: {message}" for message in error.args[0])) from error


class _Wrong(Exception):
    """The rules do not fit the label set; every reason."""


def _decoded(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes()
        found = orjson.loads(text) if path.suffix == ".json" else tomllib.loads(text.decode("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:  # of either kind of file, and of bytes that are not UTF-8
        raise UsageError(f"{path}: {error}") from error
    if not isinstance(found, dict):
        raise UsageError(f"{path}: an object of rules is needed")
    return found


def _against_schema(rules: Mapping[str, Any]) -> Iterator[str]:
    from jsonschema import Draft202012Validator

    schema = orjson.loads((shipped("schemas") / "migration.schema.json").read_bytes())
    for error in sorted(Draft202012Validator(schema).iter_errors(rules), key=lambda e: list(map(str, e.path))):
        place = ".".join(map(str, error.absolute_path))
        yield f"{place}: {error.message}" if place else error.message


class _Plan:
    """Rules and the label set they are for."""

    def __init__(self, path: Path, rules: Mapping[str, Any], labels: LabelSet) -> None:
        self._path, self._labels = path, labels
        self._version: str = rules["version"]
        self._types: Mapping[str, Any] = rules.get("entities", {})
        self._stances: Mapping[str, Any] = rules.get("stances", {})
        self._wrong: list[str] = []

    def migration(self) -> Migration:
        labels = self._labels
        if self._version == labels.version:
            self._wrong.append(f"version: the label set is {labels.version!r} already; a change needs another name")
        splits = {rule["label"]: self._split(rule) for rule in self._types.get("split", ())}
        types = _Names("entities", self._types, [e.name for e in labels.entities], splits)
        names = _Names("stances", self._stances, [s.name for s in labels.stances], {})
        self._wrong += [*types.wrong(), *names.wrong()]
        if NEUTRAL in names.mapped:
            self._wrong.append(f"stances: {NEUTRAL} is what an entity without a stance is, and stays")
        if self._wrong:
            raise _Wrong(list(dict.fromkeys(self._wrong)))
        made_types = [EntityLabel(**it) for it in self._types.get("add", ())]
        made_stances = [StanceLabel(**it) for it in self._stances.get("add", ())]
        after = replace(
            labels,
            version=self._version,
            entities=tuple(_arranged(labels.entities, types, made_types)),
            stances=tuple(_arranged(labels.stances, names, made_stances)),
        )
        change = Change(
            versions=(labels.version, after.version),
            before={e.name: e.stance for e in labels.entities},
            after={e.name: e.stance for e in after.entities},
            entities=types.mapped,
            splits=splits,
            stances_before=tuple(labels.stance_names),
            stances_after=tuple(after.stance_names),
            stances=names.mapped,
        )
        if not after.entities:
            raise _Wrong(["entities: no type would be left"])
        return Migration(change, after)

    def _split(self, rule: Mapping[str, Any]) -> Split:
        return Split(into=tuple(map(self._rule, rule["into"])), otherwise=rule["otherwise"])

    def _rule(self, rule: Mapping[str, Any]) -> Rule:
        for name in _WHERE:
            try:
                re.compile(rule.get(name, ""))
            except re.error as error:
                self._wrong.append(f"entities.split: {name} {rule[name]!r} is no regular expression: {error}")
        surfaces = [*rule.get("surfaces", ()), *(self._lines(rule["file"]) if "file" in rule else ())]
        return Rule(
            label=rule["label"],
            surfaces=tuple(sorted({folded(surface) for surface in surfaces})),
            **{name: rule.get(name) for name in _WHERE},
        )

    def _lines(self, name: str) -> Sequence[str]:
        path = self._path.parent / name
        try:
            lines = [line.strip() for line in path.read_text("utf-8-sig").splitlines()]
        except (OSError, UnicodeDecodeError) as error:
            self._wrong.append(f"entities.split: {path}: {error}")
            return ()
        if not (found := [line for line in lines if line and not line.startswith("#")]):
            self._wrong.append(f"entities.split: {path}: has no line, so it would take nothing")
        return found


class _Names:
    """What the rules of one kind of label do to the names."""

    def __init__(self, place: str, rules: Mapping[str, Any], known: Sequence[str], splits: Mapping[str, Split]) -> None:
        self._place, self._known, self._splits = place, known, splits
        self.renamed: Mapping[str, str] = rules.get("rename", {})
        self.merged: Mapping[str, Sequence[str]] = rules.get("merge", {})
        self._dropped: Sequence[str] = rules.get("drop", ())
        self._split_labels = [rule["label"] for rule in rules.get("split", ())]
        self.added: list[str] = [label["name"] for label in rules.get("add", ())]
        # A type that is merged into itself stays; naming it is allowed, since it reads well.
        gone = [(old, new) for new, olds in self.merged.items() for old in olds if old != new]
        self.mapped: dict[str, str | None] = {**self.renamed, **dict(gone), **dict.fromkeys(self._dropped)}
        self._touched = [*self.renamed, *(old for old, _ in gone), *self._dropped, *self._split_labels]

    @property
    def parted(self) -> Mapping[str, list[str]]:
        """By type that is split, what comes of it: what no rule takes first."""
        return {
            old: list(dict.fromkeys([split.otherwise, *(rule.label for rule in split.into)]))
            for old, split in self._splits.items()
        }

    @property
    def new(self) -> list[str]:
        """Names that the rules bring in and that need a place, in order."""
        coming = [*self.renamed.values(), *self.merged, *(name for names in self.parted.values() for name in names)]
        return [name for name in dict.fromkeys([*coming, *self.added]) if name not in self._known]

    def wrong(self) -> Iterator[str]:
        """Say what does not fit."""
        for name in dict.fromkeys(self._touched):
            if name not in self._known:
                yield f"{self._place}: {name!r} is none of {', '.join(self._known)}"
        for name, count in Counter(self._touched).items():
            if count > 1:
                yield f"{self._place}: there are {count} rules for {name}, and one at most can be followed"
        yield from self._wrong_targets()
        for name in self.new:
            if name == "O":
                yield f"{self._place}: no label can be called 'O', the class of tokens outside any entity"
            elif not is_name(name):
                yield f"{self._place}: {name!r} is no name; letters, digits and _ are"

    def _wrong_targets(self) -> Iterator[str]:
        for name, count in Counter(self.added).items():
            if count > 1 or name in self._known:
                yield f"{self._place}.add: {name} is there already"
        for name, count in Counter(self.renamed.values()).items():
            if count > 1:
                yield f"{self._place}.rename: {count} become {name}, which is a merge"
            if name in self._known:
                yield f"{self._place}.rename: {name} is there already; to make two labels one, merge them"
        stay = {name for name, parts in self.parted.items() if name in parts}
        going = {*self.mapped, *self.parted} - stay
        for name in dict.fromkeys([*self.merged, *(part for parts in self.parted.values() for part in parts)]):
            if name in going:
                yield f"{self._place}: {name} goes by one rule and comes by another; take a name that is new"


def _arranged(before: Sequence[L], names: _Names, made: Iterable[L]) -> Iterator[L]:
    """The labels afterwards: renamed ones in their places, what was merged where the first of it stood."""
    look = {label.name: label for label in made}
    known = {label.name for label in before}
    there: set[str] = set()
    firsts = {olds[0]: new for new, olds in names.merged.items() if new not in known}

    def come(name: str, like: L) -> Iterator[L]:
        if name not in there:
            there.add(name)
            yield look.get(name) or like

    for label in before:
        if label.name in names.parted:
            for name in names.parted[label.name]:
                yield from come(name, label if name == label.name else _bare(label, name))
        elif label.name in names.renamed:
            yield from come(names.renamed[label.name], replace(label, name=names.renamed[label.name]))
        elif label.name in firsts:
            yield from come(firsts[label.name], replace(label, name=firsts[label.name]))
        elif label.name not in names.mapped:
            yield from come(label.name, label)
    for name, label in look.items():
        yield from come(name, label)


def _bare(label: L, name: str) -> L:
    """A label like another in what it means for the data, without the other's key, colour and words."""
    if isinstance(label, EntityLabel):
        return EntityLabel(name, stance=label.stance)
    return StanceLabel(name)
