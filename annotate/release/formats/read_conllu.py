"""Reads CoNLL-U: what `export` wrote, or anybody's treebank with `NER=` in MISC.

From ours a sentence comes back to its place, by `sent_id` and `TokenRange`; what stood between its tokens comes back as
spaces. In any other file a document, from one `newdoc` to the next, is an article whose sentences stand on lines.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from annotate.errors import Fault, Reason
from annotate.jsonl import name_of
from annotate.records import Entity, Span, Stance, article_id, sentence_id
from annotate.release.formats.read_conll import prefixed, tagged
from annotate.release.formats.reader import Draft, Job, draft, lines, topic_of

__all__ = ["read_conllu"]

_COLUMNS = 10
_NAMED = ("newdoc id", "sent_id", "text", "annotator", "kind", "topic", "topic_stance")


class _Token(NamedTuple):
    form: str
    misc: Mapping[str, str]


@dataclass(slots=True)
class _Block:
    """The lines of a sentence."""

    line: int = 0  # of the first of them
    said: dict[str, str] = field(default_factory=dict)  # comments by their name
    tokens: list[_Token] = field(default_factory=list)
    inside: int = 0  # the last word of a token of several words
    faults: list[Fault] = field(default_factory=list)


def read_conllu(job: Job) -> Iterator[Draft | Fault]:
    """Yield a record per sentence, or a fault per line that cannot be read."""
    file = name_of(job.source)
    reading = _Reading(job, file)
    block = _Block()
    for read in lines(job.source):
        if isinstance(read, Fault):
            yield read
            continue
        number, line = read
        if line.strip():
            block.line = block.line or number
            _take(block, file, number, line)
        else:
            yield from reading.take(block)
            block = _Block()
    yield from reading.take(block)
    yield from reading.end()


def _take(block: _Block, file: str, number: int, line: str) -> None:
    if line.startswith("#"):
        name, _, value = line[1:].partition("=")
        if (name := name.strip()) in _NAMED or name == "newdoc":
            block.said[name] = value.strip()
        return
    columns = line.split("\t")
    if len(columns) != _COLUMNS:
        found = f"{line!r} has {len(columns)} columns, not {_COLUMNS}"
        block.faults.append(Fault(file, number, "", Reason.WRONG_TAG, found))
        return
    place, form = columns[0], columns[1]
    first, dash, last = place.partition("-")
    if "." in place or (not dash and first.isdecimal() and int(first) <= block.inside):
        return  # a word that is not written, or one of those of the token before
    if dash and last.isdecimal():
        block.inside = int(last)
    misc = dict(item.split("=", 1) for item in columns[-1].split("|") if "=" in item)
    if not prefixed(misc.get("NER", "O")):
        found = f"{misc['NER']!r} is no tag in BIO or BIOES"
        block.faults.append(Fault(file, number, "", Reason.WRONG_TAG, found))
    block.tokens.append(_Token(form, misc))


class _Reading:
    """Turns sentences into records; it knows which document they belong to."""

    def __init__(self, job: Job, file: str) -> None:
        self._job, self._file = job, file
        self._article = ""
        self._index: Counter[str] = Counter()  # sentences so far, by article
        self._document: list[_Block] = []  # sentences of a document that nobody placed
        self._named = self._any = False  # whether a token says of what it is a name, whether there are tokens

    def take(self, block: _Block) -> Iterator[Draft | Fault]:
        """Take in a sentence."""
        yield from block.faults
        if any(name in block.said for name in ("newdoc", "newdoc id")):
            yield from self._end_of_document()
            self._article = block.said.get("newdoc id", "")
        if not block.tokens or block.faults:
            return
        self._any = True
        self._named |= any("NER" in token.misc for token in block.tokens)
        if (placed := self._placed(block)) is None:
            self._document.append(block)
        else:
            yield from self._record(block, *placed)

    def end(self) -> Iterator[Draft | Fault]:
        """What is left at the end of the file."""
        yield from self._end_of_document()
        if self._any and not self._named:
            yield Fault(self._file, 0, "", Reason.WRONG_TAG, "no token has NER= in MISC, so there are no names to read")

    def _placed(self, block: _Block) -> tuple[dict[str, Any], list[Span]] | None:
        """The sentence where our export says it stands, and its tokens; None where it does not say it."""
        name = block.said.get("sent_id", "")
        if not self._article or not name.startswith(f"{self._article}:"):
            return None
        start, dash, end = name.removeprefix(f"{self._article}:").partition("-")
        if not (dash and start.isdecimal() and end.isdecimal()):
            return None
        signs = [" "] * (int(end) - int(start))
        spans: list[Span] = []
        for form, misc in block.tokens:
            first, colon, last = misc.get("TokenRange", "").partition(":")
            if not (colon and first.isdecimal() and last.isdecimal()):
                return None
            span = Span(int(first), int(last))
            if span.end > len(signs) or span.end - span.start != len(form) or (spans and span.start < spans[-1].end):
                return None
            signs[span.start : span.end] = form
            spans.append(span)
        index = self._index[self._article]
        self._index[self._article] += 1
        where = {"id": name, "article_id": self._article, "index": index, "start": int(start), "end": int(end)}
        where |= {"kind": block.said["kind"]} if "kind" in block.said else {}
        return {**where, "lang": self._job.lang, "text": "".join(signs)}, spans

    def _end_of_document(self) -> Iterator[Draft | Fault]:
        texts = [_laid_out(block) for block in self._document]
        article = article_id("\n".join(text for text, _ in texts))
        at = 0
        for index, (block, (text, spans)) in enumerate(zip(self._document, texts, strict=True)):
            end = at + len(text)
            where = {"id": sentence_id(article, at, end), "article_id": article, "index": index}
            yield from self._record(
                block, {**where, "start": at, "end": end, "lang": self._job.lang, "text": text}, spans
            )
            at = end + 1
        self._document = []

    def _record(self, block: _Block, sentence: dict[str, Any], spans: Sequence[Span]) -> Iterator[Draft | Fault]:
        entities = list(tagged(spans, [token.misc.get("NER", "O") for token in block.tokens]))
        beginning = {entity.start: entity for entity in entities}
        stances: list[Stance] = []
        for (start, _), token in zip(spans, block.tokens, strict=True):
            if "Stance" not in token.misc:
                continue
            if start not in beginning:
                found = f"no entity begins with {token.form!r}, which has a stance"
                yield Fault(self._file, block.line, sentence["id"], Reason.DANGLING_TARGET, found)
                return
            stances += _stances(beginning[start], token.misc["Stance"])
        who = [block.said["annotator"]] if block.said.get("annotator") else []
        about = topic_of(self._job, block.said)
        yield draft((self._file, block.line), sentence, entities, stances, who, topic_stance=about)


def _stances(target: Entity, told: str) -> Iterator[Stance]:
    for claim in told.split(","):
        label, _, holder = claim.partition(":")
        yield Stance(target=target.id, label=label, holder=holder or None)


def _laid_out(block: _Block) -> tuple[str, list[Span]]:
    """The text of a sentence and where its tokens stand: as `# text` has it, else by SpaceAfter."""
    text = block.said.get("text", "")
    spans: list[Span] = []
    for token in block.tokens:
        start = text.find(token.form, spans[-1].end if spans else 0)
        if start < 0 or text[spans[-1].end if spans else 0 : start].strip():
            break
        spans.append(Span(start, start + len(token.form)))
    else:
        return text, spans
    pieces, spans, at = [], [], 0
    for token in block.tokens:
        spans.append(Span(at, at + len(token.form)))
        pieces.append(token.form + ("" if token.misc.get("SpaceAfter") == "No" else " "))
        at += len(pieces[-1])
    return "".join(pieces).rstrip(), spans
