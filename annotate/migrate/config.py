"""`annotate.toml` with another label set: only the lines that say otherwise change, comments and order stay."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from annotate.errors import UsageError
from annotate.labels import EntityLabel, LabelSet, StanceLabel
from annotate.relabel import Change
from annotate.start import label_lines
from annotate.workspace import CONFIG, Workspace

__all__ = ["edited", "moved_thresholds"]

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\s]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*(?:"([^"\\]+)"|'([^']+)'|([A-Za-z0-9_-]+))\s*=""")
_TABLES = "what can be edited are tables: [labels], [[labels.entities]], [[labels.stances]] and [threshold]"
_ENTITIES, _STANCES = "[[labels.entities", "[[labels.stances"


def edited(here: Workspace, text: str, change: Change, labels: LabelSet) -> str:
    """Write the label set of a migration into the text of `annotate.toml`.

    What comes out is read back, and must say what was there before but for labels and thresholds.

    Args:
        here: the workspace that `text` describes.
        text: the file as it is, line ends and all.
        change: what becomes of each label.
        labels: the label set afterwards.

    Raises:
        UsageError: the labels are written in a way that cannot be edited in place, or do not go together.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    # What is added ends its lines as the rest does.
    returns = 0 < text.count("\n") == text.count("\r\n")
    blocks = _blocks(text.removeprefix(mark).replace("\r\n", "\n") if returns else text.removeprefix(mark))
    _set_version(blocks, labels.version)
    moved = {old: new for old, new in change.entities.items() if new}
    _arrange(blocks, _ENTITIES, here.labels.entities, labels.entities, moved)
    _arrange(
        blocks, _STANCES, here.labels.stances, labels.stances, {old: new for old, new in change.stances.items() if new}
    )
    thresholds = moved_thresholds(here.thresholds, change)
    _set_thresholds(blocks, here.thresholds, thresholds, moved)
    made = "".join(block.text for block in blocks)
    made = made.replace("\n", "\r\n") if returns else made
    wanted = replace(here, labels=labels, thresholds=thresholds)
    try:
        found = Workspace.of(here.root, made)
    except UsageError as error:
        raise UsageError(f"{error} (as the migration would leave the file; {_TABLES})") from error
    if found != wanted:
        raise UsageError(f"{here.root / CONFIG}: the labels cannot be changed in place; {_TABLES}")
    return mark + made


def moved_thresholds(thresholds: Mapping[str, float], change: Change) -> dict[str, float]:
    """Thresholds by the new names. A name that stays keeps its own; of several that become one the first counts."""
    kept = {label: least for label, least in thresholds.items() if label in change.after}
    for label, least in thresholds.items():
        if label in change.splits:
            for name in (change.splits[label].otherwise, *(rule.label for rule in change.splits[label].into)):
                kept.setdefault(name, least)
        elif new := change.entities.get(label):
            kept.setdefault(new, least)
    return kept


@dataclass(slots=True)
class _Block:
    """A table of the file: what stands before its header, and its lines."""

    head: str  # such as "[labels"; "" for what stands before all tables
    lead: str  # blank lines and comments before it
    lines: list[str]

    @property
    def text(self) -> str:
        return self.lead + "".join(self.lines)


def _blocks(text: str) -> list[_Block]:
    blocks = [_Block("", "", [])]
    quotes = ""  # of a text over several lines that is open
    for line in text.splitlines(keepends=True):
        found = None if quotes else _HEADER.match(line.rstrip("\r\n"))
        if found:
            blocks.append(_Block(found[1] + re.sub(r"\s", "", found[2]), "", [line]))
        else:
            blocks[-1].lines.append(line)
        quotes = _open_quotes(line, quotes)
    for block, following in pairwise(blocks):
        at = len(block.lines)
        while at > (1 if block.head else 0) and _says_nothing(block.lines[at - 1]):
            at -= 1
        following.lead = "".join(block.lines[at:])
        del block.lines[at:]
    return blocks


def _open_quotes(line: str, quotes: str) -> str:
    for mark in re.findall(r'"""|\'\'\'', line):
        if not quotes:
            quotes = mark
        elif quotes == mark:
            quotes = ""
    return quotes


def _says_nothing(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _set_version(blocks: list[_Block], version: str) -> None:
    line = f'version = "{version}"'
    for block in blocks:
        if block.head == "[labels":
            for at, old in enumerate(block.lines):
                if found := re.match(r"\s*version\s*=\s*(\"[^\"\\]*\"|'[^']*')", old):
                    block.lines[at] = f'{old[: found.start(1)]}"{version}"{old[found.end(1) :]}'
                    return
            block.lines.insert(1, line + "\n")
            return
    at = next((n for n, block in enumerate(blocks) if block.head in (_ENTITIES, _STANCES)), len(blocks))
    _end_line(blocks, at)
    blocks.insert(at, _Block("[labels", "\n", ["[labels]\n", line + "\n"]))


def _arrange(
    blocks: list[_Block],
    head: str,
    before: Sequence[EntityLabel | StanceLabel],
    after: Sequence[EntityLabel | StanceLabel],
    moved: Mapping[str, str],
) -> None:
    """Put the tables of one kind of label in order, the renamed ones under their new names and the new ones added."""
    if tuple(before) == tuple(after):
        return
    there = [block for block in blocks if block.head == head]
    known = {label.name: label for label in before}
    by_name = dict(zip(known, there, strict=False))
    made: list[_Block] = []
    for label in after:
        old = known.get(label.name)
        if old is None:
            source = next((name for name, new in moved.items() if new == label.name), None)
            old = known[source] if source and replace(known[source], name=label.name) == label else None
        block = by_name.pop(old.name, None) if old else None
        if block and old and old.name != label.name:
            _rename(block, old.name, label.name)
        made.append(block or _Block(head, "\n", [f"{line}\n" for line in label_lines(label)]))
    made[0].lead = "".join(it.lead for it in by_name.values() if it.lead.strip()) + made[0].lead
    at = blocks.index(there[0]) if there else len(blocks)
    blocks[:] = [block for block in blocks if block.head != head]
    _end_line(blocks, at)
    blocks[at:at] = made


def _rename(block: _Block, old: str, new: str) -> None:
    for at, line in enumerate(block.lines):
        if found := re.match(rf"\s*name\s*=\s*([\"']){re.escape(old)}\1", line):
            block.lines[at] = f"{line[: found.end() - len(old) - 1]}{new}{line[found.end() - 1 :]}"
            return


def _set_thresholds(
    blocks: list[_Block], before: Mapping[str, float], after: Mapping[str, float], moved: Mapping[str, str]
) -> None:
    block = next((block for block in blocks if block.head == "[threshold"), None)
    if block is None or dict(before) == dict(after):
        return
    written: set[str] = set()
    lines: list[str] = []
    for line in block.lines:
        found = _KEY.match(line)
        label = next((name for name in found.groups() if name), "") if found else ""
        if not found or label not in before:
            lines.append(line)
            continue
        name = label if label in after else moved.get(label, "")
        if name and name not in written and after[name] == before[label]:
            written.add(name)
            lines.append(line.replace(label, _key(name) if found[3] else name, 1))
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    block.lines = lines + [f"{_key(name)} = {least}\n" for name, least in after.items() if name not in written]


def _key(name: str) -> str:
    """A label as a key of TOML, which takes no letters beyond those of English without quotes."""
    return name if name.isascii() else f'"{name}"'


def _end_line(blocks: list[_Block], at: int) -> None:
    """See to it that what stands before a new table ends its line."""
    if at and (lines := blocks[at - 1].lines) and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
