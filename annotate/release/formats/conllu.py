"""CoNLL-U: ten columns, of which we fill the form and MISC, where entities and stances stand.

MISC of a token has `TokenRange=START:END`, its place in the sentence's text in code points, and `NER=B-PER`. The first
token of an entity also has `Stance=AGAINST:e8-16-ORG,FAVOR`: what is said of it and, after the colon, by which entity.
Source: https://universaldependencies.org/format.html; TokenRange is UDPipe's.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO

from annotate.records import Labeled, Span
from annotate.release.bio import bio_tags
from annotate.release.formats.writer import Part, Sample, Writer, annotator_of
from annotate.spans import text_of

__all__ = ["CONLLU", "write"]

_UNFILLED = ("_",) * 7  # lemma, both tags, features, head, relation, enhanced relations


def write(samples: Iterable[Sample], out: BinaryIO) -> None:
    """Write one token a line under comments that name the sentence; `newdoc` stands wherever the article changes."""
    article = None
    for record, tokens in samples:
        if not tokens:
            continue
        if record.article_id != article:
            article = record.article_id
            out.write(f"# newdoc id = {article}\n".encode())
        out.write("\n".join([*_comments(record, tokens), *_lines(record, tokens), "\n"]).encode())


CONLLU = Writer(write, lacks=frozenset({Part.CUES, Part.TOKENLESS}), on_tokens=True, in_columns=True)


def _comments(record: Labeled, tokens: Sequence[Span]) -> Iterator[str]:
    yield f"# sent_id = {record.id}"
    if who := annotator_of(record):
        yield f"# annotator = {' '.join(who.split())}"
    if record.kind != "sentence":
        yield f"# kind = {record.kind}"
    if about := record.topic_stance:
        yield f"# topic = {about.topic}"
        yield f"# topic_stance = {about.label}"
    # The format wants the text to be what forms and SpaceAfter make, on one line; TokenRange keeps the real one.
    spaces = [" " if apart else "" for apart in _apart(record.text, tokens)]
    text = "".join(text_of(record.text, token) + space for token, space in zip(tokens, spaces, strict=True))
    yield f"# text = {text}"


def _lines(record: Labeled, tokens: Sequence[Span]) -> Iterator[str]:
    said: dict[int, list[str]] = {}  # by the start of the target, which no other entity shares
    starts = {entity.id: entity.start for entity in record.entities}
    for stance in record.stances:
        claim = f"{stance.label}:{stance.holder}" if stance.holder else stance.label
        said.setdefault(starts[stance.target], []).append(claim)
    apart = _apart(record.text, tokens)
    tags = bio_tags(tokens, record.entities)
    last = len(tokens) - 1
    for number, (token, tag) in enumerate(zip(tokens, tags, strict=True)):
        misc = [f"NER={tag}"]
        if token.start in said:
            misc.append(f"Stance={','.join(said[token.start])}")
        if not apart[number] and number != last:
            misc.append("SpaceAfter=No")
        misc.append(f"TokenRange={token.start}:{token.end}")
        yield "\t".join([str(number + 1), text_of(record.text, token), *_UNFILLED, "|".join(misc)])


def _apart(text: str, tokens: Sequence[Span]) -> list[bool]:
    """For each token whether white space follows it; the last has none after it."""
    return [any(sign.isspace() for sign in text[a.end : b.start]) for a, b in pairwise(tokens)] + [False]
