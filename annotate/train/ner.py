"""Learn the model of the `crf` engine from labelled sentences."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from annotate.errors import UsageError
from annotate.jsonl import STDIO, open_out
from annotate.labels import DEFAULT, LabelSet
from annotate.prelabel.candidates import Candidate
from annotate.prelabel.crf import CrfEntities
from annotate.prelabel.crf.calibrated import fitted
from annotate.prelabel.crf.features import items
from annotate.prelabel.crf.kinds import Kinds
from annotate.prelabel.crf.learnt import Learnt
from annotate.prelabel.crf.model import pack, unpack
from annotate.prelabel.crf.tags import on_words, tags_of
from annotate.prelabel.crf.weights import Weights, from_crfsuite
from annotate.prelabel.entity_rules.patterns import patterns_of
from annotate.prelabel.protocol import EntityBackend
from annotate.prelabel.words import Words, words_of
from annotate.quality.scores import Counted, Score, calibration, counted
from annotate.records import Sentence, sentence_id
from annotate.train.card import card
from annotate.train.crfsuite import fitted_weights
from annotate.train.examples import Example, fold_of, hash_of, ours, read_examples
from annotate.train.settings import Settings

__all__ = ["Part", "TrainSummary", "train_ner"]


@dataclass(frozen=True, slots=True)
class Part:
    """A file or release that went in: what it is called, what is in it, and the SHA-256 of its bytes."""

    name: str
    sentences: int
    entities: Mapping[str, int]  # by label
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainSummary:
    """What a training came to; `dev` and `calibration_error` are None without development data."""

    model: Path
    card: Path
    sha256: str
    size_bytes: int
    data: tuple[Part, ...]
    dev_data: tuple[Part, ...]
    dev_sentences: int  # without those that stand word for word in the training data
    dev: Mapping[str, Score] | None
    calibration_error: float | None
    seed: int
    settings: Settings
    seconds: float


def train_ner(
    data: Sequence[Path],
    out: Path,
    *,
    dev: Sequence[Path] = (),
    seed: int = 1,
    labels: LabelSet = DEFAULT,
    settings: Settings | None = None,
    notes: str = "",
    on_progress: Callable[[int], None] | None = None,
) -> TrainSummary:
    """Train a model and write it with its card, `<out>.md`. The same data, seed and settings give the same bytes.

    Args:
        data: CoNLL files, gold files, folders of releases.
        out: where the model goes.
        dev: as `data`; measured and never trained on.
        seed: which sentences fall into which fold of the jackknife.
        labels: the types to learn.
        settings: how the weights are found.
        notes: Markdown for the card: where the data is from and under which licences.
        on_progress: called now and then with the number of sentences made ready.

    Raises:
        DataError: a file of data is broken.
        UsageError: a file cannot be read or written, or there is no sentence with words in the data.
    """
    started = perf_counter()
    settings = settings or Settings()
    if STDIO in (out, *data, *dev):
        raise UsageError("training reads and writes files; - is none")
    read = [(path, read_examples(path, labels)) for path in data]
    held_back = [(path, read_examples(path, labels)) for path in dev]
    names = list(dict.fromkeys(path.name for path, _ in read))
    examples = [
        (example, names.index(path.name)) for path, part in read for example in _by_definition(path, part, settings)
    ]
    learned = _trained(examples, names, seed, settings, on_progress)
    model = pack(*learned, labels.entity_names)
    seen = {example.text for example, _ in examples}
    unseen = [example for _, part in held_back for example in part if example.text not in seen]
    scores, error = None, None
    if unseen:
        alone = CrfEntities(labels, unpack(model, out.name), with_rules=False, article_pass=False)
        model = pack(*learned, labels.entity_names, fitted(_compared(unseen, alone, labels).judged))
        counts = _compared(unseen, CrfEntities(labels, unpack(model, out.name)), labels)
        found = calibration(counts.judged)
        scores, error = counts.strict, found.error if found else None
    with open_out(out) as stream:
        stream.write(model)
    summary = TrainSummary(
        model=out,
        card=out.with_name(out.name + ".md"),
        sha256=sha256(model).hexdigest(),
        size_bytes=len(model),
        data=tuple(_part(path, part) for path, part in read),
        dev_data=tuple(_part(path, part) for path, part in held_back),
        dev_sentences=len(unseen),
        dev=scores,
        calibration_error=error,
        seed=seed,
        settings=settings,
        seconds=perf_counter() - started,
    )
    with open_out(summary.card) as stream:
        stream.write(card(asdict(summary), notes).encode())
    return summary


def _by_definition(path: Path, examples: Sequence[Example], settings: Settings) -> Sequence[Example]:
    if settings.as_annotated or path.is_dir() or path.suffix == ".jsonl":
        return examples
    return [ours(example) for example in examples]


class _Ready(NamedTuple):
    words: Words
    finds: list[Candidate]
    fold: int
    kind: int


def _trained(
    examples: Sequence[tuple[Example, int]],
    kinds: Sequence[str],
    seed: int,
    settings: Settings,
    on_progress: Callable[[int], None] | None,
) -> tuple[Weights, Learnt, Kinds]:
    ready = []
    for example, kind in examples:
        words = words_of(example.text)
        if words.fold:
            fold = fold_of(example.text, settings.folds, seed)
            ready.append(_Ready(words, on_words(words, example.entities), fold, kind))
    if not any(one.finds for one in ready):
        raise UsageError("there is no labelled name in the training data")
    described = _described(ready, kinds, settings, on_progress)
    weights = from_crfsuite(fitted_weights(described, settings, transitions=True))
    return weights, _learnt(ready), _told_apart(ready, kinds)


def _described(
    ready: Sequence[_Ready], kinds: Sequence[str], settings: Settings, on_progress: Callable[[int], None] | None
) -> Iterator[tuple[list[list[str]], list[str]]]:
    done = 0
    for fold in range(settings.folds):
        # What was counted in the sentence itself would tell its labels: the model sees the other folds' counts.
        others = [one for one in ready if one.fold != fold]
        learnt, told_apart = _learnt(others), _told_apart(others, kinds)
        for one in ready:
            if one.fold == fold:
                kind = told_apart.kind([one.words.text])
                yield items(one.words, patterns_of(one.words), learnt, kind), tags_of(one.finds, len(one.words.fold))
                done += 1
                if on_progress is not None:
                    on_progress(done)


def _learnt(ready: Iterable[_Ready]) -> Learnt:
    return Learnt.of((one.words, one.finds) for one in ready)


def _told_apart(ready: Iterable[_Ready], names: Sequence[str]) -> Kinds:
    # A file named several times counts once.
    return Kinds.of(dict.fromkeys((one.words.text, one.kind) for one in ready), names)


def _compared(examples: Sequence[Example], engine: EntityBackend, labels: LabelSet) -> Counted:
    """What the engine finds in sentences that each stand alone, against what is there."""
    pairs = []
    for number, example in enumerate(examples):
        name, end = str(number), len(example.text)
        sentence = Sentence(
            id=sentence_id(name, 0, end), article_id=name, lang="hi", index=0, start=0, end=end, text=example.text
        )
        pairs.append((engine.entities([sentence])[0], example.entities))
    return counted(pairs, labels.entity_names)


def _part(path: Path, examples: Sequence[Example]) -> Part:
    found = Counter(entity.label for example in examples for entity in example.entities)
    return Part(path.name, len(examples), dict(sorted(found.items())), hash_of(path))
