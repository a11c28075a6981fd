"""What a release comes from beside gold: articles, annotations, pre-labels, ledger, guideline; all may be missing."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from annotate.check import records
from annotate.errors import Fault, Reason, UsageError
from annotate.jsonl import name_of
from annotate.labels import LabelSet
from annotate.quality.agreement import TopicAgreement, agreement, newest
from annotate.quality.corrections import Corrections, corrections, topic_corrections
from annotate.quality.report import Row, by_label, corrections_report
from annotate.quality.resolve import agreed
from annotate.records import Annotation, Article, Engine, Gold, Prelabeled
from annotate.release.manifest import Annotated, Input, Origins, Prelabels, TopicAnnotated, sha256_of
from annotate.release.split_by import Origin, date_of
from annotate.studio.ledger import Ledger

__all__ = ["Known", "Sources"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Files that say how gold came about; what is not given is not known."""

    articles: Path | None = None  # `article` records: texts to compare with, sources and dates
    annotations: Path | None = None  # `annotation` records: people, overlap, agreement, disagreements
    prelabeled: Path | None = None  # `prelabeled` records: what people corrected
    ledger: Path | None = None  # what was pushed
    guideline: Path | None = None  # Markdown that annotators read; the card has it

    def inputs(self) -> Iterator[Input]:
        """Each file with its hash; of the ledger, the hash of what it holds, since its file is never twice the same."""
        for role in ("articles", "annotations", "prelabeled", "guideline"):
            if path := getattr(self, role):
                yield Input(role, path.name, sha256_of(path))
        if self.ledger:
            yield Input("ledger", self.ledger.name, Ledger.digest(self.ledger))

    def text(self) -> str:
        """The guideline; empty when there is none.

        Raises:
            UsageError: it cannot be read.
        """
        try:
            return self.guideline.read_text("utf-8") if self.guideline else ""
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            raise UsageError(f"{self.guideline}: {why}") from error

    def look(self, labels: LabelSet) -> "Known":
        """Read them.

        Raises:
            DataError: records are broken.
            UsageError: a file cannot be read.
        """
        known = Known()
        if self.articles:
            known.articles = name_of(self.articles)
            for article in records(self.articles, Article, labels):
                known.texts[article.id] = article.text
                known.origins[article.id] = Origin(article.source, article.published)
        if self.annotations:
            known.annotations = name_of(self.annotations)
            known.annotated = _annotated(self.annotations, self.prelabeled, labels, known)
            known.engines = tuple(known.annotated.engines)
            if self.prelabeled and not known.engines:
                known.engines = tuple(
                    sorted({_engine(it.engine) for it in records(self.prelabeled, Prelabeled, labels)})
                )
        return known

    def compare(self, gold: Path, labels: LabelSet) -> Prelabels | None:
        """Say what became of the pre-labels in gold; None where they were not given, or annotations say it better.

        Raises:
            DataError: records are broken.
            UsageError: a file cannot be read.
        """
        if not self.prelabeled or self.annotations:
            return None
        decided = {record.id: record for record in records(gold, Gold, labels)}
        engines: Counter[str] = Counter()
        counted: dict[str, Corrections] = {}
        topic = Corrections()
        for before in records(self.prelabeled, Prelabeled, labels):
            if after := decided.get(before.id):
                engines[_engine(before.engine)] += 1
                for name, counts in {"all": corrections(before, after), **by_label(before, after)}.items():
                    counted[name] = counted.get(name, Corrections()) + counts
                topic += topic_corrections(before, after)
        order = sorted(counted, key=lambda name: (name != "all", name))
        return Prelabels(
            engines=dict(sorted(engines.items())),
            corrections={name: _row(Row(name, 0, counted[name])) for name in order},
            topic=_row(Row("topic", 0, topic)) if topic != Corrections() else {},
        )


@dataclass(slots=True)
class Known:
    """What the files say."""

    texts: dict[str, str] = field(default_factory=dict)  # by article id
    origins: dict[str, Origin] = field(default_factory=dict)  # by article id
    articles: str = ""  # how messages name the file of articles
    annotations: str = ""  # how messages name the file of annotations
    annotated: Annotated | None = None
    engines: tuple[str, ...] = ()  # of the pre-labels that people started from, each with its version
    differing: tuple[str, ...] = ()  # sentences that people left differently

    def origins_of(self, articles: Collection[str]) -> Origins | None:
        """Where these articles come from; None when none of them says it."""
        known = [self.origins[name] for name in articles if name in self.origins]
        sources = Counter(origin.source for origin in known if origin.source)
        days = sorted(day for origin in known if (day := date_of(origin.published)))
        if not sources and not days:
            return None
        ordered = sorted(sources.items(), key=lambda item: (-item[1], item[0]))
        return Origins(dict(ordered), days[0] if days else None, days[-1] if days else None)

    def unresolved(self, met: Collection[str]) -> Iterator[Fault]:
        """Yield one fault for every sentence that people left differently and that was not met in gold."""
        found = f"annotators differ, and gold does not decide (allow {Reason.UNRESOLVED} leaves it out)"
        for name in self.differing:
            if name not in met:
                yield Fault(self.annotations, 0, name, Reason.UNRESOLVED, found)


def _annotated(annotations: Path, prelabeled: Path | None, labels: LabelSet, known: Known) -> Annotated:
    last = newest(records(annotations, Annotation, labels))
    submitted: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in last:
        if annotation.outcome == "submitted":
            submitted[annotation.id].append(annotation)
    known.differing = tuple(name for name, versions in submitted.items() if not agreed(versions))
    engines = Counter(_engine(it.engine) for it in last if it.engine)
    agreed_on = agreement(annotations, labels=labels)
    pairs = agreed_on.pairs
    report = corrections_report(prelabeled, annotations, labels=labels) if prelabeled else None
    return Annotated(
        people=len({it.annotator for versions in submitted.values() for it in versions}),
        submitted=sum(map(len, submitted.values())),
        skipped=len(last) - sum(map(len, submitted.values())),
        overlap={str(n): count for n, count in sorted(Counter(map(len, submitted.values())).items())},
        differing=len(known.differing),
        entity_f1=_mean([(pair.entity_f1, pair.sentences) for pair in pairs]),
        stance_kappa=_mean([(pair.stance_kappa, pair.stances) for pair in pairs]),
        engines=dict(sorted(engines.items())),
        corrections={row.name: _row(row) for row in (report.total, *report.labels)} if report else {},
        topic=_about_topic(submitted, agreed_on.topics, report.topics if report else ()),
    )


def _about_topic(
    submitted: Mapping[str, Sequence[Annotation]], pairs: Sequence[TopicAgreement], corrected: Sequence[Row]
) -> TopicAnnotated | None:
    answers = sum(it.topic_stance is not None for versions in submitted.values() for it in versions)
    if not answers:
        return None
    return TopicAnnotated(
        answers=answers,
        compared=sum(pair.sentences for pair in pairs),
        same=sum(pair.same for pair in pairs),
        kappa=_mean([(pair.kappa, pair.sentences) for pair in pairs]),
        corrections=_row(corrected[0]) if corrected else {},
    )


def _engine(engine: Engine) -> str:
    return f"{engine.name} {engine.version}"


def _mean(values: list[tuple[float | None, int]]) -> float | None:
    """The mean over pairs of annotators, each as heavy as what it compared."""
    there = [(value, weight) for value, weight in values if value is not None and weight]
    return round(sum(v * w for v, w in there) / sum(w for _, w in there), 4) if there else None


def _row(row: Row) -> dict[str, Any]:
    return {"proposed": row.proposed, "final": row.final, **asdict(row.counts)}
