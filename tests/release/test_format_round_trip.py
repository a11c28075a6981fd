"""What a format can hold comes back from it; what it cannot is complained about or counted."""

import csv
import io
from dataclasses import replace

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotate.errors import Reason
from annotate.labels import DEFAULT
from annotate.records import Entity, Gold, Labeled, Resolution, Stance, sentence_id
from annotate.release.bio import entities_of, tokens_of
from annotate.release.formats import WRITERS, Batch, Part, Sample
from annotate.release.formats.tags import bioes
from annotate.split import tokenize
from tests.strategies import annotations, golds, on_tokens

NAMES = tuple(WRITERS)
ON_TOKENS = tuple(name for name, writer in WRITERS.items() if writer.on_tokens)


def sampled(record):
    return Sample(record, tokenize(record.text, record.lang))


def batch_of(record):
    """A record as it is read, alone in its batch."""
    return Batch([orjson.loads(record.to_json())], type(record), DEFAULT)


def written(name, *records):
    """What a format makes of records, as text with its own line ends."""
    out = io.BytesIO()
    WRITERS[name].put(map(batch_of, records), out)
    return out.getvalue().decode()


def read_columns(text, apart):
    """Sentences as rows of columns; comments, which only CoNLL-U has, and document marks are left out."""
    blocks = [block.split("\n") for block in text.split("\n\n") if block]
    passed = "# " if apart == "\t" else "-DOCSTART- -X-"
    rows = [[line.split(apart) for line in block if not line.startswith(passed)] for block in blocks]
    return [block for block in rows if block]


def claims(record):
    """Stances without scores and cues."""
    return [(s.target, s.label, s.holder) for s in record.stances]


def plain(record):
    """Entities without scores and sources."""
    return [Entity.at(e.start, e.end, e.label) for e in record.entities]


def accepted(name, record):
    return not list(WRITERS[name].complaints(sampled(record))) and bool(sampled(record).tokens)


def spaced():
    """A record with a token in which a space carries a mark."""
    text = "वह \u0301 गया।"
    name = sentence_id("n-1", 0, len(text))
    fields = {"id": name, "article_id": "n-1", "lang": "hi", "index": 0, "start": 0, "end": len(text), "text": text}
    return Gold(**fields, resolution=Resolution(method="single"))


@settings(deadline=None)
@given(on_tokens() | golds())
def test_conll2003(record):
    """Tokens and entities come back from CoNLL-2003, unless a fault says why not."""
    if not accepted("conll2003", record):
        return
    text = written("conll2003", record)
    assert text.startswith("-DOCSTART- -X- -X- O\n\n")
    (rows,) = read_columns(text, " ")
    tokens = sampled(record).tokens
    assert [row[0] for row in rows] == tokens_of(record.text, tokens)
    assert {len(row) for row in rows} == {4}
    assert entities_of(tokens, [row[3] for row in rows]) == plain(record)


@settings(deadline=None)
@given(on_tokens() | golds())
def test_conllu(record):
    """Ids, tokens with their places, entities, stances and holders come back from CoNLL-U; so does its own text."""
    if not accepted("conllu", record):
        return
    text = written("conllu", record)
    comments = dict(line[2:].split(" = ", 1) for line in text.split("\n") if line.startswith("# "))
    (rows,) = read_columns(text, "\t")
    misc = [dict(pair.split("=", 1) for pair in row[9].split("|")) for row in rows]
    tokens = sampled(record).tokens
    assert (comments["newdoc id"], comments["sent_id"]) == (record.article_id, record.id)
    assert [row[0] for row in rows] == [str(n) for n in range(1, len(tokens) + 1)]
    assert [row[1] for row in rows] == tokens_of(record.text, tokens)
    assert [tuple(map(int, it["TokenRange"].split(":"))) for it in misc] == tokens
    entities = entities_of(tokens, [it["NER"] for it in misc])
    assert entities == plain(record)
    by_start = {entity.start: entity.id for entity in entities}
    found = [
        (by_start[token.start], *(claim.split(":", 1) if ":" in claim else (claim, None)))
        for token, it in zip(tokens, misc, strict=True)
        for claim in filter(None, it.get("Stance", "").split(","))
    ]
    assert sorted(found, key=str) == sorted(claims(record), key=str)
    joined = "".join(row[1] + ("" if it.get("SpaceAfter") == "No" else " ") for row, it in zip(rows, misc, strict=True))
    assert comments["text"] == joined.rstrip(" ")


@settings(deadline=None)
@given(on_tokens() | golds())
def test_bio(record):
    """Text, offsets and entities come back from BIO objects, unless a fault says why not."""
    if not accepted("bio", record):
        return
    row = orjson.loads(written("bio", record))
    tokens = sampled(record).tokens
    assert (row["id"], row["article_id"], row["text"]) == (record.id, record.article_id, record.text)
    assert [record.text[start:end] for start, end in row["offsets"]] == row["tokens"]
    assert entities_of(tokens, row["tags"]) == plain(record)


@settings(deadline=None)
@given(on_tokens())
def test_bioes_is_bio_told_otherwise(record):
    """Where S is read as B and E as I, BIOES gives the tags of BIO."""
    tags = orjson.loads(written("bioes", record))["tags"]
    assert [tag.replace("S-", "B-").replace("E-", "I-") for tag in tags] == orjson.loads(written("bio", record))["tags"]


@pytest.mark.parametrize(
    ("bio", "expected"),
    [
        pytest.param(["B-PER"], ["S-PER"], id="single"),
        pytest.param(["B-PER", "I-PER"], ["B-PER", "E-PER"], id="two"),
        pytest.param(["B-PER", "I-PER", "I-PER", "O"], ["B-PER", "I-PER", "E-PER", "O"], id="three"),
        pytest.param(["B-PER", "B-PER", "I-PER"], ["S-PER", "B-PER", "E-PER"], id="neighbours"),
        pytest.param([], [], id="none"),
    ],
)
def test_bioes(bio, expected):
    """An entity of one token is S, the last token of a longer one E."""
    assert bioes(bio) == expected


@settings(deadline=None)
@given(golds() | annotations())
def test_csv(record):
    """Entities, stances, holders and cues come back from CSV, overlapping or not, whatever signs the text has."""
    rows = list(csv.DictReader(io.StringIO(written("csv", record), newline="")))
    assert {row["text"] for row in rows} <= {record.text}
    found = {row["entity_id"]: Entity.at(int(row["start"]), int(row["end"]), row["label"]) for row in rows}
    assert list(found.values()) == plain(record)
    assert all(row["entity"] == record.text[int(row["start"]) : int(row["end"])] for row in rows)
    said = [row for row in rows if row["stance"]]
    expected = [(s.target, s.label, s.holder or "", str(s.cue.start) if s.cue else "") for s in record.stances]
    assert sorted((r["entity_id"], r["stance"], r["holder_id"], r["cue_start"]) for r in said) == sorted(expected)


@settings(deadline=None)
@given(golds() | annotations())
def test_spans(record):
    """Sentence, entities, stances, holders and cues come back from spans."""
    row = orjson.loads(written("spans", record))
    assert row.pop("annotator") == getattr(record, "annotator", None)
    back = Labeled.from_dict(row)
    assert replace(back, splitter=record.splitter).sentence() == record.sentence()
    assert list(back.entities) == plain(record)
    assert back.stances == tuple(
        Stance(target=s.target, label=s.label, holder=s.holder, cue=s.cue) for s in record.stances
    )


@pytest.mark.parametrize("name", ["conll2003", "conllu"])
def test_a_document_for_each_article(name, article):
    """A document begins where the article changes, and the sentences stay apart."""
    records = [*article("a", "[मोदी|PER] आए।", "वे गए।"), *article("b", "[दिल्ली|LOC] में।")]
    text = written(name, *records)
    assert text.count("-DOCSTART- -X- -X- O\n\n" if name == "conll2003" else "# newdoc id") == 2
    rows = read_columns(text, " " if name == "conll2003" else "\t")
    assert [len(block) for block in rows] == [3, 3, 3]


@pytest.mark.parametrize("name", ON_TOKENS)
@pytest.mark.parametrize(
    ("entities", "reasons"),
    [
        pytest.param([(0, 9, "ORG"), (0, 4, "LOC")], [Reason.OVERLAP], id="nested"),
        pytest.param([(0, 6, "ORG")], [Reason.OFF_TOKEN_BORDER], id="inside-a-token"),
        pytest.param([(4, 5, "ORG")], [Reason.OFF_TOKEN_BORDER], id="only-a-space"),
        pytest.param([(0, 4, "ORG"), (5, 9, "ORG")], [], id="neighbours"),
    ],
)
def test_tags_complain(name, entities, reasons, article):
    """Tags complain of entities that share a token and of such as do not end where tokens do."""
    (record,) = article("a", "नरेश जोशी आए।")
    record = replace(record, entities=tuple(Entity.at(*it) for it in entities))
    assert [it.reason for it in WRITERS[name].complaints(sampled(record))] == reasons


@pytest.mark.parametrize(("name", "count"), [("conll2003", 1), ("conllu", 1), ("bio", 0), ("csv", 0), ("spans", 0)])
def test_white_space_inside_a_token(name, count, article):
    """A space that carries a mark is a token, which columns cannot hold."""
    (record,) = article("a", "क \u093f ख")
    assert " \u093f" in tokens_of(record.text, sampled(record).tokens)
    found = [it.reason for it in WRITERS[name].complaints(sampled(record))]
    assert found == [Reason.WRONG_TEXT] * count


@pytest.mark.parametrize("name", ["conll2003", "conllu"])
def test_a_sentence_without_tokens(name, article):
    """A sentence of invisible signs leaves no trace in columns and is counted."""
    (record,) = article("a", "\u200b")
    assert written(name, record) == ""
    assert WRITERS[name].losses(batch_of(record)) == {Part.TOKENLESS: 1}


@settings(deadline=None)
@given(st.sampled_from(NAMES), annotations())
def test_losses_are_what_a_format_lacks(name, record):
    """Only what the format has no place for is counted as lost."""
    assert set(WRITERS[name].losses(batch_of(record))) <= WRITERS[name].lacks


@settings(deadline=None)
@given(st.lists(golds() | annotations(), max_size=3))
def test_csv_as_python_writes_it(records):
    """Cells have quotes where Python's csv gives them some, and nowhere else."""
    text, again = written("csv", *records), io.StringIO(newline="")
    csv.writer(again).writerows(csv.reader(io.StringIO(text, newline="")))
    assert again.getvalue() == text


@settings(deadline=None)
@given(st.sampled_from(["conll2003", "conllu", "csv", "spans"]), st.lists(on_tokens() | golds(), max_size=5))
def test_batches_do_not_show(name, records):
    """What is written does not depend on how many sentences came at once, those without tokens among them."""
    records = [record for record in records if not list(WRITERS[name].complaints(sampled(record)))]
    out = io.BytesIO()
    WRITERS[name].put([Batch([orjson.loads(record.to_json()) for record in records], Gold, DEFAULT)], out)
    assert out.getvalue().decode() == written(name, *records)


@settings(deadline=None)
@given(st.sampled_from(ON_TOKENS), st.lists(on_tokens() | golds(), max_size=5))
@example("conll2003", [spaced()])
def test_who_is_looked_at(name, records):
    """Whatever a format complains of was among those that it looks at closely; of tags it looks at no other."""
    batch = Batch([orjson.loads(record.to_json()) for record in records], Gold, DEFAULT)
    blamed = [at for at, record in enumerate(records) if list(WRITERS[name].complaints(sampled(record)))]
    suspects = WRITERS[name].suspects(batch)
    assert set(blamed) <= set(suspects)
    if name in ("conll2003", "conllu", "bio", "bioes"):
        assert blamed == suspects
