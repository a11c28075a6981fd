"""The README of a release: YAML that `datasets` loads by, and prose for the person who wants to use it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotate.labels import NEUTRAL
from annotate.release.chart import CHART
from annotate.release.example import Example
from annotate.release.features import TOPIC, Features, features
from annotate.release.how_annotated import how_annotated
from annotate.release.limits import TOWARD, limits
from annotate.release.loading_yaml import loading_yaml
from annotate.release.manifest import Manifest
from annotate.release.markdown import table
from annotate.release.split_by import DATE, SOURCE
from annotate.release.splits import ARTICLE

__all__ = ["CARD", "card", "citation", "loading_code", "summary"]

CARD = "README.md"

_CONFIGS = {
    "ner": "One sentence a row, as tokens with one BIO tag each. `offsets` has [start, end] of every token in `text`.",
    "stance": (
        "One entity a row, with the stance that the sentence takes toward it. `target` and `holder` are surface texts, "
        "and their offsets say where they stand in `text`. `holder` is who takes the stance, null where that is the "
        "text itself or nobody named; of several holders it is the one named first, and `spans` has them all. "
        "`cue_start` and `cue_end` mark the words that say so, null where nobody marked them."
    ),
    "spans": (
        "One sentence a row, with entities and stances as offsets: all that was annotated. `start` and `end` of a row "
        "count in the article, those of entities and cues in `text`. `target` and `holder` are ids of entities."
    ),
    TOPIC: (
        "One sentence a row, with where it stands, as a whole, toward the topic. Sentences of which nobody was asked "
        "are not in it."
    ),
}
_RULES = {
    ARTICLE: "Articles were spread so that every label has its share of each split.",
    SOURCE: "All articles of a source are in one split; sources were spread so that labels have their shares.",
    DATE: "The newest articles are in test, those before in validation; a split begins on the day given.",
}
_TASKS = {"ner": "token-classification", "stance": "text-classification", TOPIC: "text-classification"}
# Two lines that fit the config `ner` to a tokenizer of `transformers`: the first piece of a word has the word's tag.
_ENCODE = """\
encode = lambda row: (e := tokenizer(row["tokens"], is_split_into_words=True, truncation=True)) and {**e, "labels": [-100 if w in (None, p) else row["ner_tags"][w] for p, w in zip([None, *e.word_ids()], e.word_ids())]}
encoded = ner.map(encode, remove_columns=ner["train"].column_names)"""  # noqa: E501 - two lines are what it takes
_SOURCES = 20  # that are named
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def card(
    manifest: Manifest,
    download_bytes: Mapping[str, int],
    guideline: str = "",
    examples: Mapping[str, Example] | None = None,
) -> str:
    """Write the card of a release.

    Args:
        manifest: all that there is to say.
        download_bytes: size of each table's file by its path in the release.
        guideline: what annotators read, as Markdown; empty when it was not given.
        examples: a row of each config, to be shown.
    """
    from huggingface_hub import DatasetCardData

    yaml = DatasetCardData(**_metadata(manifest, download_bytes)).to_yaml(line_break="\n")
    body = "\n".join(_body(manifest, guideline, examples or {}))
    return f"---\n{yaml}\n---\n\n{body}"


def summary(manifest: Manifest) -> str:
    """What a release is, in a sentence."""
    toward = " and the stance that each sentence takes toward them" if "stance" in manifest.configs else ""
    topic = manifest.labels.topic
    whole = (
        f"; of sentences as a whole, where they stand toward {topic.text}"
        if topic and TOPIC in manifest.configs
        else ""
    )
    return f"Sentences from news articles with named entities{toward}{whole}."


def citation(manifest: Manifest) -> str:
    """How to cite a release, as BibTeX: as its makers want it, or made of what is known of it.

    It names no date of itself, so that the same release is the same bytes.
    """
    if manifest.credit.citation:
        return manifest.credit.citation.strip()
    key = "".join(sign if sign.isalnum() else "_" for sign in f"{manifest.name}_{manifest.version}")
    # In braces of its own each name is taken as it is, also that of an institution.
    authors = " and ".join(f"{{{author}}}" for author in manifest.credit.authors)
    fields = {
        **({"author": authors} if authors else {}),
        "title": manifest.name,
        "version": manifest.version,
        "note": f"content sha256:{manifest.content[:16]}, licence {manifest.license}",
    }
    return f"@misc{{{key},\n" + ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items()) + "\n}"


def loading_code(folder: str, configs: Sequence[str]) -> str:
    """Python that loads the configs of a release from a folder or a Hub repository."""
    lines = [f'{config} = load_dataset("{folder}", "{config}")' for config in configs]
    return "\n".join(["from datasets import load_dataset", "", *lines])


def _metadata(manifest: Manifest, download_bytes: Mapping[str, int]) -> dict[str, Any]:
    sentences = sum(counts.sentences for counts in manifest.counts.values())
    creators = list(manifest.credit.annotations_creators)
    return {
        "pretty_name": manifest.name,
        **({"annotations_creators": creators} if creators else {}),
        "language": sorted(manifest.languages),
        "license": manifest.license,
        "multilinguality": ["multilingual" if len(manifest.languages) > 1 else "monolingual"],
        "task_categories": list(dict.fromkeys(name for config, name in _TASKS.items() if config in manifest.configs)),
        "task_ids": ["named-entity-recognition"],
        "size_categories": [next((size for limit, size in _SIZES if sentences < limit), "n>1M")],
        "tags": [*(["stance-detection"] if {"stance", TOPIC} & set(manifest.configs) else []), "news"],
        **loading_yaml(manifest.tables, manifest.labels, download_bytes),
    }


def _body(manifest: Manifest, guideline: str, examples: Mapping[str, Example]) -> Iterator[str]:
    yield from (f"# {manifest.name} {manifest.version}", "")
    yield summary(manifest)
    yield "Offsets are Unicode code points (Python string indices), half-open; the text is as it was read."
    if manifest.credit.description:
        yield from ("", *_demoted(manifest.credit.description))
    yield from ("", f"![How often each label occurs in each split]({CHART})", "")
    yield from ("## Load", "", "```python", loading_code("path/to/this/folder", manifest.configs), "```", "")
    yield "On the Hugging Face Hub, the name of the repository stands in place of the folder, and"
    yield f'`revision="v{manifest.version}"` keeps to this version.'
    yield "Two more lines make `ner` what `DataCollatorForTokenClassification` of `transformers` takes,"
    yield "with any fast tokenizer:"
    yield from ("", "```python", _ENCODE, "```", "")
    yield from ("## Configs", "")
    for config in manifest.configs:
        yield from (f"### {config}", "", _CONFIGS[config], "", *_columns(features(config, manifest.labels)), "")
        if config in examples:
            yield from _example(config, examples[config])
    yield from ("## Source", "", *_source(manifest), "")
    yield from (
        "## Labels",
        "",
        f"Label set {manifest.labels.version}. Class ids follow this order.",
        "",
        *_labels(manifest),
        "",
    )
    if guideline:
        yield from ("### What annotators read", "", *_demoted(guideline), "")
    yield from ("## Splits", "", *_splits(manifest), "")
    yield from ("## Annotation", "", *how_annotated(manifest), "")
    yield from ("## Limits", "", *limits(manifest), "")
    yield from ("## Citation", "", "```bibtex", citation(manifest), "```", "")
    yield from ("## Made with", "", *_made_with(manifest))
    yield ""


def _example(config: str, example: Example) -> Iterator[str]:
    values = [f"  {_json(name)}: {_json(value)}" for name, value in example.values.items()]
    yield from (
        f'`{config}["{example.split}"][{example.row}]` is',
        "",
        "```json",
        "{",
        ",\n".join(values),
        "}",
        "```",
        "",
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _source(manifest: Manifest) -> Iterator[str]:
    articles = sum(counts.articles for counts in manifest.counts.values())
    languages = ", ".join(f"`{language}` {count}" for language, count in manifest.languages.items())
    yield f"{articles} article{'' if articles == 1 else 's'}; sentences by language: {languages}."
    if not (origins := manifest.origins):
        yield "The articles do not say where or when they were published."
        return
    if origins.first:
        days = origins.first if origins.first == origins.last else f"{origins.first} to {origins.last}"
        yield f"Published: {days}."
    if origins.sources:
        shown = list(origins.sources.items())[:_SOURCES]
        more = len(origins.sources) - len(shown)
        yield f"Articles by source: {', '.join(f'{name} {n}' for name, n in shown)}{f'; {more} more' if more else ''}."


def _demoted(prose: str) -> Iterator[str]:
    """Somebody's Markdown with its headings three levels down; inside a fence nothing is a heading, and each ends."""
    fenced = False
    for line in prose.strip().splitlines():
        fenced ^= line.lstrip().startswith("```")
        yield f"###{line}" if line.startswith("#") and not fenced else line
    if fenced:
        yield "```"


def _columns(columns: Features) -> Iterator[str]:
    yield from table(("column", "type"), [(f"`{name}`", _type(feature)) for name, feature in columns.items()])


def _type(feature: Any) -> str:
    if isinstance(feature, list):
        return f"list of {_type(feature[0])}"
    if "_type" not in feature:
        return "{" + ", ".join(f"{name}: {_type(inner)}" for name, inner in feature.items()) + "}"
    if feature["_type"] == "ClassLabel":
        return "class (" + ", ".join(feature["names"]) + ")"
    return str(feature["dtype"])


def _labels(manifest: Manifest) -> Iterator[str]:
    rows = [(f"`{e.name}`", e.title, e.help, "yes" if e.stance else "no") for e in manifest.labels.entities]
    yield from table(("entity", "title", "meaning", "takes a stance"), rows)
    if not {"stance", TOPIC} & set(manifest.configs):
        return
    yield ""
    yield from table(
        ("stance", "title", "meaning"), [(f"`{s.name}`", s.title, s.help) for s in manifest.labels.stances]
    )
    if topic := manifest.labels.topic:
        yield from (
            "",
            f"The topic that sentences as a whole are for or against: {topic.text}.",
            *filter(None, [topic.help]),
        )
    if NEUTRAL in manifest.labels.stance_names and "stance" in manifest.configs:
        yield from ("", f"An entity about which annotators said nothing is `{NEUTRAL}`.")


def _splits(manifest: Manifest) -> Iterator[str]:
    counts = manifest.counts.values()
    rows = [[title, *(str(getattr(c, title)) for c in counts)] for title in ("articles", "sentences", "tokens")]
    rows += [[f"`{name}`", *(str(c.entities[name]) for c in counts)] for name in manifest.labels.entity_names]
    if "stance" in manifest.configs:
        rows += [[f"`{name}`", *(str(c.stances[name]) for c in counts)] for name in manifest.labels.stance_names]
    if TOPIC in manifest.configs:
        rows += [
            [f"`{name}` {TOWARD}", *(str(c.topics[name]) for c in counts)] for name in manifest.labels.stance_names
        ]
    rows += [["entities seen in train", *(f"{c.entities_in_train} of {c.distinct_entities}" for c in counts)]]
    yield from table(["", *manifest.counts], rows)
    report = manifest.report
    yield ""
    yield _RULES[manifest.split_by]
    if manifest.split_rule:
        yield from ("", *table(("rule", ""), [(f"`{key}`", value) for key, value in manifest.split_rule.items()]), "")
    yield "An article is in one split with all its sentences."
    yield "Articles that are near-duplicates or share a long sentence are in the same split."
    yield f"Articles in two splits: {report.shared_articles}."
    yield f"Clusters of such articles: {report.clusters}; pairs of them across splits: {report.near_duplicate_pairs}."
    yield f"Sentences whose exact text stands in more than one split (phrases, headings): {report.identical_sentences}."
    yield "“Entities seen in train” counts distinct surface texts with their label."


def _made_with(manifest: Manifest) -> Iterator[str]:
    yield from table(("part", "version"), [(name, f"`{version}`") for name, version in manifest.tools.items()])
    yield ""
    fractions = "/".join(f"{fraction:g}" for fraction in manifest.fractions)
    yield f"Splits {fractions} by seed `{manifest.seed}`; content `{manifest.content}`."
    yield "Made from:"
    yield ""
    yield from table(("input", "file", "SHA-256"), [(i.role, i.file, f"`{i.sha256}`") for i in manifest.inputs])
    yield ""
    yield "`croissant.json` describes the files for catalogues."
    yield "`manifest.json` lists every file and input with its hash, and every article with its split."
