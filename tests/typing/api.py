"""The public API, called in every way it is meant to be called. Never run: the type checker reads it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import assert_type

import annotate
from annotate import (
    Annotation,
    Article,
    DataError,
    Engine,
    Entity,
    EntityLabel,
    Fault,
    Gold,
    LabelSet,
    Prelabeled,
    Reason,
    Resolution,
    Sentence,
    Span,
    Stance,
    StanceLabel,
)

# Text
text = "डॉ. राव आए। वह गए।"
assert_type(annotate.__version__, str)
assert_type(annotate.SPLITTER_VERSION, str)
assert_type(annotate.TOKENIZER_VERSION, str)
spans = annotate.split(text)
assert_type(spans, list[Span])
annotate.split(text, "mr")
annotate.split(text, lang="hi")
assert_type(annotate.tokenize(text, lang="hi"), list[Span])
start, end = spans[0]
assert_type(text[spans[0].start : spans[0].end], str)

# Records
article = Article(id="n-1", text=text, lang="hi", title="शीर्षक", meta={"desk": 3})
sentence = Sentence(id="n-1:0-11", article_id="n-1", lang="hi", index=0, start=0, end=11, text=text[:11])
entity = Entity.at(4, 7, "PER", score=0.9, source="rules")
stance = Stance(target=entity.id, label="FAVOR", holder=None, cue=Span(8, 10))
assert_type(entity, Entity)
assert_type(entity.score, float | None)
assert_type(article.to_json(), bytes)
assert_type(Article.from_dict({"id": "n-1", "text": text, "lang": "hi"}), Article)
gold = Gold.from_dict({})
assert_type(gold, Gold)
assert_type(gold.entities, tuple[Entity, ...])
assert_type(gold.stances, tuple[Stance, ...])
assert_type(gold.sentence(), Sentence)
assert_type(gold.resolution, Resolution)
assert_type(stance.cue, Span | None)

# Labels
labels = LabelSet(
    version="2",
    entities=(EntityLabel("PARTY", title="दल", color="#112233", hotkey="p"), EntityLabel("EVENT", stance=False)),
    stances=(StanceLabel("PRO", hotkey="f"), StanceLabel("NEUTRAL")),
)
assert_type(labels.entity_names, Sequence[str])
assert_type(labels.bears_stance("EVENT"), bool)

# One function per arrow
here = Path("work")
articles = annotate.read_articles([Path("articles"), Path("-")], lang="hi", strict=True)
for one in articles:
    assert_type(one, Article)
split = annotate.split_files([Path("articles")], here / "sentences.jsonl", articles_out=here / "articles.jsonl", jobs=2)
assert_type(split.sentences, int)
proposed = annotate.prelabel([sentence])
assert_type(proposed, Iterator[Prelabeled])
annotate.prelabel(iter([sentence]), backend="rules", stance="rules", labels=labels)
prelabeled = annotate.prelabel_file(here / "sentences.jsonl", here / "prelabeled.jsonl", labels=labels, jobs=2)
assert_type(prelabeled.engine, Engine | None)
client = annotate.Client("http://127.0.0.1:8080", "key", timeout_s=10)
assert_type(client.whoami(), str)
pushed = annotate.push(here / "prelabeled.jsonl", client, here / "ledger.sqlite3")
annotate.push(
    here / "prelabeled.jsonl",
    client,
    here / "ledger.sqlite3",
    campaign=annotate.Campaign("election", labels, guideline="# निर्देश", context=1, overlap=2),
    articles=here / "articles.jsonl",
    on_progress=print,
)
annotate.push(
    here / "prelabeled.jsonl", client, here / "ledger.sqlite3", options=annotate.PushOptions(order="uncertain")
)
assert_type(pushed.pushed, int)
pulled = annotate.pull(
    here / "annotations.jsonl",
    here / "quarantine.jsonl",
    client,
    here / "ledger.sqlite3",
    project="election",
    labels=labels,
)
assert_type(pulled.quarantined, int)
annotate.pull(here / "a", here / "q", client, here / "ledger.sqlite3", project="news", full=True)
resolved = annotate.resolve(here / "annotations.jsonl", here / "gold.jsonl", labels=labels)
assert_type([disagreement.id for disagreement in resolved.disagreements], list[str])
built = annotate.build(here / "gold.jsonl", Path("releases"), "1.0", labels=labels, name="n", fractions=(0.8, 0.1, 0.1))
assert_type(built.path, Path)
published = annotate.publish(built.path, Path("published"))
assert_type(published.rows, int)

# Checking
for annotation in annotate.read_records(here / "annotations.jsonl", Annotation):
    assert_type(annotation, Annotation)
annotate.read_records(here / "gold.jsonl", Gold, labels)
assert_type(annotate.faults(here / "gold.jsonl"), Iterator[Fault])
annotate.faults(here / "sentences.jsonl", Sentence, labels, articles={"n-1": text})

# Errors
try:
    annotate.resolve(here / "annotations.jsonl", here / "gold.jsonl")
except DataError as error:
    for fault in error.faults:
        assert_type(fault.line, int)
        assert_type(fault.reason, Reason)
except annotate.StudioError as error:
    assert_type(error.status, int | None)
except (annotate.ServiceError, annotate.HubError, annotate.Unfinished) as error:
    assert_type(error.exit_code, int)
except annotate.AnnotateError as error:
    assert_type(error.exit_code, int)
