"""Rows of the three configs."""

from dataclasses import replace
from functools import partial

import numpy as np
import orjson
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.errors import DataError
from annotate.labels import DEFAULT, EntityLabel, LabelSet, StanceLabel, Topic
from annotate.records import Entity, Span, TopicStance
from annotate.release.gate import problems
from annotate.release.sheet import Sheet
from annotate.release.spool import Spool, write
from annotate.release.tables import batches
from annotate.split import tokenize
from annotate.split.columns import TokenColumns, token_columns
from tests.rows import Rows, stance_toward
from tests.strategies import golds, on_tokens

LAW = "नागरिकता कानून"
TOPICAL = replace(DEFAULT, topic=Topic(LAW))
TEXT = "[भाजपा|ORG] ने [कांग्रेस|ORG] की निंदा की, [मोदी|PER] चुप रहे।"


@pytest.fixture
def record(article):
    """One sentence in which one party is against another."""
    return article("a1", (TEXT, [("कांग्रेस", "AGAINST", "भाजपा")]))[0]


@st.composite
def topical(draw):
    """Gold of which it may be known where it stands toward the topic."""
    said = draw(st.none() | st.builds(TopicStance, topic=st.just(LAW), label=st.sampled_from(DEFAULT.stance_names)))
    return replace(draw(on_tokens()), topic_stance=said)


def sheet(*records, labels=DEFAULT):
    """Records with their tokens, as they come from a file."""
    return Sheet(
        [orjson.loads(record.to_json()) for record in records],
        token_columns([record.text for record in records]),
        labels,
    )


def columns(texts, tokens):
    """Tokens of texts, whatever they are, in the form that `token_columns` gives."""
    borders = np.cumsum([0, *map(len, texts)])
    places = [(start + base, end + base) for spans, base in zip(tokens, borders, strict=False) for start, end in spans]
    starts, ends = np.array(places, np.int64).reshape(-1, 2).T
    return TokenColumns(starts, ends, borders, np.cumsum([0, *map(len, tokens)]))


def rows(config, *records, labels=DEFAULT):
    """What records give a config."""
    return batches(sheet(*records, labels=labels))[config].to_pylist()


def plain(rows):
    """Rows of named tuples as Arrow would give them back."""
    return [orjson.loads(orjson.dumps(row._asdict(), default=list)) for row in rows]


@pytest.fixture
def tables(tmp_path):
    """Write records of one article in a batch each, and say what was written."""

    def made(*records, folder="release", splits=None):
        place = tmp_path / folder
        place.mkdir()
        with Spool(place, DEFAULT) as spool:
            for record in records:
                spool.add(sheet(record))
            return list(write(spool, splits or {"a1": "train"}, place))

    return made


def test_ner_row(record):
    """Tokens, class ids and offsets go side by side, and every token slices the text."""
    (row,) = rows("ner", record)
    assert row["tokens"] == ["भाजपा", "ने", "कांग्रेस", "की", "निंदा", "की", ",", "मोदी", "चुप", "रहे", "।"]
    assert row["ner_tags"] == [3, 0, 3, 0, 0, 0, 0, 1, 0, 0, 0]
    assert row["tokens"] == [row["text"][start:end] for start, end in row["offsets"]]
    assert (row["id"], row["article_id"]) == ("a1:0-44", "a1")


def test_stance_rows(record):
    """Each entity has a row; the ones about which gold is silent are NEUTRAL and have no holder."""
    found = rows("stance", record)
    assert [(row["target"], row["stance"], row["holder"]) for row in found] == [
        ("भाजपा", 2, None),
        ("कांग्रेस", 1, "भाजपा"),
        ("मोदी", 2, None),
    ]
    assert [row["id"] for row in found] == ["a1:0-44#e0-5-ORG", "a1:0-44#e9-17-ORG", "a1:0-44#e31-35-PER"]
    assert all(row["target"] == row["text"][row["target_start"] : row["target_end"]] for row in found)
    assert found[1]["holder"] == found[1]["text"][found[1]["holder_start"] : found[1]["holder_end"]]


def test_types_without_stance_have_no_row(record):
    """A type that bears no stance is in `ner` and `spans` only."""
    labels = LabelSet(entities=(EntityLabel("PER"), EntityLabel("ORG", stance=False)), stances=DEFAULT.stances)
    assert [row["target"] for row in rows("stance", record, labels=labels)] == ["मोदी"]
    (spans,) = rows("spans", record, labels=labels)
    assert sorted(stance["target"] for stance in spans["stances"]) == ["e31-35-PER", "e9-17-ORG"]


def test_spans_row(record):
    """Entities come by place, and every stance-bearing one has its stance written out."""
    (row,) = rows("spans", record)
    assert [entity["id"] for entity in row["entities"]] == ["e0-5-ORG", "e9-17-ORG", "e31-35-PER"]
    assert [(stance["target"], stance["holder"], stance["label"]) for stance in row["stances"]] == [
        ("e0-5-ORG", None, "NEUTRAL"),
        ("e9-17-ORG", "e0-5-ORG", "AGAINST"),
        ("e31-35-PER", None, "NEUTRAL"),
    ]


def test_first_of_several_holders(article):
    """Of several holders `stance` names the one that stands first, before nobody; `spans` has all."""
    said = [("मोदी", "AGAINST", None), ("मोदी", "AGAINST", "कांग्रेस"), ("मोदी", "AGAINST", "भाजपा")]
    record = article("a1", (TEXT, said))[0]
    assert [row["holder"] for row in rows("stance", record) if row["target"] == "मोदी"] == ["भाजपा"]
    (spans,) = rows("spans", record)
    assert [stance["holder"] for stance in spans["stances"] if stance["target"] == "e31-35-PER"] == [
        None,
        "e0-5-ORG",
        "e9-17-ORG",
    ]


@given(st.lists(on_tokens() | golds(), max_size=4), st.sampled_from([True, False]))
def test_columns_are_what_rows_say(records, orgs_bear_stance):
    """Made column by column, every table has the rows that one makes of the records one by one."""
    entities = tuple(replace(it, stance=it.name != "ORG" or orgs_bear_stance) for it in DEFAULT.entities)
    labels = replace(DEFAULT, entities=entities)
    odd = set(sheet(*records, labels=labels).odd())
    sound = [record for at, record in enumerate(records) if at not in odd]
    one_by_one = [Rows(labels).of(record, tokenize(record.text, record.lang)) for record in sound]
    for config, found in batches(sheet(*sound, labels=labels)).items():
        assert found.to_pylist() == plain(row for made in one_by_one for row in made[config])


@given(st.lists(topical(), max_size=4))
def test_columns_about_the_topic(records):
    """`topic` has the sentences that are known to stand somewhere, `spans` says of every one whether it is known."""
    odd = set(sheet(*records, labels=TOPICAL).odd())
    sound = [record for at, record in enumerate(records) if at not in odd]
    assert rows("topic", *sound, labels=TOPICAL) == [
        {
            "id": record.id,
            "article_id": record.article_id,
            "text": record.text,
            "topic": LAW,
            "stance": DEFAULT.stance_names.index(record.topic_stance.label),
        }
        for record in sound
        if record.topic_stance
    ]
    known = [(LAW, record.topic_stance.label) if record.topic_stance else (None, None) for record in sound]
    found = rows("spans", *sound, labels=TOPICAL)
    assert [(row.pop("topic"), row.pop("topic_stance")) for row in found] == known
    assert found == rows("spans", *sound)


@given(st.lists(on_tokens() | golds(), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_odd_records_are_those_with_problems(records, random):
    """What is looked for in a batch at once is what the gate finds in a record, also where tokens are not ours."""
    tokens = [tokenize(record.text, record.lang) for record in records]
    if random.random() < 0.5:
        at = random.randrange(len(records))
        tokens[at] = [span for span in tokens[at] if random.random() < 0.7]
    spans = columns([record.text for record in records], tokens)
    found = Sheet([orjson.loads(record.to_json()) for record in records], spans, DEFAULT).odd()
    about = partial(problems, "gold.jsonl", 1, labels=DEFAULT)
    assert found == [at for at, pair in enumerate(zip(records, tokens, strict=True)) if any(about(*pair))]


@pytest.mark.parametrize(
    "tokens", [[(0, 4), (5, 6), (5, 8)], [(0, 4), (5, 9)], [(0, 4), (5, 5), (5, 8)], [(5, 8), (0, 4)]]
)
def test_tokens_that_mislead_are_odd(article, tokens):
    """Tokens that overlap, leave the text, are empty or out of order are not trusted with anything."""
    records = [orjson.loads(article(name, "मोदी आए।")[0].to_json()) for name in ("a1", "a2")]
    spans = columns([record["text"] for record in records], [tokenize("मोदी आए।"), tokens])
    assert 1 in Sheet(records, spans, DEFAULT).odd()


def test_stances_that_no_row_holds_are_odd(article):
    """Stances toward one entity that differ are looked at, and so is silence where the label set has no NEUTRAL."""
    twice = article("a1", (TEXT, [("मोदी", "AGAINST", "कांग्रेस"), ("मोदी", "FAVOR", "भाजपा")]))[0]
    assert sheet(twice).odd() == [0]
    silent = article("a1", "[मोदी|PER] आए।")[0]
    labels = LabelSet(entities=(EntityLabel("PER"),), stances=(StanceLabel("FAVOR"),))
    assert sheet(silent, labels=labels).odd() == [0]
    with pytest.raises(DataError, match="AGAINST and FAVOR"):
        stance_toward(Entity.at(31, 35, "PER"), twice)


@given(st.lists(topical(), max_size=5))
def test_what_articles_hold(records):
    """Sentences, entities and stances are counted by article, those toward the topic apart from the others."""
    expected = {}
    for record in records:
        held = expected.setdefault(record.article_id, {})
        toward = (f"stance {stance_toward(entity, record).label}" for entity in record.entities)
        topic = [f"topic {record.topic_stance.label}"] if record.topic_stance else []
        for kind in ("sentences", *(f"entity {entity.label}" for entity in record.entities), *toward, *topic):
            held[kind] = held.get(kind, 0) + 1
    assert sheet(*records, labels=TOPICAL).held() == expected


def test_pandas_reads_the_files(record, tables, tmp_path):
    """Each file opens with pandas alone, values as they were."""
    record = replace(record, stances=(replace(record.stances[0], cue=Span(21, 29)),))
    assert [(table.config, table.rows) for table in tables(record)] == [("ner", 1), ("stance", 3), ("spans", 1)]
    ner = pd.read_parquet(tmp_path / "release" / "ner" / "train.parquet")
    assert ner.tokens[0][0] == "भाजपा"
    assert list(ner.offsets[0][0]) == [0, 5]
    stance = pd.read_parquet(tmp_path / "release" / "stance" / "train.parquet")
    assert list(stance.stance) == [2, 1, 2]
    assert record.text[int(stance.cue_start[1]) : int(stance.cue_end[1])] == "निंदा की"
    assert list(pd.read_parquet(tmp_path / "release" / "spans" / "train.parquet").stances[0][1]["cue"]) == [21, 29]


def test_batches_do_not_show(record, tables, monkeypatch):
    """Rows and content hash are the same however many rows a row group has."""
    found = []
    for size in (2, 1000):
        monkeypatch.setattr("annotate.release.spool._ROWS", size)
        found.append([(table.rows, table.content) for table in tables(*[record] * 5, folder=str(size))])
    assert found[0] == found[1]
    assert [rows for rows, _ in found[0]] == [5, 15, 5]


@pytest.mark.parametrize("run", [0, 100])
def test_rows_go_where_their_articles_go(article, tables, monkeypatch, tmp_path, run):
    """Cut out or copied, every row is in the split of its article in the order it came, or nowhere."""
    monkeypatch.setattr("annotate.release.spool._RUN", run)
    names = ("a1", "a2", "a3", "a1", "a2", "a4")
    splits = {"a1": "train", "a2": "test", "a4": "train"}
    tables(*(article(name, f"[मोदी|PER] {name} गए।")[0] for name in names), splits=splits)
    for config in ("ner", "stance", "spans"):
        read = {
            split: list(pd.read_parquet(tmp_path / "release" / config / f"{split}.parquet").article_id)
            for split in ("train", "test")
        }
        assert read == {"train": ["a1", "a1", "a4"], "test": ["a2", "a2"]}


def test_nothing_of_the_spool_stays(record, tables, tmp_path):
    """Only Parquet files are left."""
    tables(record)
    left = [path.name for path in (tmp_path / "release").rglob("*") if path.is_file()]
    assert left == ["train.parquet"] * 3
