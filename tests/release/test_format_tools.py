"""What other tools' files hold comes back from them, read by the tool's own library or as its documentation says."""

import io
from dataclasses import replace
from zipfile import ZipFile

import orjson
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.errors import Reason
from annotate.labels import DEFAULT
from annotate.records import Annotation, Engine, Entity, Prelabeled, Stance
from annotate.release.bio import entities_of
from annotate.release.formats import WRITERS, Sample, export
from annotate.schema import Schema
from annotate.split import tokenize
from annotate.studio.codec import annotation
from tests.release.test_format_round_trip import batch_of, on_tokens, plain
from tests.strategies import annotations, golds


def sampled(record):
    return Sample(record, tokenize(record.text, record.lang))


def written(name, *records):
    out = io.BytesIO()
    WRITERS[name].put(map(batch_of, records), out)
    return out.getvalue()


def accepted(name, record):
    return not list(WRITERS[name].complaints(sampled(record)))


def said(record):
    """Stances without scores and sources, in an order of their own."""
    found = [Stance(target=s.target, holder=s.holder, label=s.label, cue=s.cue) for s in record.stances]
    return sorted(found, key=repr)


@settings(deadline=None)
@given(on_tokens() | golds() | annotations())
def test_prodigy(record):
    """Tokens, spans, stances, holders and cues come back from Prodigy's JSONL, with indices of tokens that fit."""
    if not accepted("prodigy", record):
        return
    row = orjson.loads(written("prodigy", record))
    tokens = row["tokens"]
    assert row["text"] == record.text
    assert all(record.text[t["start"] : t["end"]] == t["text"] for t in tokens)
    assert [t["id"] for t in tokens] == list(range(len(tokens)))
    for span in row["spans"]:
        assert tokens[span["token_start"]]["start"] == span["start"]
        assert tokens[span["token_end"]]["end"] == span["end"]
    assert [Entity.at(s["start"], s["end"], s["label"]) for s in row["spans"]] == plain(record)
    found = [
        Stance(target=span["id"], holder=s["holder"], label=s["label"], cue=s["cue"] and tuple(s["cue"]))
        for span in row["spans"]
        for s in span["stances"]
    ]
    assert sorted(found, key=lambda s: (s.target, s.holder or "")) == sorted(
        (replace(s, score=None) for s in record.stances), key=lambda s: (s.target, s.holder or "")
    )
    assert row.get("_annotator_id") == getattr(record, "annotator", None)


@settings(deadline=None)
@given(on_tokens() | golds() | annotations())
def test_spacy(record):
    """spaCy reads text to the sign, entities, and in user_data the sentence with its stances."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    if not accepted("spacy", record):
        return
    (doc,) = DocBin().from_bytes(written("spacy", record)).get_docs(Vocab())
    assert doc.text == record.text
    assert [Entity.at(e.start_char, e.end_char, e.label_) for e in doc.ents] == plain(record)
    ours = {t.start for t in sampled(record).tokens}
    assert ours <= {token.idx for token in doc}
    row = doc.user_data["annotate"]
    assert (row["id"], row["annotator"]) == (record.id, getattr(record, "annotator", None))
    assert {(s["target"], s["holder"], s["label"]) for s in row["stances"]} == {
        (s.target, s.holder, s.label) for s in record.stances
    }


@settings(deadline=None)
@given(st.lists(on_tokens() | golds() | annotations(), min_size=1, max_size=3))
def test_conllu(records):
    """The library `conllu` reads sentences, forms, tags, places and stances as they were written."""
    import conllu

    records = [it for it in records if accepted("conllu", it) and sampled(it).tokens]
    parsed = conllu.parse(written("conllu", *records).decode())
    assert len(parsed) == len(records)
    for sentence, record in zip(parsed, records, strict=True):
        tokens = sampled(record).tokens
        assert sentence.metadata["sent_id"] == record.id
        assert [token["form"] for token in sentence] == [record.text[start:end] for start, end in tokens]
        places = [tuple(map(int, token["misc"]["TokenRange"].split(":"))) for token in sentence]
        assert places == [tuple(token) for token in tokens]
        assert entities_of(tokens, [token["misc"]["NER"] for token in sentence]) == plain(record)
        claims = [claim for token in sentence for claim in (token["misc"].get("Stance") or "").split(",") if claim]
        assert len(claims) == len(record.stances)
        spaces = ["" if (token["misc"].get("SpaceAfter") == "No") else " " for token in sentence]
        text = "".join(token["form"] + space for token, space in zip(sentence, spaces, strict=True))
        assert sentence.metadata["text"].strip() == text.strip()


@settings(deadline=None)
@given(st.lists(golds() | annotations(), min_size=1, max_size=3, unique_by=lambda record: record.id))
def test_csv(records):
    """pandas reads a row for each entity and stance, with text to the sign."""
    import pandas as pd

    table = pd.read_csv(io.BytesIO(written("csv", *records)), keep_default_na=False, dtype=str, lineterminator=None)
    texts = {record.id: record.text for record in records}
    for row in table.itertuples():
        start, end = int(row.start), int(row.end)
        assert texts[row.sentence_id][start:end] == row.entity
    assert len(table) == sum(max(1, sum(s.target == e.id for s in it.stances)) for it in records for e in it.entities)


@settings(deadline=None)
@given(on_tokens() | golds())
def test_label_studio(record):
    """Label Studio's annotation comes back through the codec of a pull, less cues and what is NEUTRAL anyway."""
    if not accepted("label-studio", record):
        return
    (task,) = orjson.loads(written("label-studio", record))
    assert (task["data"]["uid"], task["data"]["text"]) == (record.id, record.text)
    fields = {name: getattr(record, name) for name in record.sentence().__dataclass_fields__}
    moment = "2026-01-01T10:00:00Z"
    raw = {
        **task["annotations"][0],
        "id": 1,
        "completed_by": {"email": "a"},
        "created_at": moment,
        "updated_at": moment,
    }
    back = annotation(raw, 1, Prelabeled(**fields, engine=Engine(name="e", version="1")), Schema(Annotation, DEFAULT))
    assert back.complaints == ()
    assert sorted(plain(back.record), key=repr) == sorted(plain(record), key=repr)
    kept = [replace(s, score=None, cue=None) for s in record.stances if s.label != "NEUTRAL"]
    assert said(back.record) == sorted(kept, key=repr)


@settings(deadline=None)
@given(st.lists(golds() | annotations(), max_size=3))
def test_parquet(records):
    """Parquet has the rows of the format `spans`."""
    rows = pq.read_table(io.BytesIO(written("parquet", *records))).to_pylist()
    expected = [orjson.loads(written("spans", record)) for record in records]
    assert rows == expected


def test_parquet_loads_with_datasets(corpus, tmp_path):
    """`datasets` reads the file and finds the features."""
    import datasets

    summary = export(corpus, tmp_path / "gold.parquet", "parquet")
    data = datasets.Dataset.from_parquet(str(tmp_path / "gold.parquet"), cache_dir=str(tmp_path / "cache"))
    assert len(data) == summary.sentences
    assert sum(map(len, data["entities"])) == summary.entities


@settings(deadline=None)
@given(st.lists(golds(), min_size=1, max_size=3))
def test_brat(records):
    """Entities stand at their offsets of the document, with stances as relations and attributes of them."""
    with ZipFile(io.BytesIO(written("brat", *records))) as archive:
        index = [orjson.loads(line) for line in archive.read("sentences.jsonl").splitlines()]
        assert [row["id"] for row in index] == [record.id for record in records]
        for document in {row["document"] for row in index}:
            text = archive.read(f"{document}.txt").decode()
            lines = archive.read(f"{document}.ann").decode().split("\n")[:-1]
            mine = [
                (row["at"], record) for row, record in zip(index, records, strict=True) if row["document"] == document
            ]
            expected, expected_stances, seen = [], [], {}
            for at, record in mine:
                assert text[at : at + len(record.text)] == record.text
                expected += [(e.label, e.start + at, e.end + at) for e in record.entities]
                where = {e.id: (e.label, e.start + at, e.end + at) for e in record.entities}
                expected_stances += [(where[s.target], s.label, where.get(s.holder)) for s in record.stances]
            found_stances = []
            for line in lines:
                name, body, *rest = line.split("\t")
                if name[0] == "T":
                    label, offsets = body.split(" ", 1)
                    parts = [tuple(map(int, part.split())) for part in offsets.split(";")]
                    assert all("\n" not in text[a:b].strip("\n") for a, b in parts)
                    assert len(rest[0]) == len(" ".join(text[a:b] for a, b in parts))
                    seen[name] = (label, parts[0][0], parts[-1][1])
                elif name[0] == "R":
                    label, holder, target = body.split(" ")
                    found_stances.append((seen[target[5:]], label, seen[holder[5:]]))
                else:
                    _, target, label = body.split(" ")
                    found_stances.append((seen[target], label, None))
            assert list(seen.values()) == expected
            assert sorted(found_stances, key=repr) == sorted(expected_stances, key=repr)


def test_brat_has_a_document_for_each_article(article):
    """Documents are named like their articles, and the configuration names every type."""
    records = [
        *article("a", ("[नरेश|PER] ने [एबीसी|ORG] का विरोध किया।", [("एबीसी", "AGAINST", "नरेश")]), "वे गए।"),
        *article("b/1", "[दिल्ली|LOC] में।"),
        *article("b_1", "वे आए।"),
    ]
    with ZipFile(io.BytesIO(written("brat", *records))) as archive:
        names = archive.namelist()
        configuration = archive.read("annotation.conf").decode()
    assert [name for name in names if name.endswith(".txt")] == ["a.txt", "b_1.txt", "b_1.2.txt"]
    assert "[entities]\nLOC\nORG\nPER\n" in configuration
    assert "AGAINST\tArg1:<ENTITY>, Arg2:<ENTITY>" in configuration


@pytest.mark.parametrize("name", ["brat", "parquet"])
def test_a_pipe_gets_the_same_bytes(name, article, tmp_path):
    """Where the result cannot be revisited, it is the same as in a file."""

    class Pipe(io.RawIOBase):
        data = b""

        def writable(self):
            return True

        def write(self, data):
            self.data += bytes(data)
            return len(data)

    records, pipe = article("a", "[दिल्ली|LOC] में।"), Pipe()
    WRITERS[name].put(map(batch_of, records), pipe)
    assert pipe.data == written(name, *records)


@pytest.mark.parametrize("name", ["prodigy", "spacy"])
def test_entities_that_share_a_token(name, article):
    """Tools whose entities stand side by side get no nested ones."""
    (record,) = article("a", "नरेश जोशी आए।")
    record = replace(record, entities=(Entity.at(0, 9, "ORG"), Entity.at(0, 4, "LOC")))
    assert [it.reason for it in WRITERS[name].complaints(sampled(record))] == [Reason.OVERLAP]
