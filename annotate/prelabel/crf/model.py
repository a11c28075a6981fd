"""The model's file: a line of JSON that says what it is, one with what it learnt of names, the chain, the weights."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from annotate.jsonl import open_in
from annotate.prelabel.candidates import Candidate
from annotate.prelabel.crf.calibrated import AS_IT_IS, Calibration
from annotate.prelabel.crf.chain import Chain, written
from annotate.prelabel.crf.emissions import Emissions
from annotate.prelabel.crf.features import FEATURES_VERSION
from annotate.prelabel.crf.kinds import Kinds
from annotate.prelabel.crf.learnt import Learnt
from annotate.prelabel.crf.tags import OUTSIDE, finds_of
from annotate.prelabel.crf.weights import Weights
from annotate.prelabel.crf.weights import pack as pack_weights
from annotate.prelabel.crf.weights import unpack as unpack_weights
from annotate.prelabel.entity_rules.patterns import Patterns
from annotate.prelabel.model_file import opened
from annotate.prelabel.words import Words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["MODEL", "Found", "Model", "load", "pack", "shipped", "unpack"]

MODEL = "crf"  # the source of what the model finds

_KIND = "annotate-kit crf"


@dataclass(frozen=True, slots=True)
class Found:
    """What the model finds in a sentence: names, and how likely a word is part of any name, of those asked for."""

    finds: tuple[Candidate, ...]
    named: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model, ready to find names."""

    hash: str  # SHA-256 of its file
    labels: tuple[str, ...]
    learnt: Learnt
    kinds: Kinds
    calibration: Calibration
    tags: frozenset[str]  # that the weights know
    emissions: Emissions
    chain: Chain

    def find(
        self, read: Sequence[Words], seen: Sequence[Patterns], asked: Sequence[Iterable[int]] | None = None
    ) -> list[Found]:
        """Find the names of an article, each with the score that the model gives it, not yet calibrated.

        Args:
            read: the article's sentences.
            seen: what the rules know and see of each.
            asked: of each the words of which it is to be told how likely they are part of a name.
        """
        kind = self.kinds.kind(words.text for words in read)
        emissions = self.emissions.of(read, seen, self.learnt, kind)
        return [self._found(said, words) for said, words in zip(emissions, asked or repeat(()), strict=False)]

    def _found(self, emissions: "NDArray[np.float64]", asked: Iterable[int]) -> Found:
        if not len(emissions):
            return Found((), {})
        tags = self.chain.best(emissions)
        finds = tuple(self._scored(tags, *find) for find in finds_of(tags))
        outside = OUTSIDE in self.tags  # it is not when no training sentence had a word outside a name
        return Found(finds, {at: 1 - self.chain.marginal(OUTSIDE, at) if outside else 1.0 for at in asked})

    def _scored(self, tags: Sequence[str], first: int, last: int, label: str) -> Candidate:
        """The least sure of its words, and of the word behind it not to go on, stands for the name."""
        share = min(self.chain.marginal(tags[at], at) for at in range(first, last))
        if last < len(tags) and f"I-{label}" in self.tags:
            share = min(share, 1 - self.chain.marginal(f"I-{label}", last))
        return Candidate(first, last, label, min(max(share, 0.0), 1.0), MODEL)


def pack(
    weights: Weights, learnt: Learnt, kinds: Kinds, labels: Sequence[str], calibration: Calibration = AS_IT_IS
) -> bytes:
    """Put a model together as the bytes of its file."""
    head = {"kind": _KIND, "features": FEATURES_VERSION, "labels": list(labels), "calibration": list(calibration)}
    chain = written(weights)
    numbers = len(chain).to_bytes(4, "little") + chain + pack_weights(weights)
    learnt_and_kinds = {**learnt.to_dict(), "kinds": kinds.to_dict()}
    return b"\n".join((orjson.dumps(head), orjson.dumps(learnt_and_kinds), numbers))


def shipped() -> Path:
    """Where the model lies that comes with the package."""
    return Path(str(files("annotate.prelabel.crf"))) / "models" / "hi-news.crf"


@lru_cache(maxsize=2)
def load(path: Path) -> Model:
    """Read a model; the last two stay in memory.

    Raises:
        UsageError: there is no such file, or it is no model of this version.
    """
    with open_in(path) as stream:
        return unpack(stream.read(), str(path))


def unpack(data: bytes, name: str) -> Model:
    """Make a model of the bytes of its file; `name` is what messages call it.

    Raises:
        UsageError: it is no model of this version.
    """
    said, rest = opened(data, name, kind=_KIND, features=FEATURES_VERSION, command="annotate train ner")
    learnt, _, numbers = rest.partition(b"\n")
    size = 4 + int.from_bytes(numbers[:4], "little")
    weights = unpack_weights(numbers[size:])
    counted = orjson.loads(learnt)
    return Model(
        hash=sha256(data).hexdigest(),
        labels=tuple(said["labels"]),
        learnt=Learnt.from_dict(counted),
        kinds=Kinds.from_dict(counted["kinds"]),
        calibration=Calibration(*said["calibration"]),
        tags=frozenset(weights.tags),
        emissions=Emissions(weights),
        chain=Chain(weights.tags, numbers[4:size]),
    )
