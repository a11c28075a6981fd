"""The arrow `resolve`: annotations of the same sentence become one gold record, or are listed as a disagreement."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from annotate.check import records
from annotate.errors import UsageError
from annotate.jsonl import STDIO, open_out
from annotate.labels import DEFAULT, NEUTRAL, LabelSet
from annotate.quality.agreement import newest
from annotate.records import Annotation, Gold, Resolution, Stance, TopicStance

__all__ = ["Disagreement", "ResolveSummary", "agreed", "resolve"]

SINGLE, AGREEMENT = "single", "agreement"


class Disagreement(NamedTuple):
    """A sentence that people left differently, and what each of them said and the others did not all say."""

    id: str
    text: str
    said: dict[str, list[str]]  # by annotator


@dataclass(frozen=True, slots=True)
class ResolveSummary:
    """What a resolution came to; sentences that everybody skipped are counted as skipped."""

    gold: int
    single: int
    agreement: int
    skipped: int
    disagreements: tuple[Disagreement, ...]


def resolve(source: Path, out: Path, *, labels: LabelSet = DEFAULT) -> ResolveSummary:
    """Resolve a file of annotations into a file of gold.

    A sentence that one person submitted is gold as it was submitted; one that several submitted is gold when they
    agree, and left out and listed when they do not. Gold stands in the order in which sentences first occur.

    Args:
        source: an `annotation` file; `-` is stdin.
        out: where `gold` records go; `-` is stdout.
        labels: the label set of the campaign.

    Raises:
        DataError: annotations are broken; nothing was written.
        UsageError: a file cannot be read or written, or both are the same.
    """
    if STDIO not in (out, source) and out.resolve() == source.resolve():
        raise UsageError(f"{source}: is read and would be written over; name another file for the result")
    by_sentence: dict[str, list[Annotation]] = {}
    for annotation in records(source, Annotation, labels):
        by_sentence.setdefault(annotation.id, []).append(annotation)
    methods: Counter[str] = Counter()
    disagreements: list[Disagreement] = []
    skipped = 0
    with open_out(out) as sink:
        for versions in by_sentence.values():
            latest = _latest(versions)
            if not latest:
                skipped += 1
            elif agreed(latest):
                gold = _gold(latest, labels)
                methods[gold.resolution.method] += 1
                sink.write(gold.to_json() + b"\n")
            else:
                disagreements.append(_disagreement(latest))
    return ResolveSummary(
        gold=methods.total(),
        single=methods[SINGLE],
        agreement=methods[AGREEMENT],
        skipped=skipped,
        disagreements=tuple(disagreements),
    )


def agreed(annotations: Sequence[Annotation]) -> bool:
    """Tell whether annotations of one sentence say the same: the same entities, and stances with the same holders.

    A stance that nobody chose is NEUTRAL, and cues are not compared, since annotators do not edit them. Of the topic,
    those must say the same who were asked.
    """
    first, *others = map(_claims, annotations)
    about_topic = {(said.topic, said.label) for said in _topics(annotations)}
    return len(about_topic) < 2 and all(first == other for other in others)


def _latest(versions: Iterable[Annotation]) -> list[Annotation]:
    """The newest submitted version of each annotator, ordered by annotator."""
    return sorted((a for a in newest(versions) if a.outcome == "submitted"), key=lambda a: a.annotator)


def _claims(annotation: Annotation) -> frozenset[str]:
    stances = {
        f"{stance.label} toward {stance.target}" + (f" by {stance.holder}" if stance.holder else "")
        for stance in annotation.stances
        if stance.label != NEUTRAL or stance.holder
    }
    return frozenset(stances | {entity.id for entity in annotation.entities})


def _topics(annotations: Iterable[Annotation]) -> list[TopicStance]:
    return [annotation.topic_stance for annotation in annotations if annotation.topic_stance]


def _gold(annotations: Sequence[Annotation], labels: LabelSet) -> Gold:
    chosen = annotations[0]
    by_target: dict[str, list[Stance]] = {}
    for stance in chosen.stances:
        by_target.setdefault(stance.target, []).append(stance)
    stances: list[Stance] = []
    for entity in chosen.entities:
        neutral = [Stance(target=entity.id, label=NEUTRAL)] if labels.bears_stance(entity.label) else []
        stances += by_target.get(entity.id, neutral)
    sentence = chosen.sentence()
    about_topic = _topics(annotations)
    return Gold(
        **{name: getattr(sentence, name) for name in sentence.__dataclass_fields__},
        entities=chosen.entities,
        stances=tuple(stances),
        topic_stance=about_topic[0] if about_topic else None,
        resolution=Resolution(
            method=SINGLE if len(annotations) == 1 else AGREEMENT,
            annotators=tuple(a.annotator for a in annotations),
        ),
    )


def _disagreement(annotations: Sequence[Annotation]) -> Disagreement:
    claims = {a.annotator: _claims(a) for a in annotations}
    shared = frozenset.intersection(*claims.values())
    said = {person: sorted(own - shared) for person, own in claims.items()}
    if len({about.label for about in _topics(annotations)}) > 1:
        for annotation in annotations:
            if about := annotation.topic_stance:
                said[annotation.annotator].append(f"{about.label} toward the topic {about.topic}")
    return Disagreement(annotations[0].id, annotations[0].text, said)
