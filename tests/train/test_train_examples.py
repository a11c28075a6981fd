"""Training data becomes text and offsets, so that its tokens and ours meet."""

import gzip

import pytest

from annotate.errors import DataError, UsageError
from annotate.records import Entity
from annotate.train.examples import Example, fold_of, ours, read_examples
from tests.prelabel.marked import marked, shown


def read(tmp_path, *tokens, name="a.conll"):
    """The only sentence of a CoNLL file of these tokens, with its entities as marks."""
    path = tmp_path / name
    text = "".join(f"{token}\n" for token in tokens) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    (example,) = read_examples(path)
    return shown(example.text, example.entities)


@pytest.mark.parametrize("name", ["a.conll", "a.conll.gz"])
def test_conll(tmp_path, name):
    """Tokens stand one space apart; B- starts an entity, I- goes on with it, packed or not."""
    tokens = ("नई\tB-LOC", "दिल्ली\tI-LOC", "में\tO", "मोदी\tB-PER", "शाह\tB-PER")
    assert read(tmp_path, *tokens, name=name) == "[नई दिल्ली|LOC] में [मोदी|PER] [शाह|PER]"


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        pytest.param(("भैसखेत,\tB-LOC", "अल्मोड़ा\tB-LOC"), "[भैसखेत|LOC], [अल्मोड़ा|LOC]", id="comma"),
        pytest.param(('"मोदी\tB-PER', 'शाह"\tI-PER'), '"[मोदी शाह|PER]"', id="quotes"),
        pytest.param(("दिल्ली।\tB-LOC",), "[दिल्ली|LOC]।", id="danda"),
        pytest.param(("जद\tB-ORG", "(यू)\tI-ORG"), "[जद (यू)|ORG]", id="own-bracket"),
        pytest.param(("(भाजपा)\tB-ORG",), "([भाजपा|ORG])", id="in-brackets"),
        pytest.param(("।\tB-LOC",), "।", id="only-a-mark"),
        pytest.param(("दिवाली\tB-FESTIVAL",), "दिवाली", id="other-label"),
        pytest.param(("मोदी\tB-PER", "दिल्ली\tI-LOC"), "[मोदी|PER] [दिल्ली|LOC]", id="stray-i"),
    ],
)
def test_marks_stay_outside(tmp_path, tokens, expected):
    """Punctuation that a tokenizer glued to a name is no part of it; the text keeps it."""
    assert read(tmp_path, *tokens) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("[राष्ट्रीय जल मिशन ( एनजेएम )|ORG]", "[राष्ट्रीय जल मिशन|ORG] ( [एनजेएम|ORG] )", id="abbreviation"),
        pytest.param("[जद (यू)|ORG]", "[जद (यू)|ORG]", id="wing-of-a-party"),
        pytest.param("[भारतीय|ORG] सेना", "भारतीय सेना", id="demonym"),
        pytest.param("[भारत|LOC] में", "[भारत|LOC] में", id="place"),
        pytest.param("[डॉ. एम. राव|PER]", "डॉ. [एम. राव|PER]", id="title"),
        pytest.param("[देवनाथ जी|PER] ने", "[देवनाथ|PER] जी ने", id="honorific"),
    ],
)
def test_our_definition(given, expected):
    """What differs from our definition of an entity is brought to it where that can be told."""
    example = ours(Example(*marked(given)))
    assert shown(example.text, example.entities) == expected


def test_every_broken_line_is_named(tmp_path):
    """All lines that are no token and tag come out in one error, with file and line."""
    path = tmp_path / "b.conll"
    path.write_text("मोदी\tB-PER\nने\nकहा\tX\n\n", "utf-8")
    with pytest.raises(DataError) as caught:
        read_examples(path)
    assert [fault.line for fault in caught.value.faults] == [2, 3]


@pytest.mark.parametrize("name", ["gone.conll", "a.txt"])
def test_what_cannot_be_read(tmp_path, name):
    """A file that is not there or of no known kind is a usage error that names it."""
    with pytest.raises(UsageError, match=name):
        read_examples(tmp_path / name)


def test_gold_files(corpus):
    """A gold file gives its texts and entities as they are."""
    examples = read_examples(corpus.gold)
    assert examples[0] == Example("नई दिल्ली, 14 मार्च (एजेंसी)।", (Entity.at(0, 9, "LOC"),))


def test_releases(tmp_path):
    """The folder of a release gives its training part."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    (tmp_path / "spans").mkdir()
    row = {"text": "दिल्ली में", "entities": [{"id": "e0-6-LOC", "start": 0, "end": 6, "label": "LOC"}]}
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "spans" / "train.parquet")
    assert read_examples(tmp_path) == [Example("दिल्ली में", (Entity.at(0, 6, "LOC"),))]


def test_equal_texts_share_a_fold():
    """White space apart, equal sentences fall into one fold, so that none is described by its twin."""
    assert fold_of("राम आया ।", 10, 1) == fold_of("राम  आया ।", 10, 1)
    assert {fold_of(str(number), 10, 1) for number in range(200)} == set(range(10))
