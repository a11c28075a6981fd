"""The wheel is complete: installed by itself, outside the checkout, it splits and validates."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import orjson
import pytest

ROOT = Path(__file__).parents[1]
ARTICLE = "नई दिल्ली, 14 मार्च। डॉ. राव ने कहा, “हम तैयार हैं।” बैठक सोमवार को होगी।\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this checkout."""
    out = tmp_path_factory.mktemp("wheel")
    # Hatchling is there already; an isolated build would fetch it once more.
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=out)
    assert done.returncode == 0, done.stderr
    [path] = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The interpreter of a fresh environment that holds the wheel, and sees the dependencies but not the checkout."""
    home = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", "--quiet", wheel]
    subprocess.run(pip, check=True, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    # A path in a .pth file is looked in for packages; .pth files found there, as an editable install's, are not read.
    packages = next(home.glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return python


@pytest.fixture
def run(python, tmp_path):
    """Run the installed command in a folder of its own."""

    def run(*args, **options):
        command = [python.with_name("annotate"), *args]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, **options)

    return run


def test_the_package_is_the_installed_one(python, tmp_path):
    """What is tested here comes out of the wheel, with all its data."""
    code = (
        "import annotate, annotate.schema as s; "
        "print(annotate.__file__, s.shipped('schemas'), s.shipped('hindi-news'), sep='\\n')"
    )
    done = subprocess.run([python, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    places = [Path(line) for line in done.stdout.splitlines()]
    assert [place for place in places if not place.is_relative_to(python.parents[1])] == []
    _, schemas, corpus = places
    assert {path.name: path.read_bytes() for path in schemas.iterdir()} == {
        path.name: path.read_bytes() for path in (ROOT / "schemas").iterdir()
    }
    shipped = ROOT / "datasets" / "hindi-news"
    for name in ("articles.jsonl", "gold.jsonl", "README.md"):
        assert (corpus / name).read_bytes() == (shipped / name).read_bytes()


def test_split_and_validate(run, tmp_path):
    """A text goes in, sentences come out, and they are sound against the articles."""
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")
    done = run("split", "a.txt", "-o", "s.jsonl")
    assert (done.returncode, done.stdout) == (0, b"")
    texts = [orjson.loads(line)["text"] for line in (tmp_path / "s.jsonl").read_bytes().splitlines()]
    assert texts == ["नई दिल्ली, 14 मार्च।", "डॉ. राव ने कहा, “हम तैयार हैं।”", "बैठक सोमवार को होगी।"]
    done = run("validate", "s.jsonl")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"1 files: no faults\n")


def test_the_whole_way_without_a_server(run, tmp_path):
    """What a step needs of data files is in the wheel: word lists, rules, the guideline, the corpus."""
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")
    assert run("init", "w").returncode == 0
    assert (tmp_path / "w" / "guideline.md").read_bytes() == (ROOT / "annotate" / "guideline.md").read_bytes()
    sentences = run("split", "a.txt", "-o", "-").stdout
    done = run("prelabel", "-", "-o", "-", input=sentences)
    assert done.returncode == 0
    [first, *_] = map(orjson.loads, done.stdout.splitlines())
    assert [entity["id"] for entity in first["entities"]] == ["e0-9-LOC"]


def test_nothing_else_is_in_it(wheel):
    """The wheel holds the package and its data: no tests, no caches, no other top-level folder."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    version = wheel.name.split("-")[1]
    assert {name.partition("/")[0] for name in names} == {"annotate", f"annotate_kit-{version}.dist-info"}
    assert "annotate/py.typed" in names
    assert [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".tmp"))] == []
    assert any(name.endswith("licenses/LICENSE") for name in names)
