"""Records to Label Studio's tasks and results, and back. The only place that knows the JSON of either side."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import orjson

from annotate.check import complaints
from annotate.errors import Reason
from annotate.labels import NEUTRAL
from annotate.records import Annotation, Engine, Entity, Labeled, Prelabeled, Sentence, Span, Stance, TopicStance
from annotate.schema import Complaint, Schema
from annotate.studio.interface import HOLDS, LABEL, STANCE, TEXT, TOPIC, source_link, topic_control

__all__ = [
    "Context",
    "Returned",
    "alike",
    "annotation",
    "crossing",
    "model_version",
    "prediction",
    "proposed",
    "result",
    "task",
    "unsendable",
]


_CUE = "cue: "  # begins the note on a region that says which words tell its stance


@dataclass(frozen=True, slots=True)
class Context:
    """What is shown around a sentence and cannot be labelled."""

    title: str = ""
    url: str = ""
    before: str = ""
    after: str = ""


def task(record: Prelabeled, context: Context) -> dict[str, Any]:
    """The task of a sentence: its text and surroundings as data, its pre-labels as one prediction.

    `data.uid` is the sentence's id, by which a task is found again, since Label Studio knows no external id.
    """
    data = {
        "uid": record.id,
        "text": record.text,
        "title": context.title,
        "before": context.before,
        "after": context.after,
        "url": context.url,
        "link": source_link(context.url),  # the same as HTML
        "lang": record.lang,
        "kind": record.kind,
        "article_id": record.article_id,
        "index": record.index,
    }
    return {"data": data, "predictions": [prediction(record)]}


def prediction(record: Prelabeled) -> dict[str, Any]:
    """The pre-labels of a sentence as Label Studio's prediction."""
    scores = [e.score for e in record.entities if e.score is not None]
    return {
        "model_version": model_version(record.engine),
        "result": result(record),
        # The least sure entity decides how sure the whole sentence is.
        "score": min(scores, default=1.0),
    }


def proposed(prediction: Mapping[str, Any], record: Prelabeled, topic: str | None) -> Prelabeled | None:
    """Read one of our predictions of a sentence back; None where it is none of ours.

    What a prediction does not hold, such as what found an entity, is not known. Its words for a cue tell the place
    where they stand in the sentence once; else the cue is that of the same stance in the record.

    Args:
        prediction: as the server exports it.
        record: the sentence, with pre-labels of now.
        topic: what the campaign asks about the sentence as a whole, if anything.
    """
    name, _, version = str(prediction.get("model_version") or "").rpartition("/")
    reader = _Reader(record, topic)
    results = prediction.get("result") or ()
    for item in results:
        reader.take(item)
    entities, stances = reader.finish()
    if reader.wrong or not name or not version:
        return None
    regions = {item["id"]: item for item in results if item.get("type") == "labels"}
    return replace(
        record,
        entities=tuple(replace(entity, score=regions[entity.id].get("score")) for entity in entities),
        stances=tuple(replace(it, cue=_cue_of(regions[it.target], record.text) or it.cue) for it in stances),
        topic_stance=reader.topic_stance,
        engine=Engine(name=name, version=version),
    )


def alike(one: Prelabeled, other: Prelabeled) -> bool:
    """Tell whether two pre-labellings of a sentence are of one engine and mark the same in Label Studio."""
    return one.engine == other.engine and _marks(one) == _marks(other)


def model_version(engine: Engine) -> str:
    """How Label Studio names what made a prediction."""
    return f"{engine.name}/{engine.version}"


def result(record: Labeled) -> list[dict[str, Any]]:
    """Entities and stances of a sentence as Label Studio's list of regions, choices and relations.

    Region ids are entity ids. A choice follows the region it belongs to, or Label Studio drops it. NEUTRAL is what an
    entity without a choice is, so it is not sent. The stance toward the topic is a choice without a place.
    """
    regions: list[dict[str, Any]] = []
    relations: list[dict[str, Any]] = []
    for entity in record.entities:
        where = {"start": entity.start, "end": entity.end, "text": record.text[entity.start : entity.end]}
        region: dict[str, Any] = {
            "id": entity.id,
            "from_name": LABEL,
            "to_name": TEXT,
            "type": "labels",
            "origin": "prediction",
        }
        region["value"] = {**where, "labels": [entity.label]}
        if entity.score is not None:
            region["score"] = entity.score
        regions.append(region)
        stances = [s for s in record.stances if s.target == entity.id and s.label != NEUTRAL]
        if cue := next((s.cue for s in stances if s.cue), None):
            # Shown beside the region when it is selected; what comes back of it is not read.
            region["meta"] = {"text": [_CUE + record.text[cue.start : cue.end]]}
        if stances:
            choice = {"id": entity.id, "from_name": STANCE, "to_name": TEXT, "type": "choices", "origin": "prediction"}
            regions.append({**choice, "value": {**where, "choices": [stances[0].label]}})
        relations += [
            {"type": "relation", "from_id": s.holder, "to_id": entity.id, "direction": "right", "labels": [HOLDS]}
            for s in stances
            if s.holder
        ]
    if topic := record.topic_stance:
        choice = {"id": TOPIC, "from_name": topic_control(topic.topic), "to_name": TEXT, "type": "choices"}
        regions.append({**choice, "origin": "prediction", "value": {"choices": [topic.label]}})
    return regions + relations


def unsendable(record: Labeled) -> Iterable[Complaint]:
    """Yield what keeps a sound record from being shown in Label Studio."""
    if "\0" in record.text:
        yield Complaint(Reason.BAD_RESULT, "a NUL character, which PostgreSQL refuses")
    for entity in record.entities:
        stances = [s for s in record.stances if s.target == entity.id]
        labels = sorted({s.label for s in stances})
        if len(labels) > 1:
            found = f"{' and '.join(labels)} toward {entity.id}; Label Studio keeps one stance per entity"
            yield Complaint(Reason.BAD_RESULT, found)
        if any(s.holder == entity.id for s in stances):
            yield Complaint(Reason.BAD_RESULT, f"{entity.id} holds a stance toward itself")
        if len({s.holder is None for s in stances}) > 1:
            found = f"{entity.id} has a holder with a name and one without, and a relation needs both ends"
            yield Complaint(Reason.BAD_RESULT, found)
    for one, other in crossing(record.entities):
        yield Complaint(Reason.OVERLAP, f"{one.id} and {other.id}: two {one.label} that cross")


def crossing(entities: Iterable[Entity]) -> Iterator[tuple[Entity, Entity]]:
    """Yield the pairs of one type that each have a part of the other; to lie within one another is no fault."""
    ordered = sorted(entities, key=lambda entity: (entity.label, entity.start, entity.end))
    for n, first in enumerate(ordered):
        for other in islice(ordered, n + 1, None):
            if other.label != first.label or other.start >= first.end:
                break
            if first.start < other.start and first.end < other.end:
                yield first, other


@dataclass(frozen=True, slots=True)
class Returned:
    """An annotation as it came back: the record, or what is wrong with it."""

    record: Annotation | None
    complaints: tuple[Complaint, ...]


def annotation(
    raw: Mapping[str, Any],
    task_id: int,
    pushed: Prelabeled,
    schema: Schema,
    *,
    reviewer: str | None = None,
    topic: str | None = None,
    nobody: str = "deleted account",
) -> Returned:
    """Read one of Label Studio's annotations of the sentence that was pushed.

    Args:
        raw: the annotation as the server exports it.
        task_id: Label Studio's id of its task.
        pushed: the sentence and the pre-labels it was pushed with.
        schema: the compiled schema of `Annotation` for the campaign's label set.
        reviewer: who changed it last, if that was not the annotator.
        topic: what the campaign asks about the sentence as a whole, if anything.
        nobody: what the annotator is called where the account was deleted.

    Returns:
        The record with texts recomputed from offsets, or every reason why it cannot be one.
    """
    reader = _Reader(pushed, topic)
    for item in raw.get("result") or ():
        reader.take(item)
    entities, stances = reader.finish()
    if reader.wrong:
        return Returned(None, tuple(reader.wrong))
    person = raw.get("completed_by")
    record = Annotation(
        **{name: getattr(pushed, name) for name in Sentence.__dataclass_fields__},
        entities=tuple(entities),
        stances=tuple(stances),
        topic_stance=reader.topic_stance,
        annotator=nobody if person is None else _name(person),
        annotation_id=raw.get("id"),  # type: ignore[arg-type]  # what it is, the schema says
        task_id=task_id,
        created_at=raw.get("created_at"),  # type: ignore[arg-type]
        updated_at=raw.get("updated_at"),  # type: ignore[arg-type]
        lead_time=raw.get("lead_time"),
        outcome="skipped" if raw.get("was_cancelled") else "submitted",
        engine=pushed.engine,
        reviewer=reviewer,
    )
    data = orjson.loads(record.to_json())
    wrong = [*schema.complaints(data)] or [*complaints(data, Annotation, {})]
    return Returned(None if wrong else record, tuple(wrong))


def _name(person: Any) -> str:
    return str(person.get("email") or person.get("id")) if isinstance(person, dict) else str(person)


class _Reader:
    """Collects regions, choices and relations of one annotation, which may come in any order."""

    def __init__(self, pushed: Prelabeled, topic: str | None) -> None:
        self.wrong: list[Complaint] = []
        self.topic_stance: TopicStance | None = None
        self._topic = topic
        self._pushed = pushed
        self._entities: dict[str, Entity] = {}  # by region id
        self._choices: dict[str, str] = {}
        self._holders: dict[str, list[str]] = {}  # target region -> holder regions
        self._takers = {"labels": self._label, "choices": self._choice, "relation": self._relation}

    def take(self, item: Any) -> None:
        kind = item.get("type") if isinstance(item, dict) else None
        taker = self._takers.get(kind) if isinstance(kind, str) else None
        if taker is None:
            self._refuse(f"a result of type {kind!r}")
        else:
            taker(item)

    def finish(self) -> tuple[list[Entity], list[Stance]]:
        """Entities sorted by place, and the stances toward them in the same order."""
        for region in self._choices.keys() - self._entities.keys():
            self._refuse(f"a stance on region {region!r}, which is no entity")
        for target, holders in self._holders.items():
            for region in {target, *holders} - self._entities.keys():
                self._refuse(f"a relation with region {region!r}, which is no entity")
        for target in self._holders:
            self._check_holders(target)
        if self.wrong:
            return [], []
        ordered = sorted(self._entities.items(), key=lambda pair: (pair[1].start, -pair[1].end, pair[1].label))
        stances = [stance for region, entity in ordered for stance in self._stances(region, entity)]
        return [entity for _, entity in ordered], stances

    def _check_holders(self, target: str) -> None:
        """A holder holds a stance, toward something else; who picks NEUTRAL may leave a proposed one behind."""
        for holder in self._holders[target]:
            if holder == target:
                self._refuse(f"a relation of region {target!r} with itself")
            elif self._choices.get(target, NEUTRAL) == NEUTRAL and not self._proposed(holder, target):
                self._refuse(f"region {holder!r} holds a stance toward {target!r}, which has none")

    def _proposed(self, holder: str, target: str) -> bool:
        return any((s.holder, s.target) == (holder, target) for s in self._pushed.stances)

    def _stances(self, region: str, target: Entity) -> Iterable[Stance]:
        if region not in self._choices:
            return
        label = self._choices[region]
        holders = sorted({self._entities[holder].id for holder in self._holders.get(region, ())})
        if label == NEUTRAL:
            holders = []
        for holder in holders or (None,):
            yield Stance(target=target.id, label=label, holder=holder, cue=self._cue(target.id, label))

    def _cue(self, target: str, label: str) -> Span | None:
        # The cue is shown, not edited: it stands as long as the stance it gave rise to stands.
        return next((s.cue for s in self._pushed.stances if s.target == target and s.label == label), None)

    def _label(self, item: Mapping[str, Any]) -> None:
        region, value = self._region(item, LABEL), item.get("value")
        names = value.get("labels") if isinstance(value, dict) else None
        if region is None or not isinstance(value, dict):
            return
        start, end = value.get("start"), value.get("end")
        name = _one(names)
        if name is None:
            self._refuse(f"region {region}: labels are {names!r}, one is needed")
        elif type(start) is not int or type(end) is not int or start < 0:
            self._refuse(f"region {region}: offsets are {start!r} and {end!r}")
        elif region in self._entities:
            self._refuse(f"region {region} stands twice")
        else:
            self._entities[region] = Entity.at(start, end, name)

    def _choice(self, item: Mapping[str, Any]) -> None:
        control = item.get("from_name")
        if isinstance(control, str) and control.startswith(TOPIC):
            self._about_topic(item, control)
            return
        region, value = self._region(item, STANCE), item.get("value")
        names = value.get("choices") if isinstance(value, dict) else None
        if region is None:
            return
        name = _one(names)
        if name is None:
            self._refuse(f"region {region}: stances are {names!r}, one is needed")
        else:
            self._choices[region] = name

    def _about_topic(self, item: Mapping[str, Any], control: str) -> None:
        value = item.get("value")
        name = _one(value.get("choices")) if isinstance(value, dict) else None
        if self._topic is None or control != topic_control(self._topic):
            self._refuse(f"a stance of the control {control!r}, which asks about another topic than the label set")
        elif item.get("to_name") != TEXT or name is None:
            self._refuse(f"the stance toward the topic is {value!r} on {item.get('to_name')!r}, one is needed")
        elif self.topic_stance:
            self._refuse("two stances toward the topic")
        else:
            self.topic_stance = TopicStance(topic=self._topic, label=name)

    def _relation(self, item: Mapping[str, Any]) -> None:
        holder, target, names = item.get("from_id"), item.get("to_id"), item.get("labels")
        if not isinstance(holder, str) or not isinstance(target, str):
            self._refuse(f"a relation from {holder!r} to {target!r}")
        elif names not in ([HOLDS], [], None):
            self._refuse(f"a relation called {names!r}")
        else:
            if item.get("direction") == "left":
                holder, target = target, holder
            self._holders.setdefault(target, []).append(holder)

    def _region(self, item: Mapping[str, Any], control: str) -> str | None:
        region = item.get("id")
        if not isinstance(region, str) or not region:
            self._refuse(f"a region whose id is {region!r}")
        elif item.get("from_name") != control or item.get("to_name") != TEXT:
            self._refuse(f"region {region} belongs to {item.get('from_name')!r} on {item.get('to_name')!r}")
        elif not isinstance(item.get("value"), dict):
            self._refuse(f"region {region} has no value")
        else:
            return region
        return None

    def _refuse(self, found: str) -> None:
        self.wrong.append(Complaint(Reason.BAD_RESULT, found))


def _marks(record: Labeled) -> list[bytes]:
    bare = ({key: value for key, value in item.items() if key != "meta"} for item in result(record))
    return sorted(map(orjson.dumps, bare))


def _cue_of(region: Mapping[str, Any], text: str) -> Span | None:
    """Where the cue is that is shown beside a region, if that can be told."""
    meta = region.get("meta")
    words = _one(meta.get("text")) if isinstance(meta, Mapping) else None
    cue = words.removeprefix(_CUE) if words and words.startswith(_CUE) else ""
    return Span(at := text.index(cue), at + len(cue)) if cue and text.count(cue) == 1 else None


def _one(names: Any) -> str | None:
    """The only text of a list, or None when it is not a list of one text."""
    one = isinstance(names, list) and len(names) == 1 and isinstance(names[0], str)
    return names[0] if one else None
