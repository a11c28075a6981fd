"""Results are versioned: a change of any result needs a new version."""

import hashlib
import json
import tomllib
from importlib import resources
from pathlib import Path

from annotate.split import SPLITTER_VERSION, TOKENIZER_VERSION, segment, tokenize

SAMPLE = [
    tuple(line.split("\t")) for line in (Path(__file__).parent / "frozen_sample.tsv").read_text("utf-8").splitlines()
]
# When a test below fails on purpose, raise the version in annotate/split/versions.py and freeze its digest here.
FROZEN_SPLITTER = {"2": "80d09d8ea1fa1d1a"}
FROZEN_TOKENIZER = {"3": "266984043a69a38e"}


def digest(value):
    """A short fingerprint of anything JSON can hold."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def test_splitter_version():
    """The frozen sample and the language files give what they gave when this version was frozen."""
    files = resources.files("annotate.split").joinpath("languages")
    data = {f.name: tomllib.loads(f.read_text("utf-8")) for f in files.iterdir() if f.name.endswith(".toml")}
    result = digest([data, [segment(text, lang) for lang, text in SAMPLE]])
    assert FROZEN_SPLITTER.get(SPLITTER_VERSION) == result


def test_tokenizer_version():
    """The frozen sample gives the tokens it gave when this version was frozen."""
    assert FROZEN_TOKENIZER.get(TOKENIZER_VERSION) == digest([tokenize(text, lang) for lang, text in SAMPLE])
