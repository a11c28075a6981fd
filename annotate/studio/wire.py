"""The last look at a task before it leaves: Label Studio takes every broken prediction, and shows or exports it broken.

What is looked at is the JSON that is sent, whoever made it, so that a fault of ours is found like one of the input.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotate.aksharas import is_boundary
from annotate.errors import Reason
from annotate.labels import LabelSet
from annotate.records import Entity
from annotate.schema import Complaint
from annotate.studio.codec import crossing
from annotate.studio.interface import HOLDS, LABEL, STANCE, TEXT, TOPIC, topic_control

__all__ = ["Wire"]

# What every result of a kind must carry, and the list of names in its value.
_KINDS = {"labels": LABEL, "choices": STANCE}


class Wire:
    """Knows what the page of a label set can show."""

    def __init__(self, labels: LabelSet) -> None:
        self._names = {"labels": set(labels.entity_names), "choices": set(labels.stance_names)}
        self._bearing = {entity.name for entity in labels.entities if entity.stance}
        self._topic = topic_control(labels.topic.text) if labels.topic else None

    def complaints(self, task: Mapping[str, Any]) -> Iterator[Complaint]:
        """Yield everything that is wrong with a task; nothing if it can be sent."""
        data = task.get("data")
        if not isinstance(data, Mapping):
            data = {}
        text, uid = data.get("text"), data.get("uid")
        if not isinstance(text, str) or not text or not isinstance(uid, str) or not uid:
            yield Complaint(Reason.MISSING_FIELD, f"data needs uid and text, which are {uid!r} and {text!r}")
            return
        for field, value in data.items():
            if isinstance(value, str) and "\0" in value:
                yield Complaint(Reason.BAD_RESULT, f"{field}: a NUL character, which PostgreSQL refuses")
        predictions = task.get("predictions")
        if not isinstance(predictions, list) or len(predictions) > 1:
            yield Complaint(Reason.BAD_RESULT, "predictions are no list of one")
            return
        for prediction in predictions:
            yield from self.of_prediction(prediction, text)

    def of_prediction(self, prediction: Any, text: str) -> Iterator[Complaint]:
        """Yield everything that is wrong with a prediction of a sentence with this text."""
        if not isinstance(prediction, Mapping) or not isinstance(prediction.get("result"), list):
            yield Complaint(Reason.BAD_RESULT, "a prediction without a list of results")
            return
        if "task" in prediction or "project" in prediction:
            yield Complaint(Reason.BAD_RESULT, "the prediction names the task it is for, which may be another")
        if not isinstance(version := prediction.get("model_version"), str) or not version:
            yield Complaint(Reason.BAD_RESULT, f"model_version is {version!r}, a text is needed")
        yield from _score("prediction", prediction.get("score"))
        regions: dict[str, Mapping[str, Any]] = {}
        chosen: set[str] = set()
        for item in prediction["result"]:
            kind = _kind(item)
            if kind in ("relation", TOPIC):
                continue  # they come last, when all regions are known
            if kind not in _KINDS:
                yield Complaint(Reason.BAD_RESULT, f"a result of type {kind!r}")
                continue
            faults = list(self._item(item, kind, text, regions))
            yield from faults
            if not isinstance(item.get("id"), str):
                continue
            if kind == "labels":
                if item["id"] in regions:
                    yield Complaint(Reason.DUPLICATE_ID, f"region {item['id']} stands twice, and they would be merged")
                elif not faults:
                    regions[item["id"]] = item["value"]
                else:
                    regions[item["id"]] = {}
            else:
                yield from self._choice(item, regions, chosen)
        yield from self._about_topic([item for item in prediction["result"] if _kind(item) == TOPIC], regions)
        yield from _relations(prediction["result"], regions)
        yield from _crossing(regions)

    def _item(
        self, item: Mapping[str, Any], kind: str, text: str, regions: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[Complaint]:
        name, value = item.get("id"), item.get("value")
        if not isinstance(name, str) or not name:
            yield Complaint(Reason.BAD_RESULT, f"a region whose id is {name!r}, a text is needed")
        if item.get("from_name") != _KINDS[kind] or item.get("to_name") != TEXT:
            found = f"region {name} belongs to {item.get('from_name')!r} on {item.get('to_name')!r}"
            yield Complaint(Reason.BAD_RESULT, f"{found}, which the page does not have for {kind}")
        yield from _score(f"region {name}", item.get("score"))
        if not isinstance(value, Mapping):
            yield Complaint(Reason.BAD_RESULT, f"region {name} has no value")
            return
        yield from self._name(f"region {name}", kind, value)
        if kind == "labels" or not _stands_on(value, regions.get(str(name))):
            yield from _span(name, value, text)

    def _name(self, what: str, kind: str, value: Mapping[str, Any]) -> Iterator[Complaint]:
        names = value.get(kind)
        if not isinstance(names, list) or len(names) != 1:
            yield Complaint(Reason.BAD_RESULT, f"{what}: {kind} are {names!r}, one is needed")
        elif not isinstance(names[0], str) or names[0] not in self._names[kind]:
            known = ", ".join(sorted(self._names[kind]))
            yield Complaint(Reason.UNKNOWN_LABEL, f"{what}: {names[0]!r} (known: {known})")

    def _about_topic(
        self, items: Sequence[Mapping[str, Any]], regions: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[Complaint]:
        """The stance of the whole sentence: one choice without a place, toward the topic that the page asks about."""
        if len(items) > 1:
            yield Complaint(Reason.DUPLICATE_STANCE, f"{len(items)} stances toward the topic")
        for item in items:
            name, value = item.get("id"), item.get("value")
            if not isinstance(name, str) or not name or name in regions:
                yield Complaint(Reason.BAD_RESULT, f"the stance toward the topic has the id {name!r}")
            if item["from_name"] != self._topic or item.get("to_name") != TEXT:
                found = f"a stance toward a topic of {item['from_name']!r} on {item.get('to_name')!r}"
                yield Complaint(Reason.BAD_RESULT, f"{found}, which the page does not ask")
            if not isinstance(value, Mapping):
                yield Complaint(Reason.BAD_RESULT, "the stance toward the topic has no value")
                continue
            yield from self._name("the topic", "choices", value)
            if "start" in value or "end" in value:
                yield Complaint(Reason.BAD_RESULT, "the stance toward the topic has a place, and would be a region")

    def _choice(
        self, item: Mapping[str, Any], regions: Mapping[str, Mapping[str, Any]], chosen: set[str]
    ) -> Iterator[Complaint]:
        name = item["id"]
        region = regions.get(name)
        if region is None:
            yield Complaint(Reason.DANGLING_TARGET, f"a stance on {name}, which is no region before it")
            return
        if name in chosen:
            yield Complaint(Reason.DUPLICATE_STANCE, f"two stances on region {name}")
        chosen.add(name)
        if not region or not isinstance(value := item.get("value"), Mapping):
            return
        if not _stands_on(value, region):
            yield Complaint(Reason.BAD_RESULT, f"the stance on {name} stands elsewhere than its region")
        if region["labels"][0] not in self._bearing:
            yield Complaint(Reason.BAD_RESULT, f"a stance on {name}, of a type that bears none")


def _kind(item: Any) -> Any:
    """What kind of result it is; a choice that is not about a region is one of its own."""
    kind = item.get("type") if isinstance(item, Mapping) else None
    return TOPIC if kind == "choices" and str(item.get("from_name")).startswith(TOPIC) else kind


def _stands_on(value: Mapping[str, Any], region: Mapping[str, Any] | None) -> bool:
    """Whether a stance has the offsets and the text of its region, which was looked at before."""
    return bool(region) and all(value.get(key) == region.get(key) for key in ("start", "end", "text"))  # type: ignore[union-attr]


def _score(what: str, score: Any) -> Iterator[Complaint]:
    if score is None:
        return
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        yield Complaint(Reason.BAD_RESULT, f"{what}: the score is {score!r}, a number from 0 to 1 is needed")


def _span(name: Any, value: Mapping[str, Any], text: str) -> Iterator[Complaint]:
    start, end = value.get("start"), value.get("end")
    if type(start) is not int or type(end) is not int:
        yield Complaint(Reason.BAD_RESULT, f"region {name}: offsets are {start!r} and {end!r}, integers are needed")
    elif start < 0 or end > len(text):
        found = f"region {name}: {start}-{end} in a text of {len(text)} code points"
        yield Complaint(Reason.OFFSET_OUT_OF_TEXT, found)
    elif end <= start:
        yield Complaint(Reason.EMPTY_SPAN, f"region {name}: {start}-{end}")
    else:
        if value.get("text") != text[start:end]:
            found = f"region {name}: the text at {start}-{end} is {text[start:end]!r}, not {value.get('text')!r}"
            yield Complaint(Reason.WRONG_TEXT, found)
        for at in (start, end):
            if not is_boundary(text, at):
                found = f"region {name}: {at} is inside an akshara of {text[start:end]!r}"
                yield Complaint(Reason.SPLITS_AKSHARA, found)


def _relations(result: Sequence[Any], regions: Mapping[str, Any]) -> Iterator[Complaint]:
    for item in result:
        if not isinstance(item, Mapping) or item.get("type") != "relation":
            continue
        holder, target = item.get("from_id"), item.get("to_id")
        for end, reason in ((holder, Reason.DANGLING_HOLDER), (target, Reason.DANGLING_TARGET)):
            if not isinstance(end, str) or end not in regions:
                yield Complaint(reason, f"a relation from {holder!r} to {target!r}, and {end!r} is no region")
        if item.get("direction") != "right" or item.get("labels") != [HOLDS]:
            yield Complaint(
                Reason.BAD_RESULT, f"a relation {item.get('labels')!r} that points {item.get('direction')!r}"
            )


def _crossing(regions: Mapping[str, Mapping[str, Any]]) -> Iterator[Complaint]:
    """Names of one type may lie within one another, as organisations do; but they do not cross."""
    sound = [Entity.at(value["start"], value["end"], value["labels"][0]) for value in regions.values() if value]
    for one, other in crossing(sound):
        yield Complaint(Reason.OVERLAP, f"{one.id} and {other.id}: two {one.label} that cross")
