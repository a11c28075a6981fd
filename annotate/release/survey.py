"""The first reading of gold: every record checked, what each article holds, and which articles belong together."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotate import check
from annotate.errors import Fault
from annotate.jsonl import read
from annotate.labels import LabelSet
from annotate.records import Gold
from annotate.release.bio import off_border
from annotate.release.duplicates import Fingerprints, Pair, near_duplicates
from annotate.release.gate import Check, Place, overlapping, problems, snapped
from annotate.release.tables import stance_toward
from annotate.split import tokenize

__all__ = ["Survey", "survey"]


@dataclass(slots=True)
class Survey:
    """What is in a gold file."""

    faults: list[Fault] = field(default_factory=list)  # of its records, in file order
    articles: dict[str, Counter[str]] = field(default_factory=dict)  # id -> sentences and labels; of sound records
    sentences: set[str] = field(default_factory=set)  # ids, of records with faults too
    pairs: list[Pair] = field(default_factory=list)  # articles that belong together
    snapped: int = 0  # entities that were widened
    mentioned: set[str] = field(default_factory=set)  # labels that records with faults name


def survey(
    file: Path,
    shown: str,
    labels: LabelSet,
    *,
    texts: Mapping[str, str],
    snap: bool = False,
    allow: Collection[Check] = (),
) -> Survey:
    """Read a gold file.

    Args:
        file: the file.
        shown: how messages name it.
        labels: the label set of the release.
        texts: texts by article id, with which sentences are compared.
        snap: widen entities that do not end where tokens do.
        allow: checks that are waived.
    """
    found = Survey()
    faults = [fault._replace(file=shown) for fault in check.faults(file, Gold, labels, texts)]
    broken = {fault.line for fault in faults}
    places: dict[str, list[Place]] = {}
    prints = Fingerprints()
    for line in read(file):
        if isinstance(name := line.data.get("id"), str):
            found.sentences.add(name)
        if line.number in broken:
            found.mentioned.update(_labels(line.data))
            continue
        record = Gold.from_dict(line.data)
        tokens = tokenize(record.text, record.lang)
        if snap:
            found.snapped += sum(1 for _ in off_border(tokens, record.entities))
            record = snapped(record, tokens)
        if wrong := list(problems(shown, line.number, record, tokens, labels=labels, allow=allow)):
            faults += wrong
            found.mentioned.update(_labels(line.data))
        else:
            found.articles.setdefault(record.article_id, Counter()).update(_held(record, labels))
        places.setdefault(record.article_id, []).append(Place(record.start, record.end, line.number, record.id))
        prints.add(record.article_id, record.text)
    for article in places.values():
        faults.extend(overlapping(shown, article))
    found.faults = sorted(faults, key=lambda fault: fault.line)
    candidates = prints.candidates()
    sentences = (
        (line.data["article_id"], line.data["text"]) for line in read(file) if candidates and line.number not in broken
    )
    alike = near_duplicates(candidates, sentences)
    told = {pair[:2] for pair in alike}
    found.pairs = [*alike, *(pair for pair in prints.sharing() if pair[:2] not in told)]
    return found


def _held(record: Gold, labels: LabelSet) -> Counter[str]:
    held = Counter(sentences=1)
    for entity in record.entities:
        held[f"entity {entity.label}"] += 1
        if labels.bears_stance(entity.label):
            held[f"stance {stance_toward(entity, record).label}"] += 1
    if record.topic_stance:
        held[f"topic {record.topic_stance.label}"] += 1
    return held


def _labels(data: Mapping[str, Any]) -> set[str]:
    """The labels that a record with faults names, as far as it can be read."""
    items = [item for name in ("entities", "stances") if isinstance(data.get(name), list) for item in data[name]]
    return {item["label"] for item in items if isinstance(item, dict) and isinstance(item.get("label"), str)}
