"""The model's file: a line of JSON that says what it is, then the weights for targets and those for holders."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import orjson

from annotate.errors import UsageError
from annotate.jsonl import open_in
from annotate.labels import NEUTRAL
from annotate.prelabel.crf.calibrated import Calibration
from annotate.prelabel.model_file import opened
from annotate.prelabel.stance_classifier.features import FEATURES_VERSION

__all__ = ["HOLDS", "StanceModel", "Weights", "load", "pack", "shipped", "unpack"]

HOLDS = "HOLDS"  # the class of a holder in the holders' weights; the other one is NEUTRAL

_KIND = "annotate-kit stance"


class Weights:
    """A linear classifier with probabilities, run by CRFsuite as a chain of one."""

    def __init__(self, data: bytes) -> None:
        import pycrfsuite

        self._data = data  # held here because the tagger reads from it and does not hold it
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(data)
        self._classes = [name for name in self._tagger.labels() if name != NEUTRAL]

    def probabilities(self, item: Sequence[str]) -> dict[str, float]:
        """The probability of each class but NEUTRAL."""
        self._tagger.set([item])
        return {name: self._tagger.marginal(name, 0) for name in self._classes}


@dataclass(frozen=True, slots=True)
class StanceModel:
    """A trained model; a stance is proposed when its calibrated probability reaches the threshold.

    `threshold` is for stances that a rule states too, `bare_threshold` for those that only the words around hint at;
    above 1 it lets none of them pass.
    """

    hash: str  # SHA-256 of its file
    labels: tuple[str, ...]
    targets: Weights
    holders: Weights
    calibration: Calibration
    threshold: float
    bare_threshold: float
    holder_threshold: float

    def stance(self, item: Sequence[str]) -> tuple[str, float]:
        """The likeliest stance other than NEUTRAL toward a described entity, and its calibrated probability."""
        label, share = max(
            self.targets.probabilities(item).items(), key=lambda pair: (pair[1], pair[0]), default=("", 0.0)
        )
        return label, self.calibration(share) if label else 0.0


def pack(
    targets: bytes,
    holders: bytes,
    *,
    labels: Sequence[str],
    calibration: Calibration,
    threshold: float,
    bare_threshold: float,
    holder_threshold: float,
) -> bytes:
    """Put a model together as the bytes of its file."""
    head = {
        "kind": _KIND,
        "features": FEATURES_VERSION,
        "labels": list(labels),
        "calibration": list(calibration),
        "threshold": threshold,
        "bare_threshold": bare_threshold,
        "holder_threshold": holder_threshold,
        "sizes": [len(targets), len(holders)],
    }
    return orjson.dumps(head) + b"\n" + targets + holders


def shipped() -> Path:
    """Where the model lies that comes with the package."""
    return Path(str(files("annotate.prelabel.stance_classifier"))) / "models" / "hi-stance.model"


@lru_cache(maxsize=2)
def load(path: Path) -> StanceModel:
    """Read a model; the last two stay in memory.

    Raises:
        UsageError: there is no such file, or it is no model of this version.
    """
    with open_in(path) as stream:
        return unpack(stream.read(), str(path))


def unpack(data: bytes, name: str) -> StanceModel:
    """Make a model of the bytes of its file; `name` is what messages call it.

    Raises:
        UsageError: it is no model of this version.
    """
    said, rest = opened(data, name, kind=_KIND, features=FEATURES_VERSION, command="annotate train stance")
    size, other = said["sizes"]
    if len(rest) != size + other:
        raise UsageError(f"{name}: is cut off; it should have {len(data) - len(rest) + size + other:,} bytes")
    return StanceModel(
        hash=sha256(data).hexdigest(),
        labels=tuple(said["labels"]),
        targets=Weights(rest[:size]),
        holders=Weights(rest[size:]),
        calibration=Calibration(*said["calibration"]),
        threshold=said["threshold"],
        bare_threshold=said["bare_threshold"],
        holder_threshold=said["holder_threshold"],
    )
