"""The engines `http:URL`: a service that answers one JSON object per article.

What is asked and answered is described in `schemas/backend_request.schema.json` and `backend_response.schema.json`.
"""

import re
import time
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import orjson

from annotate.errors import BackendError
from annotate.labels import LabelSet
from annotate.prelabel.outside.fitted import Find, entities_of
from annotate.records import Engine, Entity, Sentence, Span, Stance
from annotate.schema import shipped

__all__ = ["HttpEntities", "HttpStances"]

_TRIES = 4
_FIRST_WAIT_S = 0.5  # doubled after each try
_TIMEOUT_S = 60.0
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})  # asking again is harmless and may help


class _Service:
    """Asks one service; the empty article tells which engine answers."""

    def __init__(self, url: str, task: str, labels: LabelSet) -> None:
        self._url, self._task = url, task
        self._shown = re.sub(r"//[^/]*@", "//", url)  # a user and a password are for the service alone
        self._labels = {"entities": list(labels.entity_names), "stances": list(labels.stance_names)}
        said = self.ask([])["engine"]
        self.engine = Engine(name=f"http:{said['name']}", version=said["version"])

    def ask(self, sentences: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Send an article and give what was answered, checked.

        Raises:
            BackendError: no answer after several tries, a refusal, or an answer that breaks the schema.
        """
        import httpx

        body = orjson.dumps({"task": self._task, "labels": self._labels, "sentences": list(sentences)})
        for tried in range(1, _TRIES + 1):
            try:
                answer = httpx.post(
                    self._url, content=body, headers={"Content-Type": "application/json"}, timeout=_TIMEOUT_S
                )
            except httpx.TransportError as error:
                failure = BackendError(f"{self._shown}: {type(error).__name__}: {error}")
            except httpx.InvalidURL as error:
                raise BackendError(f"{self._shown}: {error}") from error
            else:
                if answer.is_success:
                    return self._checked(answer.content, [sentence["id"] for sentence in sentences])
                failure = BackendError(
                    f"{self._shown}: HTTP {answer.status_code} {answer.reason_phrase}", status=answer.status_code
                )
                if answer.status_code not in _LATER:
                    raise failure
            if tried < _TRIES:
                time.sleep(_FIRST_WAIT_S * 2 ** (tried - 1))
        raise failure

    def _checked(self, raw: bytes, ids: Sequence[str]) -> dict[str, Any]:
        try:
            answer = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise BackendError(f"{self._shown}: the answer is no JSON: {error}") from error
        wrong = next(iter(_schema().iter_errors(answer)), None)
        if wrong is not None:
            place = "/".join(map(str, wrong.instance_path))
            raise BackendError(f"{self._shown}: the answer breaks its schema at {place or 'the top'}: {wrong.message}")
        if (found := [sentence["id"] for sentence in answer["sentences"]]) != list(ids):
            raise BackendError(f"{self._shown}: answered for the sentences {found[:3]}… instead of {list(ids)[:3]}…")
        return dict(answer)


class HttpEntities:
    """Finds names by asking a service."""

    def __init__(self, url: str, labels: LabelSet) -> None:
        """Ask the service who it is.

        Args:
            url: where articles are posted, with its scheme: `https://host/path`. A user and password before the host
                are sent, and left out of messages.
            labels: the label set of the campaign.

        Raises:
            BackendError: the service does not answer as it should.
        """
        self._service = _Service(url, "entities", labels)
        self._labels = labels
        self.engine = self._service.engine

    def entities(self, article: Sequence[Sentence]) -> list[tuple[Entity, ...]]:
        """Find the entities of each sentence of one article, as the protocol says.

        Raises:
            BackendError: the service failed.
        """
        answer = self._service.ask([_plain(sentence) for sentence in article])
        return [
            entities_of(
                sentence.text,
                sentence.lang,
                (Find(e["start"], e["end"], e["label"], e.get("score")) for e in said.get("entities", ())),
                self._labels,
                self.engine.name,
            )
            for sentence, said in zip(article, answer["sentences"], strict=True)
        ]


class HttpStances:
    """Finds stances by asking a service, which is told the entities."""

    def __init__(self, url: str, labels: LabelSet) -> None:
        """Ask the service who it is; as `HttpEntities`."""
        self._service = _Service(url, "stances", labels)
        self._labels = labels
        self.engine = self._service.engine

    def stances(self, article: Sequence[Sentence], entities: Sequence[tuple[Entity, ...]]) -> list[tuple[Stance, ...]]:
        """Find the stances of each sentence of one article, as the protocol says.

        Raises:
            BackendError: the service failed, or names an entity, a stance or a cue that is not there.
        """
        told = [
            {
                **_plain(sentence),
                "entities": [{"id": e.id, "start": e.start, "end": e.end, "label": e.label} for e in found],
            }
            for sentence, found in zip(article, entities, strict=True)
        ]
        answer = self._service.ask(told)
        return [
            tuple(self._stance(sentence, {e.id for e in found}, stance) for stance in said.get("stances", ()))
            for sentence, found, said in zip(article, entities, answer["sentences"], strict=True)
        ]

    def _stance(self, sentence: Sentence, ids: set[str], said: Mapping[str, Any]) -> Stance:
        target, holder, label, cue = said["target"], said.get("holder"), said["label"], said.get("cue")
        known = target in ids and (holder is None or holder in ids) and label in self._labels.stance_names
        if not known or (cue and not 0 <= cue[0] < cue[1] <= len(sentence.text)):
            raise BackendError(f"the service named what sentence {sentence.id} does not have: {dict(said)}")
        return Stance(
            target=target,
            label=label,
            holder=holder,
            score=said.get("score"),
            cue=Span(*cue) if cue else None,
            source=self.engine.name,
        )


def _plain(sentence: Sentence) -> dict[str, Any]:
    return {"id": sentence.id, "lang": sentence.lang, "kind": sentence.kind, "text": sentence.text}


@cache
def _schema() -> Any:
    import jsonschema_rs

    source = orjson.loads((shipped("schemas") / "backend_response.schema.json").read_bytes())
    return jsonschema_rs.validator_for(source)
