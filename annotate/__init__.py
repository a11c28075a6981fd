"""Turn news articles into validated NER and stance datasets. This is the public API; it only re-exports."""

from typing import TYPE_CHECKING, Any

from annotate.errors import (
    AnnotateError,
    DataError,
    Fault,
    HubError,
    MissingExtra,
    Reason,
    ServiceError,
    StudioError,
    Unfinished,
    UsageError,
)
from annotate.labels import DEFAULT as DEFAULT_LABELS
from annotate.labels import EntityLabel, LabelSet, StanceLabel, Topic
from annotate.prelabel import prelabel
from annotate.records import (
    Annotation,
    Article,
    Engine,
    Entity,
    Gold,
    Prelabeled,
    Resolution,
    Sentence,
    Span,
    Stance,
    TopicStance,
)
from annotate.split import SPLITTER_VERSION, TOKENIZER_VERSION, split, tokenize

if TYPE_CHECKING:
    from annotate.articles import read as read_articles
    from annotate.check import faults
    from annotate.check import records as read_records
    from annotate.prelabel.step import prelabel_file
    from annotate.quality.resolve import resolve
    from annotate.release.build import build
    from annotate.release.publish import publish
    from annotate.split.step import split_files
    from annotate.studio.client import Client
    from annotate.studio.pull import pull
    from annotate.studio.push import Campaign, PushOptions, push

__version__ = "0.1.0"

__all__ = [
    "DEFAULT_LABELS",
    "SPLITTER_VERSION",
    "TOKENIZER_VERSION",
    "AnnotateError",
    "Annotation",
    "Article",
    "Campaign",
    "Client",
    "DataError",
    "Engine",
    "Entity",
    "EntityLabel",
    "Fault",
    "Gold",
    "HubError",
    "LabelSet",
    "MissingExtra",
    "Prelabeled",
    "PushOptions",
    "Reason",
    "Resolution",
    "Sentence",
    "ServiceError",
    "Span",
    "Stance",
    "StanceLabel",
    "StudioError",
    "Topic",
    "TopicStance",
    "Unfinished",
    "UsageError",
    "__version__",
    "build",
    "faults",
    "prelabel",
    "prelabel_file",
    "publish",
    "pull",
    "push",
    "read_articles",
    "read_records",
    "resolve",
    "split",
    "split_files",
    "tokenize",
]

# What needs more than text and records is imported when it is first asked for.
_LAZY = {
    "Campaign": ("annotate.studio.push", "Campaign"),
    "PushOptions": ("annotate.studio.push", "PushOptions"),
    "Client": ("annotate.studio.client", "Client"),
    "build": ("annotate.release.build", "build"),
    "faults": ("annotate.check", "faults"),
    "prelabel_file": ("annotate.prelabel.step", "prelabel_file"),
    "publish": ("annotate.release.publish", "publish"),
    "pull": ("annotate.studio.pull", "pull"),
    "push": ("annotate.studio.push", "push"),
    "read_articles": ("annotate.articles", "read"),
    "read_records": ("annotate.check", "records"),
    "resolve": ("annotate.quality.resolve", "resolve"),
    "split_files": ("annotate.split.step", "split_files"),
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _LAZY[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
