"""The card: YAML that `datasets` and the Hub understand, and prose that says what is true."""

import os
import re
import subprocess
import sys

import pytest
import yaml
from datasets.info import DatasetInfosDict
from huggingface_hub import DatasetCard

from annotate.release.manifest import Credit, Manifest


@pytest.fixture(scope="module")
def text(released):
    """The card of the shipped corpus's release."""
    return (released.path / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def metadata(text):
    """The YAML of the card."""
    return yaml.safe_load(text.split("---\n")[1])


def test_hub_reads_the_yaml(text, metadata):
    """The Hub's own card class takes the YAML and keeps every key."""
    assert metadata == DatasetCard(text).data.to_dict()
    assert metadata["language"] == ["hi"]
    assert metadata["license"] == "cc-by-4.0"
    assert metadata["size_categories"] == ["n<1K"]


def test_infos_are_those_of_the_manifest(released, text):
    """`datasets` reads rows per split from the YAML as the manifest has them."""
    infos = DatasetInfosDict.from_dataset_card_data(DatasetCard(text).data)
    manifest = Manifest.read(released.path)
    assert {(t.config, t.split): t.rows for t in manifest.tables} == {
        (config, split): info.splits[split].num_examples for config, info in infos.items() for split in info.splits
    }


def test_config_carries_its_content_hash(released, metadata):
    """Each config names the hash of its content, which keeps stale caches away."""
    manifest = Manifest.read(released.path)
    assert {config: f"sha256:{manifest.config_content(config)}" for config in released.configs} == {
        config["config_name"]: config["description"] for config in metadata["configs"]
    }


def test_loading_code_runs(released, text, tmp_path):
    """The Python in the card loads all configs."""
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL).group(1)
    code = code.replace("path/to/this/folder", str(released.path)) + "print(len(ner), len(stance), len(spans))"
    environment = {**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert done.stdout.strip() == b"3 3 3"


def test_prose_has_the_counts(released, text):
    """The table of splits holds what was counted."""
    rows = {
        row[0].strip("` "): row[1:] for row in (line.strip("|").split("|") for line in text.splitlines()) if row[1:]
    }
    counts = released.counts.values()
    assert [f" {split} " for split in released.counts] == rows[""]
    for name in ("articles", "sentences", "tokens"):
        assert [getattr(count, name) for count in counts] == [int(cell) for cell in rows[name]]
    assert [count.entities["ORG"] for count in counts] == [int(cell) for cell in rows["ORG"][-3:]]
    assert "व्यक्ति" in text


def test_no_annotator_is_named(article, write, tmp_path):
    """People are counted; who they are stays in gold."""
    from tests.releases import build

    release = build(write(article("a1", "[मोदी|PER] आए।")), tmp_path / "releases", "1.0").path
    assert "Annotated by 1 annotator;" in (release / "README.md").read_text("utf-8")
    assert '"क"' not in (release / "manifest.json").read_text("utf-8")


COLLATE = """
import sys
from datasets import load_dataset
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import DataCollatorForTokenClassification, PreTrainedTokenizerFast

ner = load_dataset(sys.argv[1], "ner")
# Every letter is a piece of its own, so that words have several.
letters = sorted({letter for row in ner["train"] for token in row["tokens"] for letter in token})
pieces = Tokenizer(models.WordLevel({"[UNK]": 0, "[PAD]": 1, **{it: at + 2 for at, it in enumerate(letters)}}, "[UNK]"))
pieces.pre_tokenizer = pre_tokenizers.Split("", "isolated")
tokenizer = PreTrainedTokenizerFast(tokenizer_object=pieces, unk_token="[UNK]", pad_token="[PAD]")
exec(open(sys.argv[2], encoding="utf-8").read())
batch = DataCollatorForTokenClassification(tokenizer)([encoded["train"][at] for at in range(8)])
assert batch["labels"].shape == batch["input_ids"].shape
for at in range(8):
    assert [tag for tag in batch["labels"][at].tolist() if tag != -100] == ner["train"][at]["ner_tags"]
"""


def test_two_lines_fit_a_tokenizer_of_transformers(released, text, tmp_path):
    """After the two lines of the card the collator takes the rows: the first piece of each word has its tag."""
    lines = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[1]
    assert len(lines.splitlines()) == 2
    (tmp_path / "lines.py").write_text(lines, "utf-8")
    environment = {**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-c", COLLATE, released.path, tmp_path / "lines.py"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


CREDIT = Credit(authors=("अ. शर्मा", "The Institute, Delhi"), annotations_creators=("expert-generated",))


def test_who_made_it_is_said_where_it_is_known(article, write, tmp_path, text):
    """Authors in the citation, creators in the YAML that the Hub reads; nothing of either where nobody said it."""
    from tests.releases import build

    gold = write(article("a1", "[मोदी|PER] आए।"))
    release = build(gold, tmp_path / "releases", "1.0", credit=CREDIT).path
    said = (release / "README.md").read_text("utf-8")
    assert "  author = {{अ. शर्मा} and {The Institute, Delhi}},\n" in said
    assert DatasetCard(said).data.to_dict()["annotations_creators"] == ["expert-generated"]
    assert Manifest.read(release).credit == CREDIT
    assert "अ. शर्मा" in (release / "croissant.json").read_text("utf-8")
    assert "author = " not in text
    assert "annotations_creators" not in text


def test_a_citation_is_taken_as_it_is(article, write, tmp_path):
    """And the release is no other content for it."""
    from tests.releases import build

    gold = write(article("a1", "[मोदी|PER] आए।"))
    own = "@inproceedings{sharma,\n  title = {Names and Stances}\n}"
    release = build(gold, tmp_path / "own", "1.0", credit=Credit(authors=("A",), citation=f"{own}\n")).path
    assert f"```bibtex\n{own}\n```" in (release / "README.md").read_text("utf-8")
    assert Manifest.read(release).content == build(gold, tmp_path / "plain", "1.0").content
    assert b"credit" not in (tmp_path / "plain" / "1.0" / "manifest.json").read_bytes()


def test_the_settings_reach_the_card(corpus, cli, tmp_path):
    """What annotate.toml says is what `annotate build` writes."""
    settings = '[release]\nauthors = ["A. Sharma"]\nannotations_creators = ["crowdsourced"]\n'
    (tmp_path / "annotate.toml").write_text(settings, "utf-8")
    assert cli("build", corpus, "--version", "1").code == 0
    card = (tmp_path / "releases" / "1" / "README.md").read_text("utf-8")
    assert "author = {{A. Sharma}}" in card
    assert DatasetCard(card).data.to_dict()["annotations_creators"] == ["crowdsourced"]


def test_what_only_the_makers_know(article, write, tmp_path):
    """Their description and limits stand in the card and the Croissant file, and come back from the manifest."""
    from tests.releases import build

    gold = write(article("a1", "[मोदी|PER] आए।"))
    credit = Credit(description="From *one* paper.\n\n# Why\n\n```\nTo learn.", limits=("Only one city.",))
    release = build(gold, tmp_path / "releases", "1.0", credit=credit).path
    card = (release / "README.md").read_text("utf-8")
    assert "toward them.\nOffsets" in card
    assert "\nFrom *one* paper.\n\n#### Why\n\n```\nTo learn.\n```\n\n![" in card  # a fence left open is closed
    assert card.partition("## Limits")[2].startswith("\n\n- Only one city.\n- Stance")
    assert "From *one* paper." in (release / "croissant.json").read_text("utf-8")
    assert Manifest.read(release).credit == credit


def test_an_example_of_each_config(released, text):
    """The rows that the card shows are those that stand at their place, and one of them takes a side."""
    import json

    import pandas

    shown = re.findall(r'`(\w+)\["(\w+)"\]\[(\d+)\]` is\n\n```json\n(.*?)```', text, re.DOTALL)
    assert [config for config, *_ in shown] == list(released.configs)
    for config, split, row, values in shown:
        table = pandas.read_parquet(released.path / config / f"{split}.parquet")
        assert json.loads(values) == json.loads(table.iloc[[int(row)]].to_json(orient="records", force_ascii=False))[0]
    assert json.loads(shown[1][3])["stance"] in (0, 1)


def test_no_stance_where_there_is_none(article, write, tmp_path):
    """A release without the config says nothing of stances, in card, tags and warnings."""
    from annotate.labels import EntityLabel, LabelSet
    from tests.releases import build

    labels = LabelSet(entities=(EntityLabel("PER", stance=False),))
    release = build(write(article("a1", "[मोदी|PER] आए।")), tmp_path, "1.0", labels=labels, fractions=(1, 0, 0))
    card = (release.path / "README.md").read_text("utf-8")
    assert "Sentences from news articles with named entities.\n" in card
    assert re.findall("FAVOR|NEUTRAL|[Ss]tance", card.partition("## Splits")[2]) == []
    assert "stance-detection" not in card
    assert "| stance |" not in card
    assert not any("stance" in warning for warning in release.warnings)


def test_classes_that_cannot_be_measured(article, prose, write, tmp_path):
    """What validation or test lacks is a warning and a limit; what is rare in test is a limit."""
    from tests.releases import build

    articles = [article(f"a{n}", f"[मोदी|PER] {prose(n)[0]}", *(["[दिल्ली|LOC]।"] if n == 0 else [])) for n in range(12)]
    records = [record for records in articles for record in records]
    release = build(write(records), tmp_path, "1.0", fractions=(0.5, 0.25, 0.25))
    assert any(w.startswith("validation has no example of ORG,") or "LOC, ORG" in w for w in release.warnings)
    limits = (release.path / "README.md").read_text("utf-8").partition("## Limits")[2]
    assert "- Without an example in test: " in limits
    assert (
        f"- Rare in test, where scores move much with each example: `PER` {release.counts['test'].entities['PER']}"
        in limits
    )


def test_where_articles_are_from(article, write, tmp_path):
    """Sources and days of the articles, as far as they say them."""
    from annotate.records import Article
    from annotate.release.sources import Sources
    from tests.releases import build

    gold = [record for n in range(3) for record in article(f"a{n}", f"[मोदी|PER] आए {n}।")]
    said = [("दैनिक", "2026-03-02"), ("दैनिक", "2026-03-01T09:00:00Z"), (None, None)]
    articles = [
        Article(id=record.article_id, text=record.text, lang="hi", source=source, published=day)
        for record, (source, day) in zip(gold, said, strict=True)
    ]
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b"".join(it.to_json() + b"\n" for it in articles))
    release = build(write(gold), tmp_path / "out", "1.0", sources=Sources(articles=path), fractions=(1, 0, 0)).path
    card = (release / "README.md").read_text("utf-8")
    assert "3 articles; sentences by language: `hi` 3.\nPublished: 2026-03-01 to 2026-03-02.\n" in card
    assert "Articles by source: दैनिक 2.\n" in card
    assert Manifest.read(release).to_json() == (release / "manifest.json").read_bytes()
