"""Reads brat standoff, a folder or an archive of it: what `export` wrote, or anybody's.

Where `sentences.jsonl` says what a text is made of, its sentences come back; another text is an article that is split.
An entity of several fragments reaches from the first to the last, since gold has no gaps.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile, is_zipfile

import orjson

from annotate.errors import Fault, Reason, UsageError
from annotate.records import Article, Entity, Stance
from annotate.release.formats.brat import SENTENCES, STANCE
from annotate.release.formats.reader import Draft, Job, draft
from annotate.split import sentences

__all__ = ["read_brat"]

_FIELDS = ("id", "article_id", "lang", "index", "start", "end", "kind")
_ENTITY = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t.*)?")
_RELATION = re.compile(r"R\d+\t(\S+) Arg1:(T\d+) Arg2:(T\d+)\s*")
_ATTRIBUTE = re.compile(rf"[AM]\d+\t{STANCE} (T\d+) (\S+)\s*")


class _Mark(NamedTuple):
    label: str
    start: int
    end: int


def read_brat(job: Job) -> Iterator[Draft | Fault]:
    """Yield a record per sentence, or a fault per line that cannot be read."""
    try:
        files = _files(job.source)
        index: dict[str, list[dict[str, Any]]] = {}
        for line in filter(None, files.get(SENTENCES, "").split("\n")):
            row = orjson.loads(line)
            index.setdefault(row["document"], []).append({field: row[field] for field in ("at", *_FIELDS)})
    except (OSError, BadZipFile, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{job.source}: cannot be read as brat: {error}") from error
    documents = sorted(name.removesuffix(".ann") for name in files if name.endswith(".ann"))
    if not documents:
        raise UsageError(f"{job.source}: has no .ann file")
    # The index has the order of the gold that was exported.
    for name in [*(it for it in index if it in documents), *(it for it in documents if it not in index)]:
        text = files.get(f"{name}.txt")
        if text is None:
            yield Fault(f"{job.source}/{name}.ann", 0, "", Reason.MISSING_FIELD, f"there is no {name}.txt")
            continue
        yield from _document(job, name, text, files[f"{name}.ann"], index.get(name))


def _files(source: Path) -> Mapping[str, str]:
    """The texts by name, of a folder or an archive."""
    if source.is_dir():
        found = {path.relative_to(source).as_posix(): path for path in source.rglob("*") if path.is_file()}
        return {name: path.read_bytes().decode() for name, path in found.items() if _wanted(name)}
    if not is_zipfile(source):
        raise UsageError(f"{source}: is neither a folder nor a ZIP archive")
    with ZipFile(source) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if _wanted(name)}


def _wanted(name: str) -> bool:
    return name.endswith((".txt", ".ann")) or name == SENTENCES


def _document(
    job: Job, name: str, text: str, marks: str, index: list[dict[str, Any]] | None
) -> Iterator[Draft | Fault]:
    file = f"{job.source}/{name}.ann"
    places = list(_indexed(text, index) if index is not None else _split(name, text, job.lang))
    found: dict[str, _Mark] = {}
    stances: list[tuple[str, str, str | None]] = []  # target, label, holder
    for number, line in enumerate(marks.split("\n"), 1):
        if match := _ENTITY.fullmatch(line):
            offsets = [int(it) for it in re.split(r"[ ;]", match[3])]
            found[match[1]] = _Mark(match[2], offsets[0], offsets[-1])
            job.lost["gaps in entities"] += _gaps(text, offsets)
        elif (match := _RELATION.fullmatch(line)) and match[1] in job.labels.stance_names:
            stances.append((match[3], match[1], match[2]))
        elif match := _ATTRIBUTE.fullmatch(line):
            stances.append((match[1], match[2], None))
        elif line[:1] in ("R", "A", "M", "E", "N", "#", "*"):
            job.lost["relations, attributes, events and notes of other kinds"] += 1
        elif line.strip():
            yield Fault(file, number, "", Reason.SCHEMA, f"{line!r} is no line of standoff")
    home: dict[str, int] = {}  # mark -> number of its sentence
    for key, mark in found.items():
        for number, (at, sentence) in enumerate(places):
            if at <= mark.start and mark.end <= at + len(sentence["text"]):
                home[key] = number
                break
        else:
            job.lost["entities that are in no one sentence"] += 1
    entities = {
        key: Entity.at(found[key].start - places[number][0], found[key].end - places[number][0], found[key].label)
        for key, number in home.items()
    }
    for number, (_, sentence) in enumerate(places):
        said = [it for it in stances if home.get(it[0]) == number and (it[2] is None or home.get(it[2]) == number)]
        yield draft(
            (file, 0),
            sentence,
            [entity for key, entity in entities.items() if home[key] == number],
            [
                Stance(target=entities[target].id, label=label, holder=entities[holder].id if holder else None)
                for target, label, holder in said
            ],
        )
        stances = [it for it in stances if it not in said]
    job.lost["stances whose ends are not in one sentence"] += len(stances)


def _gaps(text: str, offsets: list[int]) -> int:
    """How many gaps of an entity have more than line breaks in them."""
    return sum(bool(text[end:start].strip()) for end, start in zip(offsets[1:-1:2], offsets[2::2], strict=True))


def _indexed(text: str, index: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in index:
        at = row["at"]
        yield at, {**{field: row[field] for field in _FIELDS}, "text": text[at : at + row["end"] - row["start"]]}


def _split(name: str, text: str, lang: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for sentence in sentences(Article(id=name, text=text, lang=lang)):
        fields = {field: getattr(sentence, field) for field in sentence.__dataclass_fields__}
        yield sentence.start, fields
