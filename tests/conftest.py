"""What all tests need: a clean environment, the shipped corpus, and the command line as a user meets it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from annotate.schema import shipped

pytest_plugins = ["tests.studio_fixtures", "tests.campaigns"]

# What would change the outcome on a machine where somebody works with Label Studio or the Hub.
_LEAKING = ("LABEL_STUDIO", "HF_", "HUGGING", "COLUMNS", "FORCE_COLOR", "PYTHONPATH")


class Corpus(NamedTuple):
    """Where the parts of the shipped corpus lie."""

    folder: Path
    articles: Path
    gold: Path


class Ran(NamedTuple):
    """What a command left: its exit code and what it wrote."""

    code: int
    stdout: str
    stderr: str


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Clear the environment before a test module is imported, since some libraries read it only then."""
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    for name in list(os.environ):
        if name.startswith(_LEAKING):
            patch.delenv(name)
    caches = tempfile.TemporaryDirectory(prefix="annotate-test-caches-")
    config.add_cleanup(caches.cleanup)
    patch.setenv("HF_HOME", caches.name)
    patch.setenv("NO_COLOR", "1")
    patch.setenv("TERM", "dumb")


@pytest.fixture(scope="session", autouse=True)
def _elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run in an empty folder, so that no test leans on the checkout or finds a workspace it did not make."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("elsewhere"))
        yield


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The corpus that ships with the package."""
    folder = shipped("hindi-news")
    return Corpus(folder, folder / "articles.jsonl", folder / "gold.jsonl")


@pytest.fixture
def cli(tmp_path: Path) -> Callable[..., Ran]:
    """Run `annotate ARGS` in a process of its own, in the test's folder; `stdin` is bytes, `env` is added."""

    def run(*args: object, stdin: bytes = b"", env: Mapping[str, str] | None = None, cwd: Path = tmp_path) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "annotate", *map(str, args)],
            input=stdin,
            capture_output=True,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            timeout=300,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
