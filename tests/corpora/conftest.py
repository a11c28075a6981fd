"""A corpus as it is committed; each module of tests names its folder as `CORPUS`."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from annotate.jsonl import read
from annotate.records import Article

COMPILER = Path(__file__).resolve().parents[2] / "datasets" / "compile.py"


@pytest.fixture(scope="session")
def script() -> ModuleType:
    """The script that makes the corpora, loaded as a module."""
    spec = importlib.util.spec_from_file_location("corpus_compile", COMPILER)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def articles(request: pytest.FixtureRequest) -> dict[str, Article]:
    """The articles of the corpus, by id."""
    found = [Article.from_dict(line.data) for line in read(request.module.CORPUS / "articles.jsonl")]
    return {article.id: article for article in found}
