"""Loading a release afresh and comparing it with its manifest."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib import import_module

import orjson
import pyarrow.parquet as pq
import pytest

from annotate.errors import DataError, UsageError
from annotate.release import verify
from annotate.release.manifest import MANIFEST, Manifest, sha256_of
from tests.releases import build

LOAD = """
import json, sys
from datasets import load_dataset
folder, *configs = sys.argv[1:]
loaded = {config: load_dataset(folder, config) for config in configs}
print(json.dumps({config: {split: list(rows) for split, rows in splits.items()} for config, splits in loaded.items()}))
"""


@pytest.fixture
def release(released, tmp_path):
    """A copy of the shipped corpus's release that may be spoilt."""
    return shutil.copytree(released.path, tmp_path / "release")


def load(folder, cache, *configs):
    """The rows of configs as a user of `datasets` gets them, in another process with this cache."""
    environment = {**os.environ, "HF_HOME": str(cache), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", LOAD, folder, *configs], env=environment, capture_output=True, check=True
    )
    return orjson.loads(done.stdout)


def reseal(release):
    """Let the manifest's hashes be those of the files, as if `build` had written them."""
    manifest = Manifest.read(release)
    sealed = replace(manifest, files={file: sha256_of(release / file) for file in manifest.files})
    (release / MANIFEST).write_bytes(sealed.to_json())


def test_every_config_loads(release, tmp_path):
    """All configs load in a fresh process, rows and columns as described."""
    manifest = verify(release)
    loaded = load(release, tmp_path / "cache", "ner", "stance", "spans")
    for config, splits in loaded.items():
        assert {t.split: t.rows for t in manifest.of_config(config)} == {s: len(rows) for s, rows in splits.items()}
    for row in loaded["spans"]["train"]:
        assert all(row["text"][entity["start"] : entity["end"]].strip() for entity in row["entities"])
    first = loaded["ner"]["train"][0]
    assert list(first) == ["id", "article_id", "tokens", "ner_tags", "text", "offsets"]
    assert first["tokens"] == [first["text"][start:end] for start, end in first["offsets"]]


def test_no_stale_cache(article, write, tmp_path, monkeypatch):
    """Another release in the same folder, loaded with the same cache, gives the new rows."""
    cache, folder = tmp_path / "cache", tmp_path / "data"
    texts = []
    for number, text in enumerate(["[मोदी|PER] आए।", "[मोदी|PER] गए।"]):
        gold = write(article("a1", text), f"{number}.jsonl")
        monkeypatch.setattr(import_module("annotate.release.build"), "verify", Manifest.read)
        release = build(gold, tmp_path / "releases", f"1.{number}", fractions=(1, 0, 0)).path
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(release, folder)
        texts.append(load(folder, cache, "ner")["ner"]["train"][0]["text"])
    assert texts == ["मोदी आए।", "मोदी गए।"]


def test_swapped_class_names_are_found(release):
    """Class names in the card override those of the Parquet files, so a difference there is a fault."""
    card = (release / "README.md").read_text("utf-8")
    swapped = (
        card.replace("'0': FAVOR", "'0': X").replace("'1': AGAINST", "'1': FAVOR").replace("'0': X", "'0': AGAINST")
    )
    (release / "README.md").write_text(swapped, "utf-8")
    reseal(release)
    with pytest.raises(DataError, match="stance/test: features loaded as") as caught:
        verify(release)
    assert len(caught.value.faults) == 3


def test_changed_rows_are_found(release):
    """A Parquet file with other values of the same shape is found by its content."""
    path = release / "stance" / "test.parquet"
    table = pq.read_table(path)
    pq.write_table(table.set_column(12, table.schema.field("stance"), [[0] * table.num_rows]), path)
    reseal(release)
    with pytest.raises(DataError, match="stance/test: content loaded as") as caught:
        verify(release)
    assert len(caught.value.faults) == 1


def test_what_datasets_cannot_load_is_found(release):
    """A split without a row, which breaks `load_dataset`, is a fault that says so."""
    path = release / "ner" / "test.parquet"
    pq.write_table(pq.read_table(path).slice(0, 0), path)
    reseal(release)
    with pytest.raises(DataError, match="datasets cannot load it"):
        verify(release)


def test_files_must_be_those_of_the_manifest(release):
    """A changed, a missing and a foreign file are all named."""
    (release / "README.md").write_text("other", "utf-8")
    (release / "ner" / "test.parquet").unlink()
    (release / "notes.txt").write_text("other", "utf-8")
    with pytest.raises(DataError) as caught:
        verify(release)
    assert [fault.file.removeprefix(f"{release}/") for fault in caught.value.faults] == [
        "README.md",
        "ner/test.parquet",
        "notes.txt",
    ]


def test_no_release(tmp_path):
    """A folder without a manifest is no release."""
    with pytest.raises(UsageError, match="no release"):
        verify(tmp_path)


@pytest.mark.parametrize(
    "manifest",
    [
        pytest.param(b"{", id="broken-json"),
        pytest.param(b"[]", id="no-object"),
        pytest.param(b'{"format": 9}', id="another-format"),
    ],
)
def test_unreadable_manifest(tmp_path, manifest):
    """A manifest that cannot be read is a fault with its file."""
    (tmp_path / MANIFEST).write_bytes(manifest)
    with pytest.raises(DataError, match=r"manifest\.json: unreadable: no manifest of format 1"):
        verify(tmp_path)
