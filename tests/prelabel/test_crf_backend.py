"""The backend `crf` finds names by a trained model, with the rules beside it and the article around it."""

from hashlib import sha256
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.aksharas import is_boundary
from annotate.errors import UsageError
from annotate.labels import DEFAULT, EntityLabel, LabelSet
from annotate.prelabel import entity_backend
from annotate.prelabel.candidates import Candidate
from annotate.prelabel.crf import CrfEntities
from annotate.prelabel.crf.calibrated import AS_IT_IS, fitted
from annotate.prelabel.crf.features import GROUPS, Joined, keys
from annotate.prelabel.crf.joined import joined
from annotate.prelabel.crf.kinds import NO_KIND, OF_KIND, Kinds
from annotate.prelabel.crf.learnt import Learnt
from annotate.prelabel.crf.model import Found, Model, pack, shipped, unpack
from annotate.prelabel.crf.weights import Weights
from annotate.prelabel.entity_rules.patterns import patterns_of
from annotate.prelabel.words import words_of
from tests.prelabel.marked import marked, sentence, shown
from tests.strategies import texts


@pytest.fixture(scope="module")
def engine():
    """The engine with the model that ships."""
    return CrfEntities(DEFAULT)


def article(*sentences):
    """Sentences of one article."""
    return [sentence(text, index=index, start=1000 * index) for index, text in enumerate(sentences)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[राहुल गांधी|PER] ने [दिल्ली|LOC] में [भाजपा|ORG] की आलोचना की।", id="all-three"),
        pytest.param("मुख्यमंत्री [नीतीश कुमार|PER] ने [पटना|LOC] में बैठक की।", id="title-outside"),
        pytest.param("[संयुक्त राष्ट्र|ORG] ने [सूडान|LOC] में युद्धविराम की अपील की।", id="body"),
        pytest.param("बारिश के कारण सड़क बंद रही।", id="none"),
    ],
)
def test_entities(engine, text):
    """Plain news sentences are labelled as a person would."""
    bare, _ = marked(text)
    (found,) = engine.entities([sentence(bare)])
    assert shown(bare, found) == text


def test_every_entity_says_who_found_it_and_how_sure(engine):
    """Source and a score between 0 and 1 stand at each entity."""
    (found,) = engine.entities([sentence("राहुल गांधी ने दिल्ली में भाजपा की आलोचना की।")])
    assert found
    assert all(0 < entity.score <= 1 and entity.source for entity in found)


def test_labels_that_a_campaign_lacks_are_left_out():
    """A campaign that only knows LOC gets no people."""
    only_places = LabelSet(entities=(EntityLabel("LOC"),))
    (found,) = CrfEntities(only_places).entities([sentence("राहुल गांधी ने दिल्ली में कहा।")])
    assert {entity.label for entity in found} == {"LOC"}


@settings(max_examples=60, deadline=None)
@given(st.lists(texts(), min_size=1, max_size=4))
def test_entities_fit_their_text(engine, lines):
    """Whatever the text, entities are sorted, disjoint, not empty, and cut no akshara in two."""
    read = article(*lines)
    found = engine.entities(read)
    assert len(found) == len(read)
    for one, entities in zip(read, found, strict=True):
        edges = [edge for entity in entities for edge in (entity.start, entity.end)]
        assert edges == sorted(edges)
        assert all(entity.start < entity.end for entity in entities)
        assert all(is_boundary(one.text, edge) for edge in edges)


LINES = (
    "किम जोंग उन ने प्योंगयांग में भाषण दिया।",
    "किम ने सेना की सराहना की।",
    "दक्षिण कोरिया ने किम की आलोचना की।",
    "उन लोगों ने कुछ नहीं कहा।",
)


@given(st.permutations(range(len(LINES))))
@settings(max_examples=10, deadline=None)
def test_the_order_of_processing_makes_no_difference(engine, order):
    """Each sentence gets the same entities wherever it stands among the sentences of its article."""
    read = article(*LINES)
    straight = engine.entities(read)
    assert engine.entities([read[at] for at in order]) == [straight[at] for at in order]


def test_the_article_helps(engine):
    """A part of a name that is clear elsewhere is found; an ordinary word that equals a part is not."""
    found = engine.entities(article(*LINES))
    names = [[line[e.start : e.end] for e in entities] for line, entities in zip(LINES, found, strict=True)]
    assert names[1] == ["किम"]
    assert names[3] == []


def test_the_engine_names_its_model(engine):
    """The version changes with the model, since what it finds may."""
    assert engine.engine.name == "crf"
    assert engine.engine == entity_backend("crf", DEFAULT).engine
    assert len(engine.engine.version.partition("+")[2]) == 8


def test_the_shipped_model_is_small():
    """It stays below 10 MB, and its card lies beside it."""
    assert shipped().stat().st_size < 10_000_000
    assert shipped().with_name(shipped().name + ".md").is_file()


def test_the_card_is_of_the_model_that_ships():
    """The hash on the card is that of the file beside it."""
    model = shipped()
    card = model.with_name(model.name + ".md").read_text("utf-8")
    assert sha256(model.read_bytes()).hexdigest() in card


@given(texts())
def test_prefixes_of_pairs_are_theirs_alone(text):
    """No other part of the features gives a string with the prefix of a part that is looked up by its prefix."""
    words = words_of(text)
    prefixes = [part.strings.prefix for group in GROUPS for part in group.parts if isinstance(part.strings, Joined)]
    asked = keys(words, patterns_of(words), Learnt({}, {}))
    for group, row in zip(GROUPS, asked, strict=True):
        for part, key in product(group.parts, filter(None, row)):
            own = [part.strings.prefix] if isinstance(part.strings, Joined) else []
            for string in part.strings(*key):
                assert [prefix for prefix in prefixes if string.startswith(prefix)] == own
                assert not string.startswith(OF_KIND)


KINDS = Kinds.of([("गाँव जिले में है ।", 0)] * 2 + [("मंत्री ने कहा।", 1)] * 2, ["stubs", "news"])


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        pytest.param(["यह गाँव बड़ा है ।"], 0, id="like-the-first"),
        pytest.param(["मंत्री आए।", "उन्होंने यह कहा।", "वह गाँव"], 1, id="the-sentences-together"),
        pytest.param(["कुछ और"], 0, id="like-none"),
        pytest.param([], 0, id="no-text"),
    ],
)
def test_kinds_of_text(texts, kind):
    """An article is of the kind of training data that its words, all together, are most like."""
    assert KINDS.kind(texts) == kind
    assert Kinds.from_dict(KINDS.to_dict()).kind(texts) == kind


def test_one_kind_of_text_is_none():
    """What was trained on one file tells no kinds apart."""
    assert Kinds.of([("मंत्री ने कहा।", 0)] * 2, ["news"]).kind(["मंत्री ने कहा।"]) == NO_KIND


def test_what_is_no_model(tmp_path):
    """Another file, or a model for other features, is refused with a way on."""
    path = tmp_path / "x.crf"
    path.write_bytes(b"not a model")
    with pytest.raises(UsageError, match="is no model"):
        CrfEntities(DEFAULT, path)
    head, _, rest = shipped().read_bytes().partition(b"\n")
    with pytest.raises(UsageError, match="train it again"):
        unpack(head.replace(b'"features":"', b'"features":"old') + b"\n" + rest, "x.crf")
    with pytest.raises(UsageError, match="gone"):
        CrfEntities(DEFAULT, tmp_path / "gone.crf")


def test_a_fit_undoes_overconfidence():
    """Finds said to be right at 0.95 of which 4 in 5 are get about 0.8; too few finds change nothing."""
    curve = fitted([(0.95, number % 5 > 0) for number in range(500)] + [(0.6, number % 2 > 0) for number in range(500)])
    assert curve(0.95) == pytest.approx(0.8, abs=0.01)
    assert curve(0.6) == pytest.approx(0.5, abs=0.01)
    assert fitted([(0.9, True)] * 100) == AS_IT_IS


WORDS = words_of("हॉकी इंडिया और जन मंच आए")


@pytest.mark.parametrize(
    ("model", "named", "ruled", "expected"),
    [
        pytest.param([(1, 2, 0.6)], 0.9, [(0, 2, 0.9)], [(0, 2)], id="longer-and-surer"),
        pytest.param([(1, 2, 0.97)], 0.9, [(0, 2, 0.9)], [(1, 2)], id="the-model-is-surer"),
        pytest.param([(0, 2, 0.5)], 0.9, [(1, 2, 0.9)], [(0, 2)], id="shorter"),
        pytest.param([], 0.5, [(3, 5, 0.9)], [(3, 5)], id="the-model-doubts"),
        pytest.param([], 0.001, [(3, 5, 0.9)], [], id="the-model-rules-it-out"),
    ],
)
def test_the_rules_as_second_opinion(model, named, ruled, expected):
    """A rule's find takes the place of shorter ones of the model, and counts where the model is not sure of none."""
    seen = Found(
        tuple(Candidate(*find[:2], "ORG", find[2], "crf") for find in model),
        dict.fromkeys(range(len(WORDS.fold)), named),
    )
    finds = [Candidate(*find[:2], "ORG", find[2], "rules:x") for find in ruled]
    (kept,) = joined([WORDS], [seen], [finds])
    assert [(find.first, find.last) for find in kept] == expected


@pytest.mark.parametrize(("score", "label"), [(0.6, "ORG"), (0.97, "PER")])
def test_the_surer_type_of_the_same_words(score, label):
    """Where rules and model differ in nothing but the type, the surer one has it."""
    seen = Found((Candidate(0, 2, "PER", score, "crf"),), dict.fromkeys(range(len(WORDS.fold)), 1.0))
    (kept,) = joined([WORDS], [seen], [[Candidate(0, 2, "ORG", 0.9, "rules:x")]])
    assert [find.label for find in kept] == [label]


def test_a_packed_model_comes_back():
    """Labels and calibration are read back as they were written."""
    model = unpack(shipped().read_bytes(), "shipped")
    assert isinstance(model, Model)
    assert model.labels == ("PER", "ORG", "LOC")
    weights = Weights(("O", "B-PER"), {"bias": 0}, np.ones((1, 2)), np.eye(2))
    assert (
        pack(weights, model.learnt, model.kinds, model.labels, model.calibration).partition(b"\n")[0]
        in shipped().read_bytes()
    )
