"""The added-up weights and the small chain say what CRFsuite's own tagger says of the same features."""

import numpy as np
import pycrfsuite
import pytest
from hypothesis import assume, given, settings

from annotate.prelabel.crf.chain import Chain, written
from annotate.prelabel.crf.emissions import Emissions
from annotate.prelabel.crf.features import items
from annotate.prelabel.crf.kinds import NO_KIND
from annotate.prelabel.crf.learnt import Learnt
from annotate.prelabel.crf.tags import on_words, tags_of
from annotate.prelabel.crf.weights import Weights, from_crfsuite, pack, unpack
from annotate.prelabel.entity_rules.patterns import patterns_of
from annotate.prelabel.words import BREAK, SPACE, Words, words_of
from annotate.train.examples import read_examples
from tests.strategies import texts
from tests.train.small import write_conll

OTHER = words_of("अनिल देशमुख ने कहा।")


class Trained:
    """CRFsuite's own tagger, its model, and what was learnt of names."""

    def __init__(self, tagger, model, learnt):
        self.tagger, self.model, self.learnt = tagger, model, learnt


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """What came of a small training."""
    folder = tmp_path_factory.mktemp("chain")
    examples = read_examples(write_conll(folder / "small.conll"))
    read = [words_of(example.text) for example in examples]
    finds = [on_words(words, example.entities) for words, example in zip(read, examples, strict=True)]
    learnt = Learnt.of(zip(read, finds, strict=True))
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    for at, (words, found) in enumerate(zip(read[::7], finds[::7], strict=True)):
        trainer.append(items(words, patterns_of(words), learnt, at % 2), tags_of(found, len(words.fold)))
    trainer.set_params({"c1": 0.1, "c2": 0.01, "max_iterations": 30, "feature.possible_transitions": True})
    trainer.train(str(folder / "model"))
    tagger = pycrfsuite.Tagger()
    tagger.open(str(folder / "model"))
    return Trained(tagger, (folder / "model").read_bytes(), learnt)


def agrees(trained, text):
    """Assert that tags and probabilities of a sentence are CRFsuite's."""
    weights, learnt, tagger = from_crfsuite(trained.model), trained.learnt, trained.tagger
    chain, words = Chain(weights.tags, written(weights)), words_of(text)
    if not words.fold:
        return
    patterns, emissions = patterns_of(words), Emissions(weights)
    for kind in (NO_KIND, 0, 1):
        # An article's sentences are added up together, and each comes out as it does alone.
        said = emissions.of([OTHER, words, OTHER], [patterns_of(OTHER), patterns, patterns_of(OTHER)], learnt, kind)[1]
        assert chain.best(said) == tagger.tag(items(words, patterns, learnt, kind))
        for at in range(len(words.fold)):
            for tag in weights.tags:
                assert chain.marginal(tag, at) == pytest.approx(tagger.marginal(tag, at), abs=1e-4)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("राहुल गांधी ने पटना में कहा कि चुनाव आयोग की बैठक होगी।", id="seen-names"),
        pytest.param("मुख्यमंत्री अनिल कुमार घोरपड़े (55) गुरुवार को डॉ. ए.पी. सिंह से मिले!", id="unseen-names-and-marks"),
        pytest.param("दिल्ली", id="one-word"),
    ],
)
def test_sentences(trained, text):
    """News sentences, with the edges of the text among the neighbours."""
    agrees(trained, text)


@settings(max_examples=25)
@given(text=texts())
def test_any_text(trained, text):
    """Whatever stands in a text, but for NUL, at which CRFsuite's own strings end."""
    assume("\x00" not in text)
    agrees(trained, text)


def test_weights_come_back():
    """What is packed is unpacked, to the four bytes of a number."""
    weights = Weights(("O", "B-X"), {"w=क": 0, "w=ख": 1}, np.array([[1.5, 0.0], [-2.25, 3.0]]), np.eye(2))
    back = unpack(pack(weights))
    assert (back.tags, back.features) == (weights.tags, weights.features)
    assert np.array_equal(back.rows, weights.rows)
    assert np.array_equal(back.transitions, weights.transitions)


def test_text_without_end_does_not_take_memory_without_end(trained):
    """What was remembered is forgotten at a limit, and what comes out stays the same."""
    learnt = trained.learnt
    words = words_of("राहुल गांधी ने पटना में कहा।")
    weights = from_crfsuite(trained.model)
    asked = [words], [patterns_of(words)], learnt, 1
    (expected,) = Emissions(weights).of(*asked)
    forgetful = Emissions(weights, most=10)
    for _ in range(3):
        assert np.array_equal(forgetful.of(*asked)[0], expected)


@pytest.mark.parametrize("folds", [("क|ख", "ग", "घ"), ("क", "ख|ग", "घ"), ("क", "ख", "ग")])
def test_a_joint_inside_a_word(folds):
    """Pairs whose strings are the same have the same weights, wherever the joint stands."""
    text = " ".join(folds)
    ends = [len(" ".join(folds[: at + 1])) for at in range(len(folds))]
    starts = [end - len(fold) for end, fold in zip(ends, folds, strict=True)]
    words = Words(text, tuple(starts), tuple(ends), folds, (BREAK, SPACE, SPACE))
    names = ("-|=क|ख|ग", "|+=क|ख|ग", "w=ग", "--=क|ख|ग", "+2=ग", "-2=क|ख")
    weights = Weights(
        ("O", "B-X"), {name: at for at, name in enumerate(names)}, np.arange(12.0).reshape(6, 2), np.eye(2)
    )
    patterns, learnt = patterns_of(words), Learnt({}, {})
    expected = [
        sum((weights.rows[weights.features[string]] for string in strings if string in weights.features), np.zeros(2))
        for strings in items(words, patterns, learnt, NO_KIND)
    ]
    assert np.array_equal(Emissions(weights).of([words], [patterns], learnt, NO_KIND)[0], expected)
