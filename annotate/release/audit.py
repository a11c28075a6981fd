"""The gate for datasets that stand already: a release of ours, or anybody's NER dataset in the same form."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from annotate.errors import DataError, Fault, Reason, UsageError
from annotate.records import Span
from annotate.release.bio import entities_of
from annotate.release.dataset_files import NER, TAGS, Table, dataset_tables, renamed, tag_name
from annotate.release.duplicates import Fingerprints
from annotate.release.gate import Check, leaks
from annotate.release.manifest import MANIFEST
from annotate.release.splits import SPLITS, parted
from annotate.release.verify import verify

__all__ = ["audit"]

_COLUMNS = ("id", "article_id", "text", "tokens", TAGS, "offsets")
_ODD = (KeyError, TypeError, ValueError, AttributeError)  # what a row of another shape than the columns promise raises


def audit(folder: Path) -> Iterator[Fault]:
    """Yield everything that speaks against a dataset.

    Every table that has `tokens` and `ner_tags` counts, whether in a Parquet file or from `save_to_disk`. Tags must be
    as many as tokens, words or of a class that the file or the card names, and sound BIO; where there are `text` and
    `offsets`, these must give the tokens; an `id` stands once in its split, and in a release of ours once. Files of
    one dataset, and its card, must name the same classes. No `article_id` and no near-duplicate may stand in two
    splits, and train must have every class. A release of ours is besides compared with its manifest, and its tags with
    its `spans`; checks that it says were waived are left out. The line of a fault is its row, from 1.

    Args:
        folder: the dataset.

    Raises:
        UsageError: no table in it has tokens and tags.
        DataError: a file is no Parquet file.
    """
    allowed: tuple[str, ...] | None = None
    if (folder / MANIFEST).is_file():
        try:
            allowed = verify(folder).allowed
        except DataError as error:
            yield from error.faults
            return
    elif within := sorted(path.parent for path in folder.rglob(MANIFEST)):
        raise UsageError(f"{folder}: is no release but holds some; name one of them, such as {within[-1]}")
    tables = [table for table in dataset_tables(folder) if table.columns >= NER]
    if not tables:
        raise UsageError(
            f"{folder}: holds no Parquet file, and nothing saved to disk, with the columns tokens and {TAGS}"
        )
    yield from _named(tables)
    reading = _Reading(folder, allowed)
    for table in tables:
        yield from reading.take(table)
    yield from reading.end()


class _Reading:
    """What has been seen of a dataset so far."""

    def __init__(self, folder: Path, allowed: Sequence[str] | None) -> None:
        self._folder = folder
        self._ours = allowed is not None
        self._allowed = allowed or ()
        self._texts: list[tuple[str, str]] = []  # of each row, with its article
        self._places: dict[str, str] = {}  # article, or row without one -> split
        self._ids: dict[tuple[str, str], str] = {}  # split, empty in a release of ours, and id -> where it stands
        self._splits: set[str] = set()
        self._kinds: dict[str, None] = {}  # of entities, in the order of the classes
        self._train: Counter[str] = Counter()  # tags

    def take(self, table: Table) -> Iterator[Fault]:
        """Read a table."""
        self._splits.add(table.split)
        self._kinds.update(dict.fromkeys(map(_kind, table.names)))
        check = self._ours and Check.OFF_BORDER not in self._allowed
        entities = _entities(self._folder, table.split) if check else {}
        nameless = False
        for number, row in enumerate(table.rows(_COLUMNS), 1):
            name = "" if row.get("id") is None else str(row["id"])
            try:
                tags = [tag_name(tag, table.names) for tag in row[TAGS]]
                faults = list(_wrong(row, tags, table.names, entities.get(name)))
                faults += self._place(table, number, name, row, tags)
            except _ODD as error:
                faults = [(Reason.SCHEMA, f"cannot be read: {error!r}")]
            for reason, found in faults:
                if reason is Reason.UNKNOWN_LABEL and not table.names:
                    if not nameless:  # one word about the file says as much as one about each row
                        yield Fault(table.file, 0, "", reason, found)
                    nameless = True
                    continue
                yield Fault(table.file, number, name, reason, found)

    def end(self) -> Iterator[Fault]:
        """What speaks against the whole."""
        if Check.LEAKAGE not in self._allowed:
            yield from _alike(self._folder, self._texts, self._places)
        if Check.CLASS_MISSING not in self._allowed and SPLITS[0] in self._splits:
            for kind in filter(None, self._kinds):
                if not self._train[f"B-{kind}"]:
                    yield Fault(str(self._folder), 0, "", Reason.CLASS_MISSING, f"train has no example of {kind}")

    def _place(
        self, table: Table, number: int, name: str, row: Mapping[str, Any], tags: Sequence[str | None]
    ) -> Iterator[tuple[Reason, str]]:
        """Take note of where a row stands."""
        here = f"{table.file}:{number}"
        if name and (before := self._ids.setdefault(("" if self._ours else table.split, name), here)) != here:
            yield Reason.DUPLICATE_ID, f"stands at {before} already"
        article = str(row.get("article_id") or f"row {number} of {Path(table.file).relative_to(self._folder)}")
        home = self._places.setdefault(article, table.split)
        if home != table.split and Check.LEAKAGE not in self._allowed:
            yield Reason.LEAKAGE, f"article {article} is in {home} and in {table.split}"
        self._texts.append((article, row.get("text") or " ".join(row["tokens"])))
        self._kinds.update(dict.fromkeys(_kind(tag) for tag in tags if tag))
        if table.split == SPLITS[0]:
            self._train.update(tag for tag in tags if tag)


def _named(tables: Sequence[Table]) -> Iterator[Fault]:
    """Yield a fault for each file whose classes go by other names than the card, or the file before it, says.

    `datasets` names the classes of all files of a config as the card or else its first file does, and says nothing.
    """
    first: dict[Path, Table] = {}
    for table in tables:
        yield from renamed(table)
        other = first.setdefault(table.config, table) if table.names else table
        if list(other.names) != list(table.names):
            found = f"its classes are {', '.join(table.names)}, and {other.file} has {', '.join(other.names)}"
            yield Fault(table.file, 0, "", Reason.MISMATCH, found)


def _wrong(
    row: Mapping[str, Any], tags: Sequence[str | None], names: Sequence[str], expected: set[str] | None
) -> Iterator[tuple[Reason, str]]:
    tokens = row["tokens"]
    if len(tokens) != len(tags):
        yield Reason.WRONG_TAG, f"{len(tags)} tags for {len(tokens)} tokens"
        return
    if strange := sorted({given for given, tag in zip(row[TAGS], tags, strict=True) if tag is None}):
        what = f"classes {strange} of {len(names)}"
        yield Reason.UNKNOWN_LABEL, what if names else f"neither the file nor a card names the classes of {TAGS}"
        return
    text, offsets = row.get("text"), row.get("offsets")
    spans = [Span(at, at + 1) for at in range(len(tokens))]
    if text is not None and offsets is not None:
        astray = len(offsets) != len(tokens)
        if astray or any(text[start:end] != token for (start, end), token in zip(offsets, tokens, strict=False)):
            yield Reason.WRONG_TEXT, "text and offsets do not give the tokens"
            return
        spans = [Span(*offset) for offset in offsets]
    try:
        found = {entity.id for entity in entities_of(spans, [str(tag) for tag in tags])}
    except DataError as error:
        yield from ((Reason.WRONG_TAG, fault.found) for fault in error.faults)
        return
    if expected is not None and found != expected:
        yield Reason.WRONG_TAG, f"tags and spans differ in {', '.join(sorted(found ^ expected))}"


def _kind(tag: str) -> str:
    return tag.partition("-")[2]


def _entities(folder: Path, split: str) -> dict[str, set[str]]:
    """Entity ids by sentence, of the config `spans` of a release of ours."""
    import pyarrow.parquet as pq

    path = folder / "spans" / f"{split}.parquet"
    if not path.is_file():
        return {}
    rows = pq.read_table(path, columns=["id", "entities"]).to_pylist()
    return {row["id"]: {entity["id"] for entity in row["entities"]} for row in rows}


def _alike(folder: Path, texts: list[tuple[str, str]], places: Mapping[str, str]) -> Iterator[Fault]:
    prints = Fingerprints()
    for article, text in texts:
        prints.add(article, text)
    yield from leaks(str(folder), parted(prints.pairs(lambda: texts), places), places)
