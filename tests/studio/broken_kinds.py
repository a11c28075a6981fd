"""Kinds of broken tasks: what to do to a sound one, and what our check says of it."""

from collections.abc import Callable, Set
from copy import deepcopy
from dataclasses import replace
from typing import Any, NamedTuple

from annotate.errors import Reason
from annotate.labels import DEFAULT, Topic
from annotate.studio.codec import Context, task
from annotate.studio.interface import topic_control

__all__ = ["KINDS", "LABELS", "Kind", "broken"]

LABELS = replace(DEFAULT, topic=Topic("नागरिकता कानून"))

PERSON, TARGET, CHOICE, RELATION = range(4)  # what the sound task's results are


class Kind(NamedTuple):
    """One kind: how it is made, and the reason our check gives."""

    change: Callable[[dict[str, Any]], None]
    reason: Reason
    harm: Set[str] = frozenset()  # what comes of it in Label Studio or in what it exports


def _value(index: int, **change: Any) -> Callable[[dict[str, Any]], None]:
    return lambda made: _result(made)[index]["value"].update(change)


def _item(index: int, **change: Any) -> Callable[[dict[str, Any]], None]:
    return lambda made: _result(made)[index].update(change)


def _prediction(**change: Any) -> Callable[[dict[str, Any]], None]:
    return lambda made: made["predictions"][0].update(change)


def _result(made: dict[str, Any]) -> list[dict[str, Any]]:
    return made["predictions"][0]["result"]


def _without(index: int) -> Callable[[dict[str, Any]], None]:
    return lambda made: _result(made).pop(index)


def _again(index: int, **change: Any) -> Callable[[dict[str, Any]], None]:
    return lambda made: _result(made).insert(index + 1, {**deepcopy(_result(made)[index]), **change})


def _choice_first(made: dict[str, Any]) -> None:
    _result(made).insert(0, _result(made).pop(CHOICE))


def _merged(made: dict[str, Any]) -> None:
    for index in (TARGET, CHOICE):
        _result(made)[index]["id"] = _result(made)[PERSON]["id"]
    _result(made).pop(RELATION)


def _renamed(made: dict[str, Any]) -> None:
    for index in (TARGET, CHOICE):
        _result(made)[index]["id"] = 7
    _result(made)[RELATION]["to_id"] = 7


def _crossing(made: dict[str, Any]) -> None:
    region = deepcopy(_result(made)[PERSON])
    text = made["data"]["text"]
    region.update(id="crossing", value={"start": 4, "end": 14, "text": text[4:14], "labels": ["PER"]})
    _result(made).append(region)


def _about_topic(*choices: str, topic: str = "नागरिकता कानून", **place: int) -> Callable[[dict[str, Any]], None]:
    """Add a stance of the whole sentence for each of the choices."""
    item = {"from_name": topic_control(topic), "to_name": "text", "type": "choices"}

    def change(made: dict[str, Any]) -> None:
        for number, choice in enumerate(choices):
            _result(made).append({**item, "id": f"topic{number}", "value": {"choices": [choice], **place}})

    return change


def _nul(made: dict[str, Any]) -> None:
    made["data"]["title"] = "a\0b"


# The sound one is "किम जोंग उन ने पुतिन के फैसले का समर्थन किया।": two people, FAVOR toward the second, held by the first.
KINDS = {
    "start before the text": Kind(_value(PERSON, start=-1), Reason.OFFSET_OUT_OF_TEXT, {"quarantined"}),
    "end after the text": Kind(_value(PERSON, end=999), Reason.OFFSET_OUT_OF_TEXT, {"export differs", "quarantined"}),
    "offset no integer": Kind(_value(PERSON, end=10.5), Reason.BAD_RESULT, {"quarantined"}),
    "offset a text": Kind(_value(PERSON, end="11"), Reason.BAD_RESULT, {"export fails", "quarantined"}),
    "offset missing": Kind(_value(PERSON, end=None), Reason.BAD_RESULT, {"export differs", "quarantined"}),
    "start after end": Kind(_value(PERSON, start=11, end=0), Reason.EMPTY_SPAN, {"export differs", "quarantined"}),
    "empty span": Kind(_value(PERSON, start=4, end=4, text=""), Reason.EMPTY_SPAN, {"export differs", "quarantined"}),
    "another surface text": Kind(_value(PERSON, text="पुतिन"), Reason.WRONG_TEXT),
    "prediction for another text": Kind(
        lambda made: made["data"].update(text="बैठक अगले सप्ताह दिल्ली में होगी, यह तय हुआ।"),
        Reason.WRONG_TEXT,
        {"export differs", "quarantined"},
    ),
    "prediction naming another task": Kind(_prediction(task=999999), Reason.BAD_RESULT),
    "akshara cut in two": Kind(
        _value(PERSON, end=1, text="क"), Reason.SPLITS_AKSHARA, {"export differs", "quarantined"}
    ),
    "unknown label": Kind(_value(PERSON, labels=["PERS"]), Reason.UNKNOWN_LABEL, {"export differs", "quarantined"}),
    "no label": Kind(_value(PERSON, labels=[]), Reason.BAD_RESULT, {"export differs", "quarantined"}),
    "two labels": Kind(_value(PERSON, labels=["PER", "LOC"]), Reason.BAD_RESULT, {"quarantined"}),
    "label no list": Kind(_value(PERSON, labels="PER"), Reason.BAD_RESULT, {"export differs", "quarantined"}),
    "from_name of no control": Kind(
        _item(PERSON, from_name="tag"), Reason.BAD_RESULT, {"export differs", "quarantined"}
    ),
    "to_name of no object": Kind(_item(PERSON, to_name="words"), Reason.BAD_RESULT, {"quarantined"}),
    "type of another control": Kind(_item(PERSON, type="rectanglelabels"), Reason.BAD_RESULT, {"quarantined"}),
    "value missing": Kind(_item(PERSON, value=None), Reason.BAD_RESULT, {"export fails", "quarantined"}),
    "choice without its region": Kind(_item(CHOICE, id="nowhere"), Reason.DANGLING_TARGET, {"quarantined"}),
    "choice before its region": Kind(_choice_first, Reason.DANGLING_TARGET),
    "choice elsewhere than its region": Kind(_value(CHOICE, start=0, end=11, text="किम जोंग उन"), Reason.BAD_RESULT),
    "unknown choice": Kind(_value(CHOICE, choices=["LIKES"]), Reason.UNKNOWN_LABEL, {"quarantined"}),
    "two choices in one": Kind(_value(CHOICE, choices=["FAVOR", "AGAINST"]), Reason.BAD_RESULT, {"quarantined"}),
    "two choices on a region": Kind(_again(CHOICE), Reason.DUPLICATE_STANCE),
    "duplicate region id": Kind(_merged, Reason.DUPLICATE_ID, {"quarantined"}),
    "integer region id": Kind(_renamed, Reason.BAD_RESULT, {"quarantined"}),
    "region id missing": Kind(_item(PERSON, id=None), Reason.BAD_RESULT, {"quarantined"}),
    "relation from nowhere": Kind(_item(RELATION, from_id="nowhere"), Reason.DANGLING_HOLDER, {"quarantined"}),
    "relation to nowhere": Kind(_item(RELATION, to_id="nowhere"), Reason.DANGLING_TARGET, {"quarantined"}),
    "relation of another kind": Kind(_item(RELATION, labels=["married to"]), Reason.BAD_RESULT, {"quarantined"}),
    "relation pointing nowhere": Kind(_item(RELATION, direction="up"), Reason.BAD_RESULT),
    "crossing spans of one label": Kind(_crossing, Reason.OVERLAP, {"export differs"}),
    "score above one": Kind(_item(PERSON, score=7), Reason.BAD_RESULT),
    "score of the prediction a text": Kind(_prediction(score="high"), Reason.BAD_RESULT),
    "score not a number": Kind(_prediction(score=float("nan")), Reason.BAD_RESULT, {"refused"}),
    "model version a number": Kind(_prediction(model_version=2), Reason.BAD_RESULT),
    "model version missing": Kind(_prediction(model_version=None), Reason.BAD_RESULT),
    "result no list": Kind(
        _prediction(result={"labels": ["PER"]}), Reason.BAD_RESULT, {"export differs", "quarantined"}
    ),
    "unknown choice about the topic": Kind(_about_topic("LIKES"), Reason.UNKNOWN_LABEL, {"quarantined"}),
    "two choices about the topic": Kind(_about_topic("FAVOR", "AGAINST"), Reason.DUPLICATE_STANCE, {"quarantined"}),
    "choice about another topic": Kind(_about_topic("FAVOR", topic="बजट"), Reason.BAD_RESULT, {"quarantined"}),
    "choice about the topic in a place": Kind(_about_topic("FAVOR", start=0, end=11), Reason.BAD_RESULT),
    "NUL character": Kind(_nul, Reason.BAD_RESULT),
    "two predictions": Kind(
        lambda made: made["predictions"].append(deepcopy(made["predictions"][0])), Reason.BAD_RESULT, {"shown twice"}
    ),
    "uid missing": Kind(lambda made: made["data"].pop("uid"), Reason.MISSING_FIELD, {"quarantined"}),
}


def broken(name: str, record: Any) -> dict[str, Any]:
    """The task of a record, broken in one way."""
    made = task(record, Context())
    KINDS[name].change(made)
    return made
