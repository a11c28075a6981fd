"""What two releases come from, and in what that differs: label set, inputs, versions, and how they were cut."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from annotate.labels import EntityLabel, LabelSet, StanceLabel
from annotate.release.manifest import MANIFEST, Manifest, sha256_of

__all__ = ["Difference", "Lineage", "lineage"]

_EARLIER = "earlier"
_SHORT = 12  # hex digits of a hash that are shown to people


class Difference(NamedTuple):
    """One thing in which the origins differ: what it is, and what each side has; None where a side has nothing."""

    what: str  # such as "tool splitter", "input gold", "label PER"
    before: str | None
    after: str | None

    @property
    def shown(self) -> str:
        """The difference as a line for people, hashes cut short."""
        return f"{self.what}: {_cut(self.before)} → {_cut(self.after)}"


@dataclass(frozen=True, slots=True)
class Lineage:
    """The origins of two releases compared."""

    follows: bool  # whether the later was built upon the earlier, whose articles kept their splits
    differences: tuple[Difference, ...]


def lineage(before: Path, after: Path) -> Lineage:
    """Compare what the manifests of two release folders say about where the releases come from.

    Compared are the label set with its definitions, every input's hash, the versions of toolkit, splitter, tokenizer,
    schema and all else that the manifest names, the engines of the pre-labels, seed, fractions and rule of the splits,
    waived checks, and name and licence. Counts follow from these and from gold, and are not named.

    Raises:
        UsageError: a folder is no release.
        DataError: a manifest cannot be read.
    """
    old, new = Manifest.read(before), Manifest.read(after)
    follows = any(it.role == _EARLIER and it.sha256 == sha256_of(before / MANIFEST) for it in new.inputs)
    return Lineage(follows, tuple(_differences(old, new)))


def _differences(old: Manifest, new: Manifest) -> Iterator[Difference]:
    for what in ("name", "version", "license"):
        yield from _one(what, getattr(old, what), getattr(new, what))
    yield from _labels(old.labels, new.labels)
    yield from _each("tool", old.tools, new.tools)
    yield from _each("engine", _engines(old), _engines(new))
    yield from _each("input", _inputs(old), _inputs(new))
    yield from _one("split by", old.split_by, new.split_by)
    yield from _each("split rule", old.split_rule, new.split_rule)
    yield from _one("seed", old.seed, new.seed)
    yield from _one("fractions", _fractions(old), _fractions(new))
    yield from _one("checks waived", ", ".join(old.allowed) or None, ", ".join(new.allowed) or None)


def _labels(old: LabelSet, new: LabelSet) -> Iterator[Difference]:
    yield from _one("label set", old.version, new.version)
    yield from _one("topic", _topic(old), _topic(new))
    both = (("label", old.entities, new.entities), ("stance", old.stances, new.stances))
    for kind, before, after in both:
        yield from _one(f"{kind}s", ", ".join(it.name for it in before), ", ".join(it.name for it in after))
        was = {it.name: _meaning(it) for it in before}
        now = {it.name: _meaning(it) for it in after}
        yield from _each(kind, {n: was[n] for n in was if n in now}, {n: now[n] for n in was if n in now})


def _topic(labels: LabelSet) -> str | None:
    return "; ".join(filter(None, [labels.topic.text, labels.topic.help])) if labels.topic else None


def _meaning(label: EntityLabel | StanceLabel) -> str:
    """What a label is to the data: its words, and whether it bears a stance."""
    bears = ["no stance"] if isinstance(label, EntityLabel) and not label.stance else []
    return "; ".join([it for it in (label.title, label.help) if it] + bears) or "(nothing said)"


def _engines(manifest: Manifest) -> Mapping[str, str]:
    """Versions of the pre-label engines by name, those of each that people worked on."""
    found: dict[str, list[str]] = {}
    for engine in manifest.annotated.engines if manifest.annotated else ():
        name, _, version = engine.rpartition(" ")
        found.setdefault(name, []).append(version)
    return {name: ", ".join(sorted(versions)) for name, versions in found.items()}


def _inputs(manifest: Manifest) -> Mapping[str, str]:
    return {it.role: it.sha256 for it in manifest.inputs if it.role != _EARLIER}


def _fractions(manifest: Manifest) -> str:
    return "/".join(f"{fraction:g}" for fraction in manifest.fractions)


def _one(what: str, before: str | None, after: str | None) -> Iterator[Difference]:
    if before != after:
        yield Difference(what, before, after)


def _each(what: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        yield from _one(f"{what} {name}", before.get(name), after.get(name))


def _cut(value: str | None) -> str:
    if value is None:
        return "none"
    hashed = len(value) == 64 and all(sign in "0123456789abcdef" for sign in value)
    return value[:_SHORT] if hashed else value
