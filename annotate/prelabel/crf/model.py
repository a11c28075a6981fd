"""The model's file: a line of JSON that says what it is, a line with what it learnt of names, and the weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from annotate.errors import UsageError
from annotate.jsonl import open_in
from annotate.prelabel.candidates import Candidate
from annotate.prelabel.crf.calibrated import AS_IT_IS, Calibration
from annotate.prelabel.crf.features import FEATURES_VERSION, items
from annotate.prelabel.crf.learnt import Learnt
from annotate.prelabel.crf.tags import OUTSIDE, finds_of
from annotate.prelabel.words import Words

if TYPE_CHECKING:
    import pycrfsuite

__all__ = ["MODEL", "Found", "Model", "load", "pack", "shipped", "unpack"]

MODEL = "crf"  # the source of what the model finds

_KIND = "annotate-kit crf"


@dataclass(frozen=True, slots=True)
class Found:
    """What the model finds in a sentence: names, and of each word how likely it is part of any name."""

    finds: tuple[Candidate, ...]
    named: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model, ready to find names."""

    hash: str  # SHA-256 of its file
    labels: tuple[str, ...]
    learnt: Learnt
    calibration: Calibration
    tags: frozenset[str]  # that the weights know
    weights: bytes  # held here because the tagger reads from them and does not hold them
    tagger: "pycrfsuite.Tagger"

    def find(self, words: Words) -> Found:
        """Find the names of a sentence, each with the score that the model gives it, not yet calibrated."""
        described = items(words, self.learnt)
        if not described:
            return Found((), ())
        tags = self.tagger.tag(described)
        finds = tuple(self._scored(tags, *find) for find in finds_of(tags))
        outside = OUTSIDE in self.tags  # it is not when no training sentence had a word outside a name
        return Found(finds, tuple(1 - self.tagger.marginal(OUTSIDE, at) if outside else 1.0 for at in range(len(tags))))

    def _scored(self, tags: Sequence[str], first: int, last: int, label: str) -> Candidate:
        """The least sure of its words, and of the word behind it not to go on, stands for the name."""
        share = min(self.tagger.marginal(tags[at], at) for at in range(first, last))
        if last < len(tags) and f"I-{label}" in self.tags:
            share = min(share, 1 - self.tagger.marginal(f"I-{label}", last))
        return Candidate(first, last, label, min(max(share, 0.0), 1.0), MODEL)


def pack(weights: bytes, learnt: Learnt, labels: Sequence[str], calibration: Calibration = AS_IT_IS) -> bytes:
    """Put a model together as the bytes of its file."""
    head = {"kind": _KIND, "features": FEATURES_VERSION, "labels": list(labels), "calibration": list(calibration)}
    return b"\n".join((orjson.dumps(head), orjson.dumps(learnt.to_dict()), weights))


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
    import pycrfsuite

    head, _, rest = data.partition(b"\n")
    learnt, _, weights = rest.partition(b"\n")
    try:
        said = orjson.loads(head)
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict) or said.get("kind") != _KIND:
        raise UsageError(f"{name}: is no model that `annotate train ner` wrote")
    if said["features"] != FEATURES_VERSION:
        raise UsageError(
            f"{name}: was trained on features of version {said['features']}, this package has {FEATURES_VERSION};"
            " train it again with `annotate train ner`"
        )
    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(weights)
    return Model(
        hash=sha256(data).hexdigest(),
        labels=tuple(said["labels"]),
        learnt=Learnt.from_dict(orjson.loads(learnt)),
        calibration=Calibration(*said["calibration"]),
        tags=frozenset(tagger.labels()),
        weights=weights,
        tagger=tagger,
    )
