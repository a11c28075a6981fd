"""Real news sentences with stances, whose texts are not ours: found again in a folder of public data by their hash.

Each file of marks, `marks/stance_news.jsonl` and `marks/stance_news_second.jsonl`, holds a sentence a line: the first
16 hexadecimal digits of the SHA-256 of its UTF-8 text, the file it stands in, its part, its entities as [start, end,
label] (code points) and its stances as [entity, label, holders], where entities are counted from 0. Sentences of CoNLL
files are their tokens joined by single spaces; texts of JSONL files are split by this project's splitter. The second
file was labelled later, on sentences that the first does not have.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from annotate.errors import UsageError
from annotate.records import Entity, Gold, Resolution, Stance, sentence_id
from annotate.split import split
from annotate.train.examples import read_examples

__all__ = ["MARKS", "news"]

_FOLDER = Path(__file__).parent / "marks"
MARKS = (_FOLDER / "stance_news.jsonl", _FOLDER / "stance_news_second.jsonl")
_DIGITS = 16


def news(folder: Path, part: str, file: Path) -> tuple[list[Gold], int]:
    """The labelled sentences of a part, each an article of its own.

    Args:
        folder: where the files that the marks name lie, at any depth.
        part: `dev` or `held`.
        file: the marks, one of `MARKS`.

    Returns:
        The sentences in the order of their hashes, and how many the folder does not have.

    Raises:
        UsageError: when the folder has none of them.
    """
    marks = [mark for line in file.read_text("utf-8").splitlines() if (mark := json.loads(line))["part"] == part]
    texts: dict[str, dict[str, str]] = {}
    for name in sorted({mark["source"] for mark in marks}):
        files = sorted(folder.rglob(name))
        texts[name] = {_digest(text): text for file in files for text in _texts(file)}
    found = [
        _gold(text, mark["entities"], mark["stances"])
        for mark in marks
        if (text := texts[mark["source"]].get(mark["sha256"])) is not None
    ]
    if not found:
        raise UsageError(f"{folder}: has none of the {len(marks)} sentences of part {part}")
    return found, len(marks) - len(found)


def _texts(file: Path) -> Iterator[str]:
    if file.suffix == ".jsonl":
        for line in file.read_text("utf-8").splitlines():
            text = json.loads(line)["text"]
            yield from (text[span.start : span.end] for span in split(text, "hi"))
    else:
        yield from (example.text for example in read_examples(file))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _gold(text: str, marked: list[tuple[int, int, str]], stances: list[tuple[int, str, list[int]]]) -> Gold:
    entities = tuple(Entity.at(*one) for one in marked)
    article = _digest(text)
    return Gold(
        id=sentence_id(article, 0, len(text)),
        article_id=article,
        lang="hi",
        index=0,
        start=0,
        end=len(text),
        text=text,
        entities=entities,
        stances=tuple(
            Stance(target=entities[target].id, label=label, holder=holder)
            for target, label, holders in stances
            for holder in ([entities[one].id for one in holders] or [None])
        ),
        resolution=Resolution(method="adjudicated", annotators=()),
    )
