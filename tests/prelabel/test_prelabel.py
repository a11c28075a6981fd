"""`prelabel` streams sentences article by article, in order, and knows its backends by name."""

import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from annotate.errors import UsageError
from annotate.labels import DEFAULT
from annotate.prelabel import BACKENDS, STANCE_BACKENDS, entity_backend, prelabel, stance_backend
from annotate.records import Engine
from tests.prelabel.marked import sentence

ARTICLE = ("श्री मकरंद टेंभुर्णे ने कहा।", "इस पर टेंभुर्णे चुप रहे।", "कांग्रेस ने भाजपा की आलोचना की।")


def article(name: str):
    """The sentences of one article."""
    return [sentence(text, article=name, index=index, start=100 * index) for index, text in enumerate(ARTICLE)]


def test_what_goes_in_comes_out_labelled():
    """Each sentence comes back once, in order, with its own fields unchanged and the engine named."""
    sentences = [*article("a"), *article("b")]
    labelled = list(prelabel(sentences, backend="rules", stance="rules"))
    assert [one.sentence() for one in labelled] == sentences
    assert {one.engine for one in labelled} == {Engine(name="rules", version=labelled[0].engine.version)}
    assert [len(one.entities) for one in labelled] == [1, 1, 2] * 2
    assert [len(one.stances) for one in labelled] == [0, 0, 1] * 2


def test_articles_do_not_mix():
    """A name that one article makes clear is not carried into the next."""
    first, second = article("a")[:1], [sentence(ARTICLE[1], article="b")]
    assert [len(one.entities) for one in prelabel([*first, *second])] == [1, 0]


def test_alone_or_in_a_batch():
    """An article gets the same proposals alone as between others."""
    alone = list(prelabel(article("b")))
    batch = list(prelabel([*article("a"), *article("b"), *article("c")]))
    assert alone == batch[3:6]


def test_it_streams():
    """Results come while the input is still running: an endless input is no problem."""
    endless = (one for number in count() for one in article(f"n{number}"))
    results = prelabel(endless)
    assert [next(results).article_id for _ in range(4)] == ["n0", "n0", "n0", "n1"]


@pytest.mark.parametrize(
    ("make", "known"),
    [
        (entity_backend, "crf, given, http:URL, rules, spacy:MODEL, transformers:MODEL"),
        (stance_backend, "classifier, http:URL, rules, transformers:MODEL"),
    ],
)
def test_an_unknown_backend_lists_the_known(make, known):
    """The message names what was asked for and what there is."""
    for name in ("bert", "bert:x", "http", "http:", "crf:x"):
        with pytest.raises(UsageError, match=rf"{name}: no such backend \(known: {known}\)"):
            make(name, DEFAULT)


def test_thresholds():
    """Entities below the least score of their label are left out, and stances toward them too."""
    found = list(prelabel(article("a")))
    best = max(entity.score for one in found for entity in one.entities)
    kept = list(prelabel(article("a"), thresholds={"PER": best, "ORG": best, "LOC": best}))
    assert {e.score for one in kept for e in one.entities} == {best}
    assert all(s.target in {e.id for e in one.entities} for one in kept for s in one.stances)


def test_an_unknown_backend_is_refused_at_the_call():
    """The mistake shows before any sentence is read."""
    with pytest.raises(UsageError):
        prelabel(iter([]), backend="bert")


def test_every_registered_backend_answers():
    """Each backend that needs no argument gives one tuple per sentence and names itself."""
    sentences = article("a")
    for name in (name for name in BACKENDS if not name.endswith(":")):
        backend = entity_backend(name, DEFAULT)
        assert len(backend.entities(sentences)) == len(sentences)
        assert backend.engine.name == name
    for name in (name for name in STANCE_BACKENDS if not name.endswith(":")):
        backend = stance_backend(name, DEFAULT)
        assert len(backend.stances(sentences, [()] * len(sentences))) == len(sentences)
        assert backend.engine.name == name


def test_the_page_shows_what_happens(capsys):
    """The example of docs/prelabel.md runs and prints what the page shows."""
    page = (Path(__file__).parents[2] / "docs" / "prelabel.md").read_text("utf-8")
    code, rest = page.split("```python\n", 1)[1].split("```", 1)
    exec(code, {})
    assert capsys.readouterr().out == rest.split("```text\n", 1)[1].split("```", 1)[0]


def test_importing_reads_no_data():
    """The import alone loads neither the engines nor their word lists."""
    code = "import sys, annotate; print(sorted(m for m in sys.modules if m.startswith('annotate.prelabel')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[{}]".format(
        "'annotate.prelabel', 'annotate.prelabel.engines', 'annotate.prelabel.migrated', 'annotate.prelabel.protocol'"
    )
