"""The engines `transformers:MODEL`: token classification for entities, sentence-pair classification for stances."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from annotate.errors import MissingExtra, UsageError
from annotate.labels import AGAINST, FAVOR, NEUTRAL, LabelSet
from annotate.prelabel.outside.fitted import Find, entities_of, ours
from annotate.records import Engine, Entity, Sentence, Stance
from annotate.split import tokenize

__all__ = ["TransformersEntities", "TransformersStances"]

_BATCH = 16  # sentences or pairs at a time
_STRIDE = 32  # word pieces that two windows of a long sentence share
_LONGEST = 512  # word pieces, for models that do not say
_OTHER_NAMES = {
    "PRO": FAVOR,
    "SUPPORT": FAVOR,
    "POSITIVE": FAVOR,
    "CON": AGAINST,
    "OPPOSE": AGAINST,
    "NEGATIVE": AGAINST,
}


class TransformersEntities:
    """Finds names with a token classification model whose labels are BIO or bare types."""

    def __init__(self, model: str, labels: LabelSet) -> None:
        """Load a model with its fast tokenizer.

        Args:
            model: a folder that `save_pretrained` wrote, or a name on the Hugging Face Hub.
            labels: the label set of the campaign.

        Raises:
            MissingExtra: transformers or torch is not installed.
            UsageError: there is no such model, it cannot be loaded, or its tokenizer gives no offsets.
        """
        self._tokenizer, self._model = _loaded("AutoModelForTokenClassification", model)
        self._labels = labels
        self._classes = [_class(self._model.config.id2label[n], labels) for n in range(self._model.config.num_labels)]
        self.engine = _engine(self._model, model)

    def entities(self, article: Sequence[Sentence]) -> list[tuple[Entity, ...]]:
        """Find the entities of each sentence of one article, as the protocol says.

        Each of our tokens gets the mean of what the model says of its word pieces, in the window where it stands
        farthest from an edge; so offsets are ours, and a sentence of any length is read whole.
        """
        found: list[tuple[Entity, ...]] = []
        for at in range(0, len(article), _BATCH):
            found += self._batch(article[at : at + _BATCH])
        return found

    def _batch(self, sentences: Sequence[Sentence]) -> Iterator[tuple[Entity, ...]]:
        import torch

        encoded = self._tokenizer(
            [sentence.text for sentence in sentences],
            return_offsets_mapping=True,
            return_overflowing_tokens=True,
            truncation=True,
            max_length=_window(self._tokenizer, self._model),
            stride=min(_STRIDE, _window(self._tokenizer, self._model) // 4),
            padding=True,
            return_tensors="pt",
        )
        offsets, owners = encoded.pop("offset_mapping").tolist(), encoded.pop("overflow_to_sample_mapping").tolist()
        with torch.inference_mode():
            shares = self._model(**encoded).logits.softmax(-1).tolist()
        for number, sentence in enumerate(sentences):
            windows = [(offsets[w], shares[w]) for w, owner in enumerate(owners) if owner == number]
            finds = self._finds(sentence, windows)
            yield entities_of(sentence.text, sentence.lang, finds, self._labels, self.engine.name)

    def _finds(self, sentence: Sentence, windows: Sequence[tuple[list[list[int]], list[list[float]]]]) -> list[Find]:
        finds: list[Find] = []
        open_label = ""
        for start, end in tokenize(sentence.text, sentence.lang):
            best, pieces = -1, []
            for offsets, shares in windows:
                inside = [n for n, (a, b) in enumerate(offsets) if a < end and start < b]
                if inside and (inner := min(inside[0], len(offsets) - 1 - inside[-1])) > best:
                    best, pieces = inner, [shares[n] for n in inside]
            mean = [sum(column) / len(pieces) for column in zip(*pieces, strict=True)] if pieces else []
            top = max(range(len(mean)), key=mean.__getitem__) if mean else -1
            prefix, label = self._classes[top] if mean else ("", "")
            if not label:
                open_label = ""
                continue
            share = sum(value for value, (_, name) in zip(mean, self._classes, strict=True) if name == label)
            if finds and label == open_label and prefix != "B":
                last = finds[-1]
                finds[-1] = Find(last.start, end, label, min(last.score or 0.0, share))
            else:
                finds.append(Find(start, end, label, share))
            open_label = label
        return finds


class TransformersStances:
    """Judges each entity with a model that reads the sentence and the name of the target as a pair; no holders."""

    def __init__(self, model: str, labels: LabelSet) -> None:
        """Load a sequence classification model; its labels are the campaign's stances, or PRO/CON and their like.

        Args:
            model: a folder that `save_pretrained` wrote, or a name on the Hugging Face Hub.
            labels: the label set of the campaign.

        Raises:
            MissingExtra: transformers or torch is not installed.
            UsageError: there is no such model, it cannot be loaded, or none of its labels is a stance.
        """
        self._tokenizer, self._model = _loaded("AutoModelForSequenceClassification", model)
        self._labels = labels
        config = self._model.config
        self._classes = [_stance(config.id2label[n], labels) for n in range(config.num_labels)]
        if not set(self._classes) - {None, NEUTRAL}:
            said = ", ".join(map(str, config.id2label.values()))
            raise UsageError(f"transformers:{model}: none of its labels is a stance ({said})")
        self.engine = _engine(self._model, model)

    def stances(self, article: Sequence[Sentence], entities: Sequence[tuple[Entity, ...]]) -> list[tuple[Stance, ...]]:
        """Find the stances of each sentence of one article, as the protocol says."""
        asked = [
            (at, entity, sentence.text)
            for at, (sentence, found) in enumerate(zip(article, entities, strict=True))
            for entity in found
            if self._labels.bears_stance(entity.label)
        ]
        judged: list[list[Stance]] = [[] for _ in article]
        for first in range(0, len(asked), _BATCH):
            batch = asked[first : first + _BATCH]
            targets = [text[entity.start : entity.end] for _, entity, text in batch]
            for (at, entity, _), (label, share) in zip(
                batch, self._judge([text for *_, text in batch], targets), strict=True
            ):
                if label not in (None, NEUTRAL):
                    judged[at].append(
                        Stance(target=entity.id, label=label, score=round(share, 3), source=self.engine.name)
                    )
        return list(map(tuple, judged))

    def _judge(self, texts: Sequence[str], targets: Sequence[str]) -> Iterator[tuple[Any, float]]:
        import torch

        encoded = self._tokenizer(
            texts,
            targets,
            truncation="only_first",
            max_length=_window(self._tokenizer, self._model),
            padding=True,
            return_tensors="pt",
        )
        with torch.inference_mode():
            shares = self._model(**encoded).logits.softmax(-1)
        for share, best in zip(*shares.max(-1), strict=True):
            yield self._classes[int(best)], float(share)


@lru_cache(maxsize=2)
def _loaded(kind: str, model: str) -> tuple[Any, Any]:
    try:
        import torch  # noqa: F401 - transformers imports without it and fails later
        import transformers
    except ImportError as error:
        raise MissingExtra(error.name or "transformers", "transformers") from None
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(model)
        network = getattr(transformers, kind).from_pretrained(model).eval()
    except (OSError, ValueError, KeyError) as error:
        reason = " ".join(str(error).split())[:300]
        raise UsageError(f"transformers:{model}: {reason}") from error
    if not tokenizer.is_fast:
        raise UsageError(f"transformers:{model}: its tokenizer gives no offsets; a fast tokenizer is needed")
    return tokenizer, network


def _engine(network: Any, model: str) -> Engine:
    version = getattr(network.config, "_commit_hash", None) or _digest(network)
    return Engine(name=f"transformers:{model.rstrip('/').rpartition('/')[2]}", version=version[:12])


def _digest(network: Any) -> str:
    """A hash of the weights, for models without a revision."""
    from hashlib import sha256

    digest = sha256()
    for name, tensor in sorted(network.state_dict().items()):
        digest.update(name.encode() + tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def _window(tokenizer: Any, network: Any) -> int:
    most = getattr(network.config, "max_position_embeddings", None) or _LONGEST
    return int(min(tokenizer.model_max_length, most, _LONGEST))


def _class(name: str, labels: LabelSet) -> tuple[str, str]:
    """Prefix and label of a class: B-PER, I-ORG, LOC; ("", "") for those that are no entity of the campaign."""
    prefix, dash, bare = name.partition("-")
    if dash and prefix in ("B", "I", "E", "S", "L", "U"):
        return ("B" if prefix in ("B", "S", "U") else "I"), ours(bare, labels) or ""
    return "I", ours(name, labels) or ""


def _stance(name: str, labels: LabelSet) -> str | None:
    known = {mine.upper(): mine for mine in labels.stance_names}
    return known.get(name.upper()) or known.get(_OTHER_NAMES.get(name.upper(), ""))
