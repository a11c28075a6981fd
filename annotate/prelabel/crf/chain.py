"""The chain over a sentence: the most probable tags given how much each is spoken for, and how probable each tag is.

CRFsuite's tagger does it, on a model that this module writes: one feature per tag, which speaks for that tag with
weight 1, and the transitions of the trained model. What a sentence's own features come to goes in as their values.
"""

import struct
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from annotate.prelabel.crf.weights import Weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Chain", "written"]

# A record of the chunk FEAT: 0 for feature to tag or 1 for tag to tag, from which, to which, and the weight.
_RECORD = struct.Struct("<IIId")
_CHUNK = struct.Struct("<4sII")


class Chain:
    """Finds the best tags of a sentence and the probability of each."""

    def __init__(self, tags: tuple[str, ...], model: bytes) -> None:
        """Take what `written` made; `tags` are those of the weights it was made of."""
        import pycrfsuite

        self._model = model  # the tagger reads from it and does not hold it
        self._names = [str(at) for at in range(len(tags))]
        self._tags = tags
        self._name_of = dict(zip(tags, self._names, strict=True))
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(model)

    def best(self, emissions: "NDArray[np.float64]") -> list[str]:
        """The most probable tags of a sentence; `marginal` then speaks of this sentence.

        Args:
            emissions: as many rows as words, a column per tag.
        """
        names = self._names
        tags = self._tagger.tag([dict(zip(names, row, strict=True)) for row in emissions.tolist()])
        return [self._tags[int(tag)] for tag in tags]

    def marginal(self, tag: str, at: int) -> float:
        """How probable a tag is at word `at` of the sentence that `best` was asked for last."""
        return float(self._tagger.marginal(self._name_of[tag], at))


def written(weights: Weights) -> bytes:
    """A model for CRFsuite's tagger that holds the transitions, tags and features both named by the tag's number.

    A model with as many tags is trained on a few made-up words, and its weights are then written over: the format
    keeps them in records of fixed size (CRFsuite 0.12, `crf1d_model.c`).
    """
    import pycrfsuite

    count = len(weights.tags)
    names = [str(at) for at in range(count)]
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.append([[name] for name in names], names)  # numbers are given in order of appearance
    for uneven, (left, right) in enumerate(product(names, names)):
        trainer.append([{left: 1.0, right: 0.1 * (uneven + 1)}, {right: 1.0}], [left, right])
    trainer.set_params(
        {"c1": 0, "c2": 1, "max_iterations": 5, "feature.possible_states": True, "feature.possible_transitions": True}
    )
    with TemporaryDirectory() as folder:
        file = Path(folder) / "chain"
        trainer.train(str(file))
        model = bytearray(file.read_bytes())
    at = model.index(b"FEAT")
    _, _, records = _CHUNK.unpack_from(model, at)
    if records != 2 * count * count:
        raise ValueError(f"CRFsuite kept {records} weights of {2 * count * count}")
    for offset in range(at + _CHUNK.size, at + _CHUNK.size + records * _RECORD.size, _RECORD.size):
        kind, source, target, _ = _RECORD.unpack_from(model, offset)
        weight = float(weights.transitions[source, target]) if kind else float(source == target)
        _RECORD.pack_into(model, offset, kind, source, target, weight)
    return bytes(model)
