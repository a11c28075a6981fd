"""Learn the model of the `classifier` engine from sentences with entities and stances."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from annotate.errors import UsageError
from annotate.jsonl import STDIO, open_out
from annotate.labels import DEFAULT, NEUTRAL, LabelSet
from annotate.prelabel import prelabel_with
from annotate.prelabel.crf.calibrated import Calibration, fitted
from annotate.prelabel.given import GivenEntities
from annotate.prelabel.stance_classifier import ClassifierStances
from annotate.prelabel.stance_classifier.features import describe
from annotate.prelabel.stance_classifier.holders import describe_holders
from annotate.prelabel.stance_classifier.model import HOLDS, StanceModel, Weights, pack, unpack
from annotate.prelabel.stance_rules import readings
from annotate.prelabel.stance_rules.clause import Reading
from annotate.prelabel.stance_rules.findings import Finding, findings
from annotate.quality.evaluate import StanceScores, evaluate_records
from annotate.quality.scores import calibration
from annotate.records import Gold, Stance
from annotate.train.crfsuite import fitted_weights
from annotate.train.examples import fold_of, hash_of
from annotate.train.settings import StanceSettings
from annotate.train.stance_card import card
from annotate.train.stance_examples import read_gold
from annotate.train.stance_unknown import with_unknown_words

__all__ = ["StancePart", "StanceTrainSummary", "train_stance"]


@dataclass(frozen=True, slots=True)
class StancePart:
    """A file or release that went in: what it is called, what is in it, and the SHA-256 of its bytes."""

    name: str
    articles: int
    sentences: int
    stances: Mapping[str, int]  # entities by the stance toward them
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceTrainSummary:
    """What a training came to; `dev` and `calibration_error` are None without development data."""

    model: Path
    card: Path
    sha256: str
    size_bytes: int
    data: tuple[StancePart, ...]
    dev_data: tuple[StancePart, ...]
    dev_sentences: int  # without those that stand word for word in the training data
    dev: StanceScores | None
    calibration_error: float | None
    threshold: float
    bare_threshold: float  # for stances that no rule states
    seed: int
    settings: StanceSettings
    seconds: float


def train_stance(
    data: Sequence[Path],
    out: Path,
    *,
    dev: Sequence[Path] = (),
    seed: int = 1,
    labels: LabelSet = DEFAULT,
    settings: StanceSettings | None = None,
    notes: str = "",
) -> StanceTrainSummary:
    """Train a model and write it with its card, `<out>.md`. The same data, seed and settings give the same bytes.

    Scores are calibrated, and the threshold is chosen, on the folds that a model was not trained on and on `dev`.

    Args:
        data: gold files and folders of releases, of which the training part is taken.
        out: where the model goes.
        dev: as `data`; measured, and never trained on.
        seed: which articles fall into which fold.
        labels: the label set.
        settings: how the weights are found.
        notes: Markdown for the card: where the data is from and under which licences.

    Raises:
        DataError: a file of data is broken.
        UsageError: a file cannot be read or written, or there is no stance in the data.
    """
    started = perf_counter()
    settings = settings or StanceSettings()
    if STDIO in (out, *data, *dev):
        raise UsageError("training reads and writes files; - is none")
    read = [(path, read_gold(path, labels)) for path in data]
    held_back = [(path, read_gold(path, labels)) for path in dev]
    everything = [gold for _, part in read for gold in part]
    seen = {gold.text for gold in everything}
    unseen = [gold for _, part in held_back for gold in part if gold.text not in seen]
    examples = _examples(everything, settings.unknown, range(settings.copies))
    targets, holders = _targets(examples, settings), _holders(examples, settings)
    # A copy of its own, for what is hidden in it shall not be what was hidden in training.
    unlearnt = _examples(everything, settings.unknown, [settings.copies]) if settings.copies else examples
    judged = [
        *_across_folds(examples, unlearnt, seed, settings),
        *_judged(Weights(targets), _examples(unseen, settings.unknown, [settings.copies] if settings.copies else [])),
    ]
    curve = fitted([(one.share, one.right) for one in judged if one.share > 0])
    threshold, bare_threshold = (_threshold(judged, curve, stated=stated) for stated in (True, False))
    model = pack(
        targets,
        holders,
        labels=labels.stance_names,
        calibration=curve,
        threshold=threshold,
        bare_threshold=bare_threshold,
        holder_threshold=settings.holder_threshold,
    )
    with open_out(out) as stream:
        stream.write(model)
    scores, error = _measured(unseen, unpack(model, out.name), labels) if unseen else (None, None)
    summary = StanceTrainSummary(
        model=out,
        card=out.with_name(out.name + ".md"),
        sha256=sha256(model).hexdigest(),
        size_bytes=len(model),
        data=tuple(_part(path, part) for path, part in read),
        dev_data=tuple(_part(path, part) for path, part in held_back),
        dev_sentences=len(unseen),
        dev=scores,
        calibration_error=error,
        threshold=threshold,
        bare_threshold=bare_threshold,
        seed=seed,
        settings=settings,
        seconds=perf_counter() - started,
    )
    with open_out(summary.card) as stream:
        stream.write(card(asdict(summary), notes).encode())
    return summary


class _Example(NamedTuple):
    """A sentence: its entities described, the stance toward each, and candidates for holders."""

    article: str
    items: list[list[str]]
    stances: list[str]
    holders: list[tuple[list[str], str]]


class _Judged(NamedTuple):
    """The likeliest stance toward an entity: how likely, whether it is right, whether there is any."""

    share: float
    right: bool
    there: bool
    stated: bool  # by a rule too


def _examples(gold: Iterable[Gold], unknown: float, copies: Sequence[int]) -> list[_Example]:
    """Describe the sentences that have entities, and their copies with a share of unknown words, article by article."""
    examples: list[_Example] = []
    for _, group in groupby(gold, key=attrgetter("article_id")):
        article = list(group)
        for record, reading in zip(article, readings(article, [one.entities for one in article]), strict=True):
            if not reading.entities:
                continue
            found = findings(reading)
            examples.append(_example(record, reading, found))
            for copy in copies:
                unsure = with_unknown_words(reading, found, copy, unknown)
                if unsure is not None:
                    examples.append(_example(record, unsure, findings(unsure)))
    return examples


def _example(record: Gold, reading: Reading, found: list[Finding]) -> _Example:
    toward = {stance.target: stance.label for stance in record.stances}
    stances = [toward.get(entity.id, NEUTRAL) for entity in reading.entities]
    holders = [
        (item, HOLDS if _holds(record.stances, reading.entities[number].id, entity.id) else NEUTRAL)
        for target, entity in enumerate(reading.entities)
        if stances[target] != NEUTRAL
        for number, item in describe_holders(reading, found, target, stances[target]).items()
    ]
    return _Example(record.article_id, describe(reading, found, record.kind), stances, holders)


def _holds(stances: Sequence[Stance], holder: str, target: str) -> bool:
    return any(stance.holder == holder and stance.target == target for stance in stances)


def _targets(examples: Sequence[_Example], settings: StanceSettings) -> bytes:
    rows = [row for one in examples for row in zip(one.items, one.stances, strict=True)]
    if all(label == NEUTRAL for _, label in rows):
        raise UsageError("there is no stance in the training data")
    return _weights(rows, settings)


def _holders(examples: Sequence[_Example], settings: StanceSettings) -> bytes:
    return _weights([row for one in examples for row in one.holders] or [(["bias"], NEUTRAL)], settings)


def _weights(rows: Iterable[tuple[list[str], str]], settings: StanceSettings) -> bytes:
    """Multinomial logistic regression: a CRF over chains of one."""
    return fitted_weights((([item], [label]) for item, label in rows), settings, transitions=False)


def _across_folds(
    examples: Sequence[_Example], unlearnt: Sequence[_Example], seed: int, settings: StanceSettings
) -> Iterator[_Judged]:
    """Judge each fold of the articles in `unlearnt` by a model of the others in `examples`."""
    for fold in range(settings.folds):
        others = [one for one in examples if fold_of(one.article, settings.folds, seed) != fold]
        if any(label != NEUTRAL for one in others for label in one.stances):
            held = [one for one in unlearnt if fold_of(one.article, settings.folds, seed) == fold]
            yield from _judged(Weights(_targets(others, settings)), held)


def _judged(weights: Weights, examples: Iterable[_Example]) -> Iterator[_Judged]:
    for one in examples:
        for item, label in zip(one.items, one.stances, strict=True):
            best, share = max(weights.probabilities(item).items(), key=lambda pair: (pair[1], pair[0]))
            yield _Judged(share, best == label, label != NEUTRAL, f"rule={best}" in item)


_NEVER = 1.01  # no probability reaches it
# Of what is proposed from a threshold on, where a rule states it too and where none does; annotators lose trust below
# it. Our corpora are full of stance, so that what no rule states has to be surer on them to be right in other news.
_LEAST_PRECISION = {True: 0.7, False: 0.75}
_LEAST_STATED = 30  # per cent; what a rule states needs little more than that the model does not speak against it
_BETA_SQUARED = 0.25  # of F0.5: precision counts twice as much as recall, for a wrong stance costs trust


def _threshold(judged: Sequence[_Judged], curve: Calibration, *, stated: bool) -> float:
    """The calibrated probability from which F0.5 is best and precision is not below what annotators stand.

    Of equal ones the lowest where a rule states it too, for rules are nearly always right, else the highest; above 1
    when precision is too low everywhere.

    Args:
        judged: all that was judged.
        curve: what makes probabilities of its shares.
        stated: whether the threshold is for stances that a rule states too, or for the others.
    """
    judged = [one for one in judged if one.stated is stated]
    there = sum(one.there for one in judged)
    best, chosen = 0.0, _NEVER
    for step in range(90, _LEAST_STATED - 1, -1) if stated else range(20, 91):
        least = step / 100
        said = [one for one in judged if curve(one.share) >= least]
        right = sum(one.right for one in said)
        score = (1 + _BETA_SQUARED) * right / (_BETA_SQUARED * there + len(said)) if there + len(said) else 0.0
        if said and right / len(said) >= _LEAST_PRECISION[stated] and score >= best:
            best, chosen = score, least
    return chosen


def _measured(gold: Sequence[Gold], model: StanceModel, labels: LabelSet) -> tuple[StanceScores, float | None]:
    """Scores on the given entities, and the expected calibration error of the proposed stances."""
    engine = ClassifierStances(labels, model)
    proposed = list(prelabel_with(gold, GivenEntities(labels), engine))
    judged = [
        (stance.score, any(s.target == stance.target and s.label == stance.label for s in true.stances))
        for one, true in zip(proposed, gold, strict=True)
        for stance in one.stances
        if stance.score is not None
    ]
    found = calibration(judged)
    return evaluate_records(list(zip(proposed, gold, strict=True)), labels).stances, found.error if found else None


def _part(path: Path, gold: Sequence[Gold]) -> StancePart:
    toward = Counter(
        label for one in gold for label in {stance.target: stance.label for stance in one.stances}.values()
    )
    articles = len({one.article_id for one in gold})
    return StancePart(path.name, articles, len(gold), dict(sorted(toward.items())), hash_of(path))
