"""The engine `spacy:MODEL`, run with a pipeline that the test trains."""

import random

import pytest
import spacy
from spacy.training import Example

from annotate.errors import UsageError
from annotate.labels import DEFAULT
from annotate.prelabel import entity_backend
from tests.prelabel.marked import sentence

TEXTS = ("मोदी ने दिल्ली में कहा।", "राहुल ने पटना में कहा।", "सोनिया ने भोपाल में कहा।", "ममता ने कोलकाता में कहा।")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A small pipeline that was shown four sentences until it knew them."""
    spacy.util.fix_random_seed(0)
    random.seed(0)
    nlp = spacy.blank("xx")
    recognizer = nlp.add_pipe("ner")
    for label in ("PERSON", "GPE"):
        recognizer.add_label(label)
    examples = []
    for text in TEXTS:
        person, place = text.split()[0], text.split()[2]
        at = text.index(place)
        spans = [(0, len(person), "PERSON"), (at, at + len(place), "GPE")]
        examples.append(Example.from_dict(nlp.make_doc(text), {"entities": spans}))
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(30):
        nlp.update(examples, sgd=optimizer, drop=0.0)
    folder = tmp_path_factory.mktemp("spacy") / "model"
    nlp.to_disk(folder)
    return folder


def test_entities(model):
    """What the pipeline calls PERSON and GPE comes out as PER and LOC, from each sentence of an article."""
    engine = entity_backend(f"spacy:{model}", DEFAULT)
    found = engine.entities([sentence(text, index=n, start=100 * n) for n, text in enumerate(TEXTS)])
    said = [[(text[e.start : e.end], e.label) for e in one] for text, one in zip(TEXTS, found, strict=True)]
    assert said == [[(text.split()[0], "PER"), (text.split()[2], "LOC")] for text in TEXTS]
    assert all(e.score is None and e.source == engine.engine.name for one in found for e in one)


def test_no_such_model():
    """A model that is not there is a usage error with spaCy's reason."""
    with pytest.raises(UsageError, match="spacy:gone"):
        entity_backend("spacy:gone", DEFAULT)
