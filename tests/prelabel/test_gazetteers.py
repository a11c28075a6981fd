"""The gazetteers are plain data that says where it is from, and every name in them is found in a text."""

from importlib.resources import files

import pytest

from annotate.labels import DEFAULT
from annotate.prelabel.entity_rules import RulesEntities
from annotate.prelabel.lexicon import lexicon
from tests.prelabel.marked import sentence

FOLDER = files("annotate.prelabel") / "gazetteers"
NAMES = sorted(file.name for file in FOLDER.iterdir() if file.name.endswith(".txt"))


@pytest.mark.parametrize("name", NAMES)
def test_a_gazetteer_states_its_source(name):
    """Each file opens with what it holds and where that comes from; its lines are trimmed, sorted and not empty."""
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    assert any(line.startswith("# Source:") for line in lines[:4])
    body = [line for line in lines if not line.startswith("#")]
    assert body == sorted({line.strip() for line in body if line.strip()})


@pytest.mark.parametrize(
    ("name", "label"),
    [("countries.txt", "LOC"), ("places_world.txt", "LOC"), ("parties.txt", "ORG"), ("bodies_india.txt", "ORG")],
)
def test_sure_names_are_found(name, label):
    """A name that is no ordinary word is found whole, with the type of its file or of an earlier one."""
    backend = RulesEntities(DEFAULT)
    missed = []
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        if line.startswith("#") or "(" in line:
            continue
        (found,) = backend.entities([sentence(f"{line}, फिर।")])
        if (0, len(line)) not in {(entity.start, entity.end) for entity in found}:
            missed.append(line)
    ambiguous = [line for line in missed if len(line.split()) == 1]
    assert missed == ambiguous
    assert len(missed) <= 30


def test_ordinary_words_are_kept_back():
    """A name that is also an ordinary word is known, but not trusted by itself."""
    names = lexicon().names
    assert names[("कोटा",)].score < 0.5 < names[("जयपुर",)].score
