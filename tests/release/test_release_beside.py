"""What lies beside the tables: the Croissant file, the picture, and the sources that a release names."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree

import mlcroissant
import pytest

from annotate.errors import DataError, Reason, UsageError
from annotate.records import Annotation, Article, Engine, Prelabeled
from annotate.release import build as strict_build
from annotate.release.manifest import Manifest
from annotate.release.sources import Sources
from tests.releases import build

SENTENCE = "[मोदी|PER] [दिल्ली|LOC] में [भाजपा|ORG] से मिले।"


def write(path, records):
    """Write records of any kind to a file."""
    path.write_bytes(b"".join(record.to_json() + b"\n" for record in records))
    return path


def annotation(record, person, number, **changes):
    """What a person left of a sentence."""
    fields = {name: getattr(record, name) for name in record.sentence().__dataclass_fields__}
    said = {"entities": record.entities, "stances": record.stances, **changes}
    return Annotation(
        **fields,
        **said,
        annotator=person,
        annotation_id=number,
        task_id=number,
        created_at="2026-03-14T08:00:00Z",
        updated_at="2026-03-14T08:00:00Z",
        engine=Engine(name="rules", version="7"),
    )


# mlcroissant uses a class of its RDF library that is going away.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_croissant_is_valid_and_reads(released):
    """mlcroissant finds no error in the file, and reads as many records as the manifest names."""
    found = mlcroissant.Dataset(jsonld=released.path / "croissant.json")
    assert not found.metadata.ctx.issues.errors
    tables = {f"{table.config}/{table.split}": table.rows for table in Manifest.read(released.path).tables}
    assert {record_set.uuid for record_set in found.metadata.record_sets} == set(tables)
    assert len(list(found.records("ner/test"))) == tables["ner/test"]


def test_the_picture_has_the_counts(released):
    """The picture is sound XML, and the number beside each bar is the count of its label."""
    root = ElementTree.parse(released.path / "labels.svg").getroot()
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    numbers = [int(found[1]) for text in texts if (found := re.match(r"(\d+) \(", text))]
    expected = [count.entities[name] for name in ("PER", "ORG", "LOC") for count in released.counts.values()]
    expected += [count.stances[name] for name in ("FAVOR", "AGAINST", "NEUTRAL") for count in released.counts.values()]
    assert numbers == expected


@pytest.fixture
def campaign(article, tmp_path):
    """Gold with the annotations, pre-labels, articles and guideline it came from; two people agree on all of it."""
    gold = [record for number in range(4) for record in article(f"a{number}", f"{SENTENCE} {number}")]
    prelabels = [
        Prelabeled(
            **{name: getattr(r, name) for name in r.sentence().__dataclass_fields__},
            entities=r.entities[:1],
            engine=Engine(name="rules", version="7"),
        )
        for r in gold
    ]
    left = [annotation(r, person, 10 * at + n) for at, r in enumerate(gold) for n, person in enumerate("कख")]
    sources = Sources(
        articles=write(
            tmp_path / "articles.jsonl",
            [Article(id=r.article_id, text=r.text, lang="hi", source=f"s{n}") for n, r in enumerate(gold)],
        ),
        annotations=write(tmp_path / "annotations.jsonl", left),
        prelabeled=write(tmp_path / "prelabeled.jsonl", prelabels),
        guideline=tmp_path / "guideline.md",
    )
    (tmp_path / "guideline.md").write_text("# निर्देश\n\nनाम चुनें।\n", "utf-8")
    return write(tmp_path / "gold.jsonl", gold), sources, gold


def test_how_it_was_annotated(campaign, tmp_path):
    """Manifest and card say who annotated, how far they agree, what they started from and what they made of it."""
    gold, sources, _ = campaign
    release = build(gold, tmp_path / "releases", "1.0", sources=sources).path
    manifest = Manifest.read(release)
    assert [item.role for item in manifest.inputs] == ["gold", "articles", "annotations", "prelabeled", "guideline"]
    done = manifest.annotated
    assert (done.people, done.submitted, done.overlap, done.differing) == (2, 8, {"2": 4}, 0)
    assert (done.entity_f1, done.engines) == (1.0, {"rules 7": 8})
    assert (done.corrections["all"]["proposed"], done.corrections["all"]["added"]) == (8, 16)
    card = (release / "README.md").read_text("utf-8")
    assert "Agreement of pairs of people on entities, F1 1.00" in card
    assert "#### निर्देश" in card
    assert "| all | 8 | 8 (100%) |" in card


def test_prelabels_without_annotations(campaign, tmp_path):
    """Where nobody's annotations are at hand, gold shows what became of the pre-labels, and their engine is named."""
    gold, sources, _ = campaign
    sources = replace(sources, annotations=None)
    release = build(gold, tmp_path / "releases", "1.0", sources=sources).path
    manifest = Manifest.read(release)
    assert manifest.annotated is None
    assert manifest.tools["pre-labels"] == "rules 7"
    assert manifest.prelabels.engines == {"rules 7": 4}
    assert (manifest.prelabels.corrections["all"]["kept"], manifest.prelabels.corrections["all"]["added"]) == (4, 8)
    assert set(manifest.prelabels.corrections) == {"all", "PER", "LOC", "ORG"}
    card = (release / "README.md").read_text("utf-8")
    assert "4 sentences had pre-labels of rules 7." in card
    assert "| all | 4 | 4 (100%) |" in card
    assert "| pre-labels | `rules 7` |" in card
    assert Manifest.read(release).to_json() == (release / "manifest.json").read_bytes()


def test_engines_that_are_known_otherwise(campaign, tmp_path):
    """Annotations name the engine, pre-labels beside annotations that do not, and else the entities of gold."""
    gold, sources, records = campaign
    nameless = [replace(annotation(r, "क", n), engine=None) for n, r in enumerate(records)]
    given = {
        "annotations": replace(sources, prelabeled=None),
        "beside": replace(sources, annotations=write(tmp_path / "nameless.jsonl", nameless)),
        "nothing": Sources(),
    }
    said = {}
    for name, files in given.items():
        said[name] = Manifest.read(build(gold, tmp_path / name, "1.0", sources=files).path).tools.get("pre-labels")
    assert said == {"annotations": "rules 7", "beside": "rules 7", "nothing": None}
    sources = ("crf", "rules:latin", "rules:titles")
    found = [
        replace(r, entities=tuple(replace(e, source=source) for e, source in zip(r.entities, sources, strict=True)))
        for r in records
    ]
    gold = write(tmp_path / "found.jsonl", found)
    known = Manifest.read(build(gold, tmp_path / "found", "1.0").path).tools["pre-labels"]
    assert known == "crf, of unknown version; rules, of unknown version"


def test_unresolved_disagreement(campaign, tmp_path):
    """A sentence that people left differently and that gold lacks is refused, or waived and said."""
    gold, sources, records = campaign
    odd = [annotation(records[0], "ग", 99, entities=(), stances=())]
    lines = sources.annotations.read_bytes() + b"".join(it.to_json() + b"\n" for it in odd)
    sources.annotations.write_bytes(lines)
    less = write(tmp_path / "less.jsonl", records[1:])
    build(gold, tmp_path / "decided", "1.0", sources=sources)
    with pytest.raises(DataError) as caught:
        build(less, tmp_path / "releases", "1.0", sources=sources)
    assert [(fault.id, fault.reason) for fault in caught.value.faults] == [(records[0].id, Reason.UNRESOLVED)]
    waived = build(less, tmp_path / "releases", "1.0", sources=sources, allow=["unresolved-disagreement"])
    assert "The check `unresolved-disagreement` was waived" in (waived.path / "README.md").read_text("utf-8")


def test_texts_are_compared_with_the_articles(campaign, tmp_path):
    """A sentence that is not what stands in its article is refused."""
    gold, sources, records = campaign
    other = [Article(id=r.article_id, text=r.text.replace("मोदी", "राहु"), lang="hi") for r in records]
    sources = replace(sources, articles=write(tmp_path / "other.jsonl", other))
    with pytest.raises(DataError, match="wrong-text"):
        build(gold, tmp_path / "releases", "1.0", sources=sources)


def test_missing_classes_are_refused(campaign, tmp_path):
    """A class that train lacks is refused by name, and nothing is written."""
    gold, _, _ = campaign
    with pytest.raises(DataError) as caught:
        strict_build(gold, tmp_path / "releases", "1.0")
    assert [fault.found.partition(" (")[0] for fault in caught.value.faults] == [
        "train has no example of the stance FAVOR",
        "train has no example of the stance AGAINST",
    ]
    assert not list((tmp_path / "releases").iterdir())


def test_split_by_source_and_on(campaign, tmp_path):
    """The rule is in the manifest; the next release must follow it."""
    gold, sources, _ = campaign
    first = build(gold, tmp_path / "releases", "1.0", sources=sources, split_by="source", fractions=(0.5, 0.25, 0.25))
    manifest = Manifest.read(first.path)
    assert all(manifest.split_rule[f"s{name[1:]}"] == split for name, split in manifest.articles.items())
    assert set(manifest.split_rule) == {"s0", "s1", "s2", "s3"}
    # The articles differ in one digit, so those that the rule would part are left out.
    assert len(set(manifest.articles.values())) == 1
    assert manifest.report.near_duplicate_pairs == 0
    with pytest.raises(UsageError, match="was split by source"):
        build(gold, tmp_path / "releases", "1.1", earlier=first.path)
    # Without the articles' sources there is nothing to go by.
    with pytest.raises(UsageError, match="split-by source: articles say it"):
        build(gold, tmp_path / "elsewhere", "1.0", split_by="source")
    articles = tmp_path / "few.jsonl"
    articles.write_bytes(b'{"id":"a1","lang":"hi","text":"-"}\n')
    with pytest.raises(DataError, match="a0: missing-field: source is needed") as caught:
        build(gold, tmp_path / "elsewhere", "1.0", split_by="source", sources=Sources(articles=articles))
    assert {str(articles)} == {fault.file for fault in caught.value.faults if fault.reason is Reason.MISSING_FIELD}


READERS = """
import sys
import duckdb, pandas, polars
path = sys.argv[1]
rows = pandas.read_parquet(path)
print(len(rows), len(polars.read_parquet(path)), duckdb.sql(f"select count(*) from '{path}'").fetchall()[0][0])
print(rows.text[0] == polars.read_parquet(path)["text"][0] == duckdb.sql(f"select text from '{path}'").fetchall()[0][0])
"""


def test_other_readers(released):
    """pandas, polars and DuckDB read the Parquet files alone, with the same rows."""
    file = released.path / "ner" / "train.parquet"
    done = subprocess.run([sys.executable, "-c", READERS, file], capture_output=True, check=True, env=os.environ)
    count = str(released.counts["train"].sentences).encode()
    assert done.stdout.split() == [count, count, count, b"True"]
