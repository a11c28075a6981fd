"""The `classifier` engine for stances: a trained linear model over what the rules find and how a clause is built."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from annotate.labels import LabelSet
from annotate.prelabel.stance_classifier.features import describe, leaning, speaks_or_hears
from annotate.prelabel.stance_classifier.holders import describe_holders
from annotate.prelabel.stance_classifier.model import HOLDS, StanceModel, load, shipped
from annotate.prelabel.stance_rules import readings
from annotate.prelabel.stance_rules.clause import Reading
from annotate.prelabel.stance_rules.findings import Finding, findings
from annotate.prelabel.stance_rules.phrases import with_coordinated
from annotate.records import Engine, Entity, Sentence, Span, Stance

__all__ = ["VERSION", "ClassifierStances"]

VERSION = "3"

_HASH_SHOWN = 8
_BESIDE_THE_BEST = 0.8  # how likely a second holder must be that nothing joins to the first
_LEANS = {"AGAINST": "A", "FAVOR": "F"}


class ClassifierStances:
    """Finds stances with a model that `annotate train stance` wrote; NEUTRAL when the model is not sure."""

    def __init__(self, labels: LabelSet, model: StanceModel | Path | None = None) -> None:
        """Load a model.

        Args:
            labels: the label set of the campaign; other stances that the model knows stay unused.
            model: a model or its file; by default the one that comes with the package.

        Raises:
            UsageError: there is no such model, or it is of another version.
        """
        self._labels = labels
        self._stances = frozenset(labels.stance_names)
        self._model = model if isinstance(model, StanceModel) else load(model or shipped())

    @property
    def engine(self) -> Engine:
        """Name and version; the version holds the start of the model's hash."""
        return Engine(name="classifier", version=f"{VERSION}+{self._model.hash[:_HASH_SHOWN]}")

    def stances(self, article: Sequence[Sentence], entities: Sequence[tuple[Entity, ...]]) -> list[tuple[Stance, ...]]:
        """Find the stances of each sentence of one article, as the protocol says."""
        return [
            tuple(self._sentence(reading, sentence.kind)) if reading.entities else ()
            for sentence, reading in zip(article, readings(article, entities), strict=True)
        ]

    def _sentence(self, reading: Reading, kind: str) -> Iterator[Stance]:
        found = findings(reading)
        for target, item in enumerate(describe(reading, found, kind)):
            label, share = self._model.stance(item)
            stated = any(finding.target == target and finding.label == label for finding in found)
            least = self._model.threshold if stated else self._model.bare_threshold
            entity = reading.entities[target]
            if share < least or label not in self._stances or not self._labels.bears_stance(entity.label):
                continue
            if not stated and speaks_or_hears(reading, target):
                continue
            cue, source = _evidence(reading, found, target, label)
            for holder in self._holders(reading, found, target, label) or (None,):
                yield Stance(
                    target=entity.id,
                    label=label,
                    holder=None if holder is None else reading.entities[holder].id,
                    score=round(share, 3),
                    cue=cue,
                    source=source,
                )

    def _holders(self, reading: Reading, found: Sequence[Finding], target: int, label: str) -> list[int]:
        """The likeliest holder, and those that "और" or a comma joins to it; none when the model is not sure of it."""
        candidates = describe_holders(reading, found, target, label)
        shares = {
            number: self._model.holders.probabilities(item).get(HOLDS, 0.0) for number, item in candidates.items()
        }
        best = max(shares, key=lambda number: (shares[number], -number), default=None)
        if best is None or shares[best] < self._model.holder_threshold:
            return []
        joined = {best, *with_coordinated(reading, best)}
        return [number for number, share in shares.items() if number in joined or share >= _BESIDE_THE_BEST]


def _evidence(reading: Reading, found: Sequence[Finding], target: int, label: str) -> tuple[Span | None, str]:
    """The words that say the stance and what pointed to them: the surest rule's cue, else the nearest leaning word."""
    mine = [finding for finding in found if finding.target == target and finding.label == label]
    if mine:
        best = max(mine, key=lambda finding: finding.score)
        return best.cue(reading), f"classifier:{best.rule}"
    start, end = reading.clause(reading.first[target])
    words = [
        at for at in range(start, end) if leaning(reading.fold[at]) == _LEANS.get(label) and reading.entity_at[at] < 0
    ]
    if not words:
        return None, "classifier"
    nearest = min(words, key=lambda at: (abs(at - reading.first[target]), at))
    return Span(reading.words.start[nearest], reading.words.end[nearest]), "classifier:word"
