"""Reads files of records and says everything that is wrong with them: the schema, then what a schema cannot say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from annotate.aksharas import is_boundary
from annotate.errors import DataError, Fault, Reason
from annotate.jsonl import Line, name_of, read
from annotate.labels import DEFAULT, LabelSet
from annotate.records import Annotation, Article, Labeled, Record, Sentence, entity_id, sentence_id
from annotate.schema import Complaint, Schema, kind_of

__all__ = ["article_texts", "checked", "complaints", "faults", "records"]

R = TypeVar("R", bound=Record)

_QUARANTINED = {"reasons", "annotation", "annotation_id"}  # fields of what pull puts aside


def records(path: Path, kind: type[R], labels: LabelSet = DEFAULT) -> Iterator[R]:
    """Stream the records of a JSONL file, each one checked.

    Args:
        path: the file; `-` is stdin.
        kind: the record type that every line must be.
        labels: the labels that may occur.

    Yields:
        The sound records in file order.

    Raises:
        DataError: at the end of the file, with every fault of every line, when there was one.
        UsageError: the file cannot be opened.
    """
    found: list[Fault] = []
    lines = 0
    for line, wrong in checked(path, kind, labels, {}):
        lines += 1
        if wrong:
            found += wrong
        else:
            yield kind.from_dict(line.data)
    if len(found) == lines > 1 and all(fault.reason is Reason.NOT_A_RECORD for fault in found):
        # The wrong file was named: once is enough to say so.
        raise DataError([found[0]._replace(found=f"{found[0].found}; so are the other {lines - 1} lines")])
    if found:
        raise DataError(found)


def faults(
    path: Path,
    kind: type[Record] | None = None,
    labels: LabelSet = DEFAULT,
    articles: Mapping[str, str] | None = None,
) -> Iterator[Fault]:
    """Yield every fault of a JSONL file, in file order.

    Args:
        path: the file; `-` is stdin.
        kind: the record type; by default what the first readable line looks like.
        labels: the labels that may occur.
        articles: texts by article id, against which sentences are compared; articles not in it are not.
    """
    for _, wrong in checked(path, kind, labels, articles or {}):
        yield from wrong


def article_texts(files: Iterable[Path]) -> dict[str, str]:
    """Texts by article id of those files whose first readable line is an article; broken lines are passed over."""
    texts: dict[str, str] = {}
    for path in files:
        for line in read(path):
            if line.fault:
                continue
            if kind_of(line.data) is not Article:
                break
            name, text = line.data.get("id"), line.data.get("text")
            if isinstance(name, str) and isinstance(text, str):
                texts[name] = text
    return texts


def checked(
    path: Path, kind: type[Record] | None, labels: LabelSet, articles: Mapping[str, str]
) -> Iterator[tuple[Line, list[Fault]]]:
    """Yield every line of a JSONL file with all its faults, in file order; those without are sound.

    Args:
        path: the file; `-` is stdin.
        kind: the record type; None for what the first readable line looks like.
        labels: the labels that may occur.
        articles: texts by article id, against which sentences are compared; articles not in it are not.
    """
    file = name_of(path)
    schema: Schema | None = None
    first: dict[int, int] = {}  # hash of the id -> line; 64 bits keep a million ids small
    for line in read(path):
        if line.fault:
            yield line, [line.fault]
            continue
        if kind is None:
            kind = kind_of(line.data)
        if schema is None:
            schema = Schema(kind, labels)
        data = line.data
        name = data.get("id")
        name = name if isinstance(name, str) else ""
        wrong: list[Complaint] = []
        if not (kind is not Article and schema.fits(data) and _plainly_sound(data, kind, articles)):
            if astray := _astray(data, kind, labels):
                yield line, [Fault(file, line.number, name, *astray)]
                continue
            wrong = list(schema.complaints(data)) or list(complaints(data, kind, articles))
        if name:
            key = hash((name, str(data.get("annotation_id"))) if issubclass(kind, Annotation) else name)
            if (before := first.setdefault(key, line.number)) != line.number:
                wrong.append(Complaint(Reason.DUPLICATE_ID, f"stands on line {before} already"))
        yield line, [Fault(file, line.number, name, reason, found) for reason, found in wrong]


def _plainly_sound(data: Mapping[str, Any], kind: type[Record], articles: Mapping[str, str]) -> bool:
    """Tell fast whether `complaints` has nothing to say; where that is not plain to see, the answer is no.

    Args:
        data: a decoded record that fits the schema of its kind.
        kind: the record type.
        articles: texts by article id.
    """
    start, end, text = data["start"], data["end"], data["text"]
    return (
        end - start == len(text)
        and data["id"] == f"{data['article_id']}:{start}-{end}"  # in which the schema allows no decimal point
        and data["article_id"] not in articles
        and type(data["index"]) is int
        and not issubclass(kind, Annotation)  # whose moments are looked at
        and (not issubclass(kind, Labeled) or _plainly_labeled(text, data["entities"], data["stances"]))
    )


def _plainly_labeled(text: str, entities: Sequence[Mapping[str, Any]], stances: Sequence[Mapping[str, Any]]) -> bool:
    known = set()
    for entity in entities:
        name, start, end = entity["id"], entity["start"], entity["end"]
        if name in known or name != f"e{start}-{end}-{entity['label']}" or not _plainly_placed(text, start, end):
            return False
        known.add(name)
    seen = set()
    for stance in stances:
        target, holder, cue = stance["target"], stance.get("holder"), stance.get("cue")
        if target not in known or (holder is not None and holder not in known) or (target, holder) in seen:
            return False
        if cue is not None and not _plainly_placed(text, *cue):
            return False
        seen.add((target, holder))
    return True


def _plainly_placed(text: str, start: object, end: object) -> bool:
    return (
        type(start) is int
        and type(end) is int
        and start < end <= len(text)
        and is_boundary(text, start)
        and is_boundary(text, end)
    )


def complaints(data: Mapping[str, Any], kind: type[Record], articles: Mapping[str, str]) -> Iterator[Complaint]:
    """Yield what a schema cannot say about a decoded record that fits its schema."""
    if not issubclass(kind, Sentence):
        return
    if odd := list(_about_numbers(data)):
        yield from odd
        return
    yield from _about_sentence(data, articles.get(data["article_id"]))
    if issubclass(kind, Annotation):
        yield from _about_moments(data)
    if issubclass(kind, Labeled):
        yield from _about_entities(data["text"], data["entities"])
        yield from _about_stances(data["text"], data["entities"], data["stances"])


def _about_numbers(data: Mapping[str, Any]) -> Iterator[Complaint]:
    """To a JSON Schema 7.0 is an integer; as an offset it would break whatever counts with it."""
    for field in ("index", "start", "end", "annotation_id", "task_id"):
        if isinstance(value := data.get(field), float):
            yield _broken(field, value)
    for n, entity in enumerate(data.get("entities", ())):
        for field in ("start", "end"):
            if isinstance(value := entity[field], float):
                yield _broken(f"entities[{n}].{field}", value)
    for n, stance in enumerate(data.get("stances", ())):
        for m, value in enumerate(stance.get("cue") or ()):
            if isinstance(value, float):
                yield _broken(f"stances[{n}].cue[{m}]", value)


def _broken(place: str, value: float) -> Complaint:
    return Complaint(Reason.SCHEMA, f"{place}: {value!r} is not written as an integer")


def _about_moments(data: Mapping[str, Any]) -> Iterator[Complaint]:
    for field in ("created_at", "updated_at"):
        try:
            datetime.fromisoformat(data[field])
        except ValueError as error:
            yield Complaint(Reason.SCHEMA, f"{field}: {data[field]!r} is no moment: {error}")


def _astray(data: Mapping[str, Any], kind: type[Record], labels: LabelSet) -> Complaint | None:
    """What is wrong with a record of another kind, which would otherwise be a list of missing and unknown fields."""
    wanted = f"a record of the kind {kind.__name__.lower()} is needed"
    if data.keys() >= _QUARANTINED:
        return Complaint(Reason.NOT_A_RECORD, f"{wanted}, this is a quarantined annotation")
    other = kind_of(data)
    # To an article's schema anything with an id and a text is an article; elsewhere a record of another kind is one
    # that fits that kind, so that a gold record without its resolution is still told what it lacks.
    if other is kind or (kind is not Article and not Schema(other, labels).fits(data)):
        return None
    return Complaint(Reason.NOT_A_RECORD, f"{wanted}, this is of the kind {other.__name__.lower()}")


def _about_sentence(data: Mapping[str, Any], article: str | None) -> Iterator[Complaint]:
    start, end, text = data["start"], data["end"], data["text"]
    expected = sentence_id(data["article_id"], start, end)
    if data["id"] != expected:
        yield Complaint(Reason.WRONG_ID, f"the contract says {expected}")
    if end <= start:
        yield Complaint(Reason.EMPTY_SPAN, f"{start}-{end}")
    elif end - start != len(text):
        yield Complaint(Reason.WRONG_TEXT, f"{start}-{end} are {end - start} code points, the text has {len(text)}")
    elif article is not None and end > len(article):
        yield Complaint(Reason.OFFSET_OUT_OF_TEXT, f"{start}-{end} in an article of {len(article)} code points")
    elif article is not None and article[start:end] != text:
        yield Complaint(Reason.WRONG_TEXT, f"the article has {article[start:end]!r} at {start}-{end}")


def _about_entities(text: str, entities: Sequence[Mapping[str, Any]]) -> Iterator[Complaint]:
    seen: set[str] = set()
    for entity in entities:
        name, start, end = entity["id"], entity["start"], entity["end"]
        yield from _about_span(text, start, end, name)
        if name != (expected := entity_id(start, end, entity["label"])):
            yield Complaint(Reason.WRONG_ID, f"{name}: the contract says {expected}")
        if name in seen:
            yield Complaint(Reason.DUPLICATE_ID, f"{name} stands twice in the sentence")
        seen.add(name)


def _about_stances(
    text: str, entities: Sequence[Mapping[str, Any]], stances: Sequence[Mapping[str, Any]]
) -> Iterator[Complaint]:
    known = {entity["id"] for entity in entities}
    seen: set[tuple[str, str | None]] = set()
    for stance in stances:
        target, holder, cue = stance["target"], stance.get("holder"), stance.get("cue")
        if target not in known:
            yield Complaint(Reason.DANGLING_TARGET, f"{target} is no entity of the sentence")
        if holder is not None and holder not in known:
            yield Complaint(Reason.DANGLING_HOLDER, f"{holder} is no entity of the sentence")
        if (target, holder) in seen:
            yield Complaint(Reason.DUPLICATE_STANCE, f"{holder or 'nobody'} toward {target} stands twice")
        seen.add((target, holder))
        if cue is not None:
            yield from _about_span(text, cue[0], cue[1], f"cue of {target}")


def _about_span(text: str, start: int, end: int, name: str) -> Iterator[Complaint]:
    if end > len(text):
        yield Complaint(Reason.OFFSET_OUT_OF_TEXT, f"{name}: {start}-{end} in a text of {len(text)} code points")
    elif end <= start:
        yield Complaint(Reason.EMPTY_SPAN, f"{name}: {start}-{end}")
    else:
        for at in (start, end):
            if not is_boundary(text, at):
                yield Complaint(Reason.SPLITS_AKSHARA, f"{name}: {at} is inside an akshara of {text[start:end]!r}")
