"""Label Studio's tasks in, its predictions out."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from threading import Lock
from types import MappingProxyType
from typing import Any

from annotate.errors import UsageError
from annotate.labels import DEFAULT, LabelSet
from annotate.prelabel import entity_backend, prelabel_with, stance_backend
from annotate.prelabel.migrated import brought, ever, least_ever
from annotate.records import Sentence
from annotate.relabel import Change
from annotate.split import languages, split
from annotate.studio import codec
from annotate.studio.interface import LABEL, STANCE, TEXT, interface
from annotate.studio.interface_diff import Control, controls
from annotate.studio.wire import Wire

__all__ = ["Predictor"]

_KINDS = frozenset({"sentence", "heading", "dateline"})
_NONE: Mapping[str, float] = MappingProxyType({})


class Predictor:
    """Pre-labels tasks of any project whose page can show them; several threads may ask at once."""

    def __init__(
        self,
        backend: str = "crf",
        stance: str = "classifier",
        labels: LabelSet = DEFAULT,
        lang: str = "hi",
        thresholds: Mapping[str, float] = _NONE,
        *,
        changes: Sequence[Change] = (),
    ) -> None:
        """Make the engines and let them look at a sentence, so that the first task need not wait for them.

        Args:
            backend: what finds entities, as `prelabel` takes it.
            stance: what finds stances.
            labels: the label set.
            lang: of the texts of tasks that do not say it.
            thresholds: the least score of the entities that are kept, by label.
            changes: migrations of the label set, oldest first.

        Raises:
            UsageError: no engine has that name, or `given`, which has nothing to give here.
            BackendError: a service does not answer.
        """
        if backend == "given":
            raise UsageError("given: tasks have no entities that could be taken; name an engine that finds them")
        known = ever(labels, changes)
        self._engines = entity_backend(backend, known), stance_backend(stance, known)
        self._lang, self._thresholds = lang, least_ever(thresholds, labels, changes)
        self._changes = changes
        self._wire = Wire(labels)
        self._ours = controls(interface(labels, lang))
        self._field = lru_cache(64)(self._find_field)
        self._one_at_a_time = Lock()  # the engines are not made for several threads
        (first,) = self._prelabel([_sentence("0", {"text": "।"}, "text", lang)])
        self.model_version = codec.model_version(first.engine)

    def text_field(self, label_config: str) -> str:
        """The field of a task's data that a project's page lets people label.

        Args:
            label_config: the page's XML.

        Raises:
            UsageError: the page cannot show what is proposed; the message says what it lacks.
        """
        return self._field(label_config)

    def predict(self, tasks: Sequence[Any], label_config: str) -> list[Any]:
        """Propose labels for tasks of one project; those of one article are looked at together, in reading order.

        The neighbours that a pushed task shows (`before`, `after`) are looked at too, as far as they are not among the
        tasks; so a task that comes alone is understood nearly as it is within its article.

        Args:
            tasks: as Label Studio sends them.
            label_config: the XML of the project's page.

        Returns:
            As many predictions as tasks; for a task without a text, or for which nothing sound was found, an empty
            list, which Label Studio takes for no prediction.

        Raises:
            UsageError: the page cannot show what is proposed.
            BackendError: a service of pre-labels failed.
        """
        field = self.text_field(label_config)
        sentences: dict[int, Sentence] = {}
        for number, task in enumerate(tasks):
            data = task.get("data") if isinstance(task, Mapping) else None
            if isinstance(data, Mapping) and isinstance(data.get(field), str) and data[field]:
                sentences[number] = _sentence(str(number), data, field, self._lang)
        answers: list[Any] = [[] for _ in tasks]
        for record in self._prelabel(list(self._articles(sentences, tasks))):
            made = codec.prediction(record)
            if record.id.isdecimal() and not any(True for _ in self._wire.of_prediction(made, record.text)):
                answers[int(record.id)] = made
        return answers

    def _articles(self, sentences: Mapping[int, Sentence], tasks: Sequence[Any]) -> Iterator[Sentence]:
        """The sentences article by article, with the neighbours that their tasks show and that are not among them."""
        articles: defaultdict[str, list[int]] = defaultdict(list)
        for number, sentence in sentences.items():
            articles[sentence.article_id].append(number)
        for numbers in articles.values():
            numbers.sort(key=lambda n: (sentences[n].index, n))
            following = [*(sentences[n].index for n in numbers[1:]), None]
            yield from self._neighbours(sentences[numbers[0]], tasks[numbers[0]], "before")
            for number, after in zip(numbers, following, strict=True):
                yield sentences[number]
                if after is None or after > sentences[number].index + 1:
                    yield from self._neighbours(sentences[number], tasks[number], "after")

    def _neighbours(self, sentence: Sentence, task: Mapping[str, Any], side: str) -> Iterator[Sentence]:
        """What a task of ours shows before or after its sentence: it helps to understand it, and is not labelled."""
        shown = task["data"].get(side)
        if isinstance(shown, str):
            for number, span in enumerate(split(shown, sentence.lang)):
                text = shown[span.start : span.end]
                yield replace(sentence, id=f"{sentence.id} {side} {number}", text=text, end=len(text))

    def _prelabel(self, sentences: Sequence[Sentence]) -> list[Any]:
        with self._one_at_a_time:
            found = prelabel_with(sentences, *self._engines, self._thresholds)
            return list(brought(found, self._changes) if self._changes else found)

    def _find_field(self, label_config: str) -> str:
        try:
            there = controls(label_config)
        except ValueError as error:
            raise UsageError(f"the project's interface is {error}") from error
        if lacking := list(self._lacking(there)):
            raise UsageError("the project's interface cannot show these pre-labels: " + "; ".join(lacking))
        return there[TEXT].settings["value"].removeprefix("$")

    def _lacking(self, there: Mapping[str, Control]) -> Iterator[str]:
        # A page without the question about a topic can show all that is proposed: nothing is proposed to it here.
        for name in (TEXT, LABEL, STANCE, "Relations"):
            wanted, found = self._ours.get(name), there.get(name)
            if wanted is None:
                continue
            if found is None or found.tag != wanted.tag:
                yield f"it has no control <{wanted.tag}> called {name!r}"
                continue
            for setting in ("toName", "perRegion"):
                if wanted.settings.get(setting) != found.settings.get(setting):
                    yield f"{name}: {setting} is not {wanted.settings.get(setting)!r}"
            if name == TEXT and not found.settings.get("value", "").startswith("$"):
                yield f"{name}: value names no field of the task"
            for option in wanted.options:
                if option not in found.options:
                    yield f"{name}: {option} is not among the options"


@cache
def _languages() -> frozenset[str]:
    return frozenset(languages())


def _sentence(number: str, data: Mapping[str, Any], field: str, lang: str) -> Sentence:
    """The sentence of a task; what a task that was not pushed by us lacks is made up."""
    text = data[field]
    article, index, told, kind = (data.get(name) for name in ("article_id", "index", "lang", "kind"))
    return Sentence(
        id=number,
        article_id=article if isinstance(article, str) and article else f"task {number}",
        lang=told if isinstance(told, str) and told in _languages() else lang,
        index=index if type(index) is int and index >= 0 else 0,
        start=0,
        end=len(text),
        text=text,
        kind=kind if kind in _KINDS else "sentence",
    )
