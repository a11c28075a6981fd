"""The card: YAML that `datasets` and the Hub understand, and prose that says what is true."""

import os
import re
import subprocess
import sys

import pytest
import yaml
from datasets.info import DatasetInfosDict
from huggingface_hub import DatasetCard

from annotate.release.manifest import Manifest


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
