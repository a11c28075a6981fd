"""The weights of a trained CRF in a form that can be added up: a row per feature, and a table of tag to tag."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from annotate.prelabel.crf.kinds import NO_KIND, OF_KIND, kind_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Weights", "by_kind", "from_crfsuite", "pack", "unpack"]


class Weights(NamedTuple):
    """What each feature says for each tag, and each tag for the one that follows."""

    tags: tuple[str, ...]
    features: Mapping[str, int]  # the row of each
    rows: "NDArray[np.float64]"  # features by tags
    transitions: "NDArray[np.float64]"  # tags by tags: from, to


def from_crfsuite(model: bytes) -> Weights:
    """Read the weights out of a model that CRFsuite wrote; its dump gives six decimals.

    Args:
        model: the bytes of the model file.
    """
    import numpy as np
    import pycrfsuite

    tagger = pycrfsuite.Tagger()
    tagger.open_inmemory(model)
    dump = tagger.info()
    tags = tuple(sorted(dump.labels, key=lambda tag: int(dump.labels[tag])))
    column = {tag: at for at, tag in enumerate(tags)}
    features: dict[str, int] = {}
    for name, _ in sorted(dump.state_features):
        features.setdefault(name, len(features))
    rows = np.zeros((len(features), len(tags)))
    for (name, tag), weight in dump.state_features.items():
        rows[features[name], column[tag]] = weight
    transitions = np.zeros((len(tags), len(tags)))
    for (before, after), weight in dump.transitions.items():
        transitions[column[before], column[after]] = weight
    return Weights(tags, features, rows, transitions)


def by_kind(weights: Weights) -> "tuple[dict[str, int], list[NDArray[np.float64]]]":
    """The weights as they are for texts of each kind, those of a feature and of its copy for the kind added up.

    Returns:
        The row of each feature, from 1 on, as row 0 holds zeros; and the rows, first those of texts of no kind, then
        of the kinds by number.
    """
    import numpy as np

    own = {name: row for name, row in weights.features.items() if not name.startswith(OF_KIND)}
    copies = [(*kind_of(name), row) for name, row in weights.features.items() if name.startswith(OF_KIND)]
    rows = {name: number for number, name in enumerate(own, 1)}
    for _, name, _ in copies:
        rows.setdefault(name, len(rows) + 1)
    general = np.zeros((len(rows) + 1, len(weights.tags)))
    general[1 : len(own) + 1] = weights.rows[list(own.values())]
    tables: list[NDArray[np.float64]] = [general]
    for kind in range(1 + max((kind for kind, _, _ in copies), default=NO_KIND)):
        table = general.copy()
        those = [(rows[name], row) for of, name, row in copies if of == kind]
        table[[at for at, _ in those]] += weights.rows[[row for _, row in those]]
        tables.append(table)
    return rows, tables


def pack(weights: Weights) -> bytes:
    """The weights as bytes without a line break at the end of a part: names as JSON, then numbers of four bytes."""
    import numpy as np

    tags, features, rows, transitions = weights
    head = orjson.dumps({"tags": tags, "features": list(features)})
    numbers = np.concatenate([transitions.ravel(), rows.ravel()]).astype("<f4").tobytes()
    return head + b"\n" + numbers


def unpack(data: bytes) -> Weights:
    """Read what `pack` wrote."""
    import numpy as np

    head, _, numbers = data.partition(b"\n")
    said: Mapping[str, Sequence[str]] = orjson.loads(head)
    tags = tuple(said["tags"])
    features: dict[str, Any] = {name: row for row, name in enumerate(said["features"])}
    values = np.frombuffer(numbers, "<f4").astype(float)
    cut = len(tags) ** 2
    return Weights(tags, features, values[cut:].reshape(-1, len(tags)), values[:cut].reshape(len(tags), len(tags)))
