"""Which sentences are sent and in which order, each with what is shown around it."""

import tempfile
from array import array
from collections.abc import Callable, Iterator
from hashlib import sha256
from heapq import nsmallest
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, NamedTuple

import orjson

from annotate.check import records
from annotate.errors import UsageError
from annotate.labels import LabelSet
from annotate.records import Article, Labeled, Prelabeled
from annotate.studio.codec import Context

__all__ = ["ORDERS", "Shown", "certainty", "chosen", "shown"]


class Shown(NamedTuple):
    """A sentence and its surroundings."""

    record: Prelabeled
    context: Context


def certainty(record: Labeled) -> float:
    """How sure the engine is of the least sure entity or stance, from 0 to 1; 1 where it gave no score."""
    scores = [entity.score for entity in record.entities] + [stance.score for stance in record.stances]
    if record.topic_stance:
        scores.append(record.topic_stance.score)
    return min((score for score in scores if score is not None), default=1.0)


# What the sentences are sorted by; those that are alike stay in the order of the input.
ORDERS: dict[str, Callable[[Labeled], float] | None] = {"given": None, "uncertain": certainty}


def shown(source: Path, articles: Path | None, labels: LabelSet, around: int) -> Iterator[Shown]:
    """The sentences of a `prelabeled` file in its order, with title, link and as many neighbours as `around` says.

    Raises:
        DataError: at the end, when a record is broken.
    """
    titles = _titles(articles)
    for article, group in groupby(records(source, Prelabeled, labels), key=lambda s: s.article_id):
        members = list(group)
        heading = members[0].text if members[0].kind == "heading" else ""
        title, url = titles.get(article, ("", ""))
        for at, record in enumerate(members):
            before = " ".join(s.text for s in members[max(0, at - around) : at])
            after = " ".join(s.text for s in members[at + 1 : at + 1 + around])
            yield Shown(record, Context(title or heading, url, before, after))


def chosen(sentences: Iterator[Shown], order: str, sample: int | None, seed: str) -> Iterator[Shown]:
    """The sentences to send, in the order to send them.

    Args:
        sentences: all of them. Where they are sorted or sampled they wait in a temporary file, and memory holds a few
            bytes of each.
        order: one of ORDERS.
        sample: how many to send, by the hash of seed and id: the same seed draws the same ones again, and a larger
            sample holds the smaller one. All when None.
        seed: of the sample.

    Raises:
        UsageError: there is no such order, or the sample is none.
    """
    if order not in ORDERS:
        raise UsageError(f"order {order!r}: there are {', '.join(ORDERS)}")
    if sample is not None and sample < 1:
        raise UsageError(f"sample {sample}: at least one sentence is needed")
    if ORDERS[order] is None and sample is None:
        return sentences
    return _spooled(sentences, ORDERS[order], sample, seed)


def _spooled(
    sentences: Iterator[Shown], score: Callable[[Labeled], float] | None, sample: int | None, seed: str
) -> Iterator[Shown]:
    with tempfile.TemporaryFile(prefix="annotate-") as spool:
        yield from _picked(sentences, spool, score, sample, seed)


def _picked(
    sentences: Iterator[Shown], spool: BinaryIO, score: Callable[[Labeled], float] | None, sample: int | None, seed: str
) -> Iterator[Shown]:
    places, scores, draws = array("Q"), array("d"), array("Q")
    for one in sentences:
        places.append(spool.tell())
        scores.append(score(one.record) if score else 0.0)
        if sample is not None:
            draws.append(int.from_bytes(sha256(f"{seed}\n{one.record.id}".encode()).digest()[:8]))
        spool.write(orjson.dumps([one.record, one.context], default=tuple) + b"\n")
    numbers = range(len(places)) if sample is None else sorted(nsmallest(sample, range(len(places)), draws.__getitem__))
    for number in sorted(numbers, key=scores.__getitem__):
        spool.seek(places[number])
        record, context = orjson.loads(spool.readline())
        yield Shown(Prelabeled.from_dict(record), Context(**context))


def _titles(articles: Path | None) -> dict[str, tuple[str, str]]:
    if articles is None or not articles.is_file():
        return {}
    return {a.id: (a.title or "", a.url or "") for a in records(articles, Article)}
