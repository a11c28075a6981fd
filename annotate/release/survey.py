"""The one reading of gold: every record checked, what each article holds, which belong together, the rows put by."""

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from annotate.check import checked
from annotate.errors import Fault, Reason
from annotate.jsonl import Line, in_batches, read
from annotate.labels import LabelSet
from annotate.records import Gold, Span
from annotate.release.bio import off_border
from annotate.release.duplicates import Fingerprints, Pair
from annotate.release.gate import Check, overlapping, problems, snapped
from annotate.release.spool import Spool
from annotate.split import languages

if TYPE_CHECKING:
    from annotate.split.columns import TokenColumns

__all__ = ["Made", "Survey", "survey"]

_BATCH = 2_000  # sentences
_POINTS = 500_000  # code points of a batch, at most, but for one long sentence


class Made(NamedTuple):
    """How sentences of an article came about."""

    article: str
    lang: str
    splitter: str | None
    method: str
    annotators: tuple[str, ...]


@dataclass(slots=True)
class Survey:
    """What is in a gold file."""

    faults: list[Fault] = field(default_factory=list)  # of its records, in file order
    articles: dict[str, Counter[str]] = field(default_factory=dict)  # id -> sentences and labels; of sound records
    tokens: Counter[str] = field(default_factory=Counter)  # by article id
    made: Counter[Made] = field(default_factory=Counter)  # sentences by how they came about
    met: set[str] = field(default_factory=set)  # of the sentences asked for those there are, with faults or not
    pairs: list[Pair] = field(default_factory=list)  # articles that belong together
    snapped: int = 0  # entities that were widened
    engines: set[str] = field(default_factory=set)  # what proposed the entities that people kept, where gold says it
    mentioned: set[str] = field(default_factory=set)  # labels that records with faults name


def survey(
    file: Path,
    shown: str,
    labels: LabelSet,
    spool: Spool,
    *,
    texts: Mapping[str, str],
    wanted: Collection[str] = (),
    snap: bool = False,
    allow: Collection[Check] = (),
) -> Survey:
    """Read a gold file.

    Args:
        file: the file.
        shown: how messages name it.
        labels: the label set of the release.
        spool: takes the rows; they are all there when no fault was found.
        texts: texts by article id, with which sentences are compared.
        wanted: ids of sentences of which the survey shall say whether they are there.
        snap: widen entities that do not end where tokens do.
        allow: checks that are waived.
    """
    reading = _Reading(shown, labels, spool, snap, allow)
    for batch in in_batches(checked(file, Gold, labels, texts), _points, most=_BATCH, points=_POINTS):
        for line, _ in batch:
            if isinstance(name := line.data.get("id"), str) and name in wanted:
                reading.found.met.add(name)
        for line, faults in batch:
            if faults:
                reading.refuse(line.number, line.data, [fault._replace(file=shown) for fault in faults])
        reading.take([line for line, faults in batch if not faults])
    return reading.end(file)


class _Reading:
    """What has been seen of a file so far."""

    def __init__(self, shown: str, labels: LabelSet, spool: Spool, snap: bool, allow: Collection[Check]) -> None:
        self._shown, self._labels, self._spool, self._snap, self._allow = shown, labels, spool, snap, allow
        self._languages = languages()
        self._prints = Fingerprints()
        self._places: dict[str, array[int]] = {}  # article id -> start, end and line of each sentence
        self._broken: set[int] = set()  # lines that break the contract
        self.found = Survey()

    def refuse(self, line: int, data: Mapping[str, Any], faults: Sequence[Fault]) -> None:
        """Take note of a record that breaks the contract."""
        self._broken.add(line)
        self._fault(data, faults)

    def take(self, lines: Sequence[Line]) -> None:
        """Take in records that are sound by the contract."""
        from annotate.release.sheet import Sheet

        lines = list(self._spoken(lines))
        records: list[Mapping[str, Any]] = [line.data for line in lines]
        tokens = _tokens(records)
        if self._snap:
            records = [self._widened(record, tokens.of_text(at)) for at, record in enumerate(records)]
        for line, record in zip(lines, records, strict=True):
            article = intern(record["article_id"])
            self._places.setdefault(article, array("q")).extend((record["start"], record["end"], line.number))
            self._prints.add(article, record["text"])
        sheet = Sheet(records, tokens, self._labels)
        refused: set[int] = set()
        for at in sheet.odd():
            gold, number = Gold.from_dict(records[at]), lines[at].number
            about = problems(self._shown, number, gold, tokens.of_text(at), labels=self._labels, allow=self._allow)
            if faults := list(about):
                self._fault(records[at], faults)
                refused.add(at)
        if refused:
            kept = [record for at, record in enumerate(records) if at not in refused]
            sheet = Sheet(kept, _tokens(kept), self._labels)
        for article, held in sheet.held().items():
            self.found.articles.setdefault(article, Counter()).update(held)
        for record, count in zip(sheet.records, sheet.counts_of(sheet.token_of).tolist(), strict=True):
            self.found.tokens[record["article_id"]] += count
            self.found.made[_made(record)] += 1
        self.found.engines |= {
            it["source"] for record in sheet.records for it in record["entities"] if it.get("source")
        }
        if not self.found.faults:
            self._spool.add(sheet)

    def end(self, file: Path) -> Survey:
        """Say what there is, once all is read."""
        found = self.found
        for article, places in self._places.items():
            found.faults.extend(overlapping(self._shown, article, zip(*(places[n::3] for n in range(3)), strict=True)))
        found.faults.sort(key=lambda fault: fault.line)
        found.pairs = self._prints.pairs(lambda: self._sentences(file) if found.faults else self._spool.sentences())
        return found

    def _sentences(self, file: Path) -> Iterator[tuple[str, str]]:
        for line in read(file):
            if line.number not in self._broken:
                yield line.data["article_id"], line.data["text"]

    def _spoken(self, lines: Sequence[Line]) -> Iterator[Line]:
        """The lines whose language has tokens; the others are refused."""
        for line in lines:
            if (lang := line.data["lang"]) in self._languages:
                yield line
            else:
                found = f"{lang!r} (known: {', '.join(self._languages)})"
                self.refuse(
                    line.number,
                    line.data,
                    [Fault(self._shown, line.number, line.data["id"], Reason.UNKNOWN_LANGUAGE, found)],
                )

    def _fault(self, data: Mapping[str, Any], faults: Iterable[Fault]) -> None:
        self.found.faults.extend(faults)
        self.found.mentioned.update(_labels(data))

    def _widened(self, data: Mapping[str, Any], tokens: Sequence[Span]) -> Mapping[str, Any]:
        record = Gold.from_dict(data)
        self.found.snapped += sum(1 for _ in off_border(tokens, record.entities))
        moved = snapped(record, tokens)
        widened: Mapping[str, Any] = data if moved is record else orjson.loads(moved.to_json())
        return widened


def _points(read: tuple[Line, list[Fault]]) -> int:
    line, faults = read
    return 0 if faults else len(line.data["text"])


def _tokens(records: Sequence[Mapping[str, Any]]) -> "TokenColumns":
    from annotate.split.columns import token_columns

    return token_columns([record["text"] for record in records], {record["lang"] for record in records})


def _made(record: Mapping[str, Any]) -> Made:
    how = record["resolution"]
    people = tuple(how.get("annotators") or ())
    return Made(record["article_id"], record["lang"], record.get("splitter"), how["method"], people)


def _labels(data: Mapping[str, Any]) -> set[str]:
    """The labels that a record with faults names, as far as it can be read."""
    items = [item for name in ("entities", "stances") if isinstance(data.get(name), list) for item in data[name]]
    items.append(data.get("topic_stance"))
    return {item["label"] for item in items if isinstance(item, dict) and isinstance(item.get("label"), str)}
