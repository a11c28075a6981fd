"""What other tools' files hold becomes gold, or every fault is named and nothing is written."""

import io
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import orjson
import pytest
import typer
from hypothesis import given, settings
from typer.testing import CliRunner

from annotate.check import records
from annotate.cli import import_ as command
from annotate.errors import DataError, Reason, UsageError
from annotate.labels import DEFAULT
from annotate.records import Entity, Gold, Stance
from annotate.release.formats import READERS, WRITERS, export, import_gold
from annotate.release.formats.read_conll import read_conll
from annotate.release.formats.reader import Job
from tests.release.test_format_round_trip import on_tokens, plain
from tests.release.test_format_tools import accepted, said, sampled, written
from tests.strategies import golds

STANCE = ("[नरेश|PER] ने [एबीसी|ORG] का विरोध किया।", [("एबीसी", "AGAINST", "नरेश")])
UNFILLED = "\t".join(["1", "नरेश", *["_"] * 7, ""])  # a token of CoNLL-U up to MISC
FORMATS = {name: name for name in READERS} | {"conll": "conll2003"}


def there_and_back(name, record):
    """A record through a file of the format."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "source", Path(folder) / "gold.jsonl"
        source.write_bytes(written(name, record))
        summary = import_gold(source, out, name)
        (back,) = records(out, Gold)
        return back, summary


def imported(tmp_path, name, content, **options):
    source, out = tmp_path / "source", tmp_path / "gold.jsonl"
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    summary = import_gold(source, out, name, **options)
    return list(records(out, Gold)), summary


@settings(deadline=None)
@given(golds() | on_tokens())
def test_brat(record):
    """The sentence, entities, stances and holders come back from brat."""
    back, summary = there_and_back("brat", record)
    assert back.sentence() == replace(record.sentence(), splitter=None)
    assert (plain(back), summary.left_out) == (plain(record), {})
    assert said(back) == sorted((replace(s, score=None, cue=None) for s in record.stances), key=repr)


@settings(deadline=None)
@given(golds() | on_tokens())
def test_prodigy(record):
    """The sentence, entities, stances, holders and cues come back from Prodigy."""
    if not accepted("prodigy", record):
        return
    back, summary = there_and_back("prodigy", record)
    assert back.sentence() == replace(record.sentence(), splitter=None)
    assert (plain(back), said(back), summary.left_out) == (plain(record), said(record), {})


@settings(deadline=None)
@given(golds() | on_tokens())
def test_spacy(record):
    """The sentence, entities, stances, holders and cues come back from a DocBin."""
    if not accepted("spacy", record):
        return
    back, summary = there_and_back("spacy", record)
    assert back.sentence() == replace(record.sentence(), splitter=None)
    assert (plain(back), said(back), summary.left_out) == (plain(record), said(record), {})


@settings(deadline=None)
@given(golds() | on_tokens())
def test_conllu(record):
    """Place, tokens, entities, stances and holders come back from CoNLL-U; between tokens there are spaces."""
    if not accepted("conllu", record) or not (tokens := sampled(record).tokens):
        return
    back, summary = there_and_back("conllu", record)
    for name in ("id", "article_id", "start", "end", "kind"):
        assert getattr(back, name) == getattr(record, name)
    assert [back.text[a:b] for a, b in tokens] == [record.text[a:b] for a, b in tokens]
    assert [len(back.text), len("".join(back.text.split()))] == [len(record.text), sum(b - a for a, b in tokens)]
    assert (plain(back), summary.left_out) == (plain(record), {})
    assert said(back) == sorted((replace(s, score=None, cue=None) for s in record.stances), key=repr)


def test_anybodys_conllu(tmp_path):
    """A treebank with NER in MISC: documents are articles, words of one token and empty nodes are not tokens."""

    def line(number, form, misc="_"):
        return "\t".join([number, form, *["_"] * 7, misc])

    first = [
        "# newdoc",
        "# sent_id = s1",
        "# text = नरेशने नई दिल्ली देखी।",
        line("1-2", "नरेशने", "NER=B-PER"),
        line("1", "नरेश"),
    ]
    first += [line("2", "ने"), line("3", "नई", "NER=B-LOC"), line("4", "दिल्ली", "NER=I-LOC"), line("4.1", "को")]
    first += [line("5", "देखी", "SpaceAfter=No"), line("6", "।")]
    second = ["# sent_id = s2", line("1", "वे", "SpaceAfter=No"), line("2", "।")]
    found, _ = imported(tmp_path, "conllu", "\n".join([*first, "", *second, ""]), lang="mr")
    assert [(it.text, it.start, it.index, it.lang) for it in found] == [
        ("नरेशने नई दिल्ली देखी।", 0, 0, "mr"),
        ("वे।", 23, 1, "mr"),
    ]
    assert [found[0].text[e.start : e.end] for e in found[0].entities] == ["नरेशने", "नई दिल्ली"]
    assert found[0].article_id == found[1].article_id


def test_a_language_without_rules(tmp_path):
    """Nothing could be made of gold in it."""
    with pytest.raises(UsageError, match="lang 'xx'"):
        imported(tmp_path, "conll", "नरेश B-PER\n", lang="xx")


def docbin(*docs):
    """Documents as spaCy's own library writes them."""
    from spacy.tokens import DocBin

    made = DocBin()
    for doc in docs:
        made.add(doc)
    return made.to_bytes()


def test_anybodys_docbin(tmp_path):
    """A Doc is an article: of its own sentences, or of ours where it marks none."""
    import spacy
    from spacy.tokens import Doc, Span

    vocab = spacy.blank("hi").vocab
    words = ["नरेश", "आए", "।", "वे", "दिल्ली", "गए", "।"]
    marked = Doc(vocab, words, sent_starts=[True, False, False, True, False, False, False])
    marked.set_ents([Span(marked, 0, 1, "PER"), Span(marked, 4, 5, "LOC", kb_id="Q1353")])
    marked.spans["sc"] = [Span(marked, 0, 2, "PER")]
    whole = Doc(vocab, words)
    whole.set_ents([Span(whole, 2, 4, "ORG"), Span(whole, 4, 5, "LOC")])
    found, summary = imported(tmp_path, "spacy", docbin(marked), lang="mr")
    assert [(it.text, it.lang, it.index) for it in found] == [("नरेश आए ।", "mr", 0), ("वे दिल्ली गए ।", "mr", 1)]
    assert [[it.text[e.start : e.end] for e in it.entities] for it in found] == [["नरेश"], ["दिल्ली"]]
    assert summary.left_out == {"entities of span groups": 1, "links of entities": 1}
    found, summary = imported(tmp_path, "spacy", docbin(whole))
    assert [(it.start, len(it.entities)) for it in found] == [(0, 0), (10, 1)]
    assert summary.left_out == {"entities that are in no one sentence": 1}


def test_what_was_corrected_in_spacy(tmp_path, article):
    """Entities of the Doc have the last word; a stance toward one that is gone is a fault."""
    import spacy
    from spacy.tokens import DocBin

    (record,) = article("a", STANCE)
    (doc,) = DocBin().from_bytes(written("spacy", record)).get_docs(spacy.blank("hi").vocab)
    doc.set_ents([doc.char_span(0, 4, "ORG"), *doc.ents[1:]])
    with pytest.raises(DataError) as refused:
        imported(tmp_path, "spacy", docbin_with_data(doc))
    assert [fault.reason for fault in refused.value.faults] == [Reason.DANGLING_HOLDER]
    doc.user_data["annotate"]["stances"] = []
    (back,), _ = imported(tmp_path, "spacy", docbin_with_data(doc))
    assert [e.label for e in back.entities] == ["ORG", "ORG"]


def docbin_with_data(doc):
    """A document with what stands in its `user_data`."""
    from spacy.tokens import DocBin

    made = DocBin(store_user_data=True)
    made.add(doc)
    return made.to_bytes()


@settings(deadline=None)
@given(golds() | on_tokens())
def test_label_studio(record):
    """The sentence, entities and stances other than NEUTRAL come back from Label Studio's JSON."""
    if not accepted("label-studio", record):
        return
    back, _ = there_and_back("label-studio", record)
    assert back.sentence() == replace(record.sentence(), splitter=None)
    assert sorted(plain(back), key=repr) == sorted(plain(record), key=repr)
    kept = [replace(s, score=None, cue=None) for s in record.stances if s.label != "NEUTRAL"]
    assert said(back) == sorted(kept, key=repr)


@settings(deadline=None)
@given(on_tokens())
def test_conll(record):
    """Tokens and entities come back from CoNLL-2003 as a text with one space between tokens."""
    tokens = sampled(record).tokens
    if not tokens or not accepted("conll2003", record):
        return
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        source.write_bytes(written("conll2003", record))
        (item,) = read_conll(Job(source, "hi", DEFAULT, Counter()))
    words = [record.text[token.start : token.end] for token in tokens]
    assert item.data["text"] == " ".join(words)
    expected = [
        (e.label, " ".join(record.text[t.start : t.end] for t in tokens if e.start <= t.start < e.end))
        for e in record.entities
    ]
    assert [(e["label"], item.data["text"][e["start"] : e["end"]]) for e in item.data["entities"]] == expected


@pytest.mark.parametrize("name", tuple(READERS))
def test_the_shipped_corpus(name, corpus, tmp_path):
    """All sentences and entities of the shipped corpus come back, the same file each time."""
    export(corpus, tmp_path / "theirs", FORMATS[name])
    summary = import_gold(tmp_path / "theirs", tmp_path / "one.jsonl", name)
    assert summary == import_gold(tmp_path / "theirs", tmp_path / "two.jsonl", name)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    before = list(records(corpus, Gold))
    assert (summary.sentences, summary.entities) == (len(before), sum(len(it.entities) for it in before))
    if name != "conll":
        after = records(tmp_path / "one.jsonl", Gold)
        assert sorted(it.id for it in after) == sorted(it.id for it in before)


def test_anybodys_brat(tmp_path):
    """A folder without our list of sentences is split; gold has no events, notes and entities across sentences."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    text = "नरेश ने एबीसी का विरोध किया। वे दिल्ली गए।"
    (folder / "a.txt").write_text(text, "utf-8")

    def at(word):
        start = text.index(word)
        return f"{start} {start + len(word)}"

    lines = [
        f"T1\tPER {at('नरेश')}\tनरेश",
        f"T2\tORG {at('एबीसी')}\tएबीसी",
        f"T3\tLOC {at('दिल्ली')}\tदिल्ली",
        f"T4\tORG {at('किया। वे')}\tकिया। वे",
        "R1\tAGAINST Arg1:T1 Arg2:T2",
        "R2\tFAVOR Arg1:T1 Arg2:T3",
        "A1\tStance T3 FAVOR",
        "E1\tMove:T3 Who:T1",
        "#1\tAnnotatorNotes T1\tsure?",
    ]
    (folder / "a.ann").write_text("\n".join(lines) + "\n", "utf-8")
    summary = import_gold(folder, tmp_path / "gold.jsonl", "brat")
    first, second = records(tmp_path / "gold.jsonl", Gold)
    assert [first.text[e.start : e.end] for e in first.entities] == ["नरेश", "एबीसी"]
    assert [(s.target, s.label, s.holder) for s in first.stances] == [
        (first.entities[1].id, "AGAINST", first.entities[0].id)
    ]
    assert second.stances == (Stance(target=second.entities[0].id, label="FAVOR"),)
    assert summary.left_out == {
        "entities that are in no one sentence": 1,
        "relations, attributes, events and notes of other kinds": 2,
        "stances whose ends are not in one sentence": 1,
    }


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        pytest.param(["B-PER", "I-PER", "O"], ["नरेश जोशी"], id="bio"),
        pytest.param(["I-PER", "I-PER", "O"], ["नरेश जोशी"], id="iob"),
        pytest.param(["B-PER", "E-PER", "O"], ["नरेश जोशी"], id="bioes"),
        pytest.param(["S-PER", "S-PER", "O"], ["नरेश", "जोशी"], id="single"),
        pytest.param(["B-PER", "I-LOC", "O"], ["नरेश", "जोशी"], id="another-type"),
    ],
)
def test_tags(tags, expected, tmp_path):
    """BIO, IOB and BIOES are all understood, with tabs or spaces."""
    for apart in ("\t", " "):
        lines = [f"{token}{apart}{tag}\n" for token, tag in zip(["नरेश", "जोशी", "आए"], tags, strict=True)]
        (record,), _ = imported(tmp_path, "conll", "".join(lines))
        assert [record.text[e.start : e.end] for e in record.entities] == expected


def test_anybodys_prodigy(tmp_path):
    """Rejected examples and relations are counted, a text without ids is an article by itself."""
    rows = [
        {"text": "नरेश आए।", "spans": [{"start": 0, "end": 4, "label": "PER"}], "answer": "accept", "relations": [{}]},
        {"text": "वे गए।", "spans": [], "answer": "reject"},
    ]
    (record,), summary = imported(tmp_path, "prodigy", b"\n".join(map(orjson.dumps, rows)), lang="mr")
    assert (record.lang, record.start, record.entities) == ("mr", 0, (Entity.at(0, 4, "PER"),))
    assert summary.left_out == {"examples that were not accepted": 1, "relations": 1}


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("prodigy", '{"text": "क", "spans": [{"start": 0}]}', Reason.SCHEMA, id="prodigy-span"),
        pytest.param("spacy", "no DocBin", Reason.UNREADABLE, id="no-docbin"),
        pytest.param("prodigy", "{", Reason.BROKEN_JSON, id="prodigy-json"),
        pytest.param(
            "prodigy",
            '{"text": "क", "spans": [{"start": 0, "end": 9, "label": "PER"}]}',
            Reason.OFFSET_OUT_OF_TEXT,
            id="far",
        ),
        pytest.param(
            "prodigy",
            '{"text": "क", "spans": [{"start": 0, "end": 1, "label": "X"}]}',
            Reason.UNKNOWN_LABEL,
            id="label",
        ),
        pytest.param("prodigy", '{"text": "क"}\n{"text": "क"}', Reason.DUPLICATE_ID, id="twice"),
        pytest.param("conll", "नरेश\n", Reason.WRONG_TAG, id="conll-column"),
        pytest.param("conllu", "1\tनरेश\tB-PER\n", Reason.WRONG_TAG, id="conllu-column"),
        pytest.param("conllu", UNFILLED + "NER=PER\n", Reason.WRONG_TAG, id="conllu-tag"),
        pytest.param("conllu", UNFILLED + "_\n", Reason.WRONG_TAG, id="conllu-without-names"),
        pytest.param("conllu", UNFILLED + "NER=O|Stance=FAVOR\n", Reason.DANGLING_TARGET, id="conllu-stance"),
        pytest.param("conll", "नरेश X-PER\n", Reason.WRONG_TAG, id="conll-tag"),
        pytest.param("label-studio", "{}", Reason.NOT_A_RECORD, id="studio-object"),
        pytest.param("label-studio", "[1]", Reason.SCHEMA, id="studio-task"),
        pytest.param(
            "label-studio",
            '[{"data": {"text": "क"}, "annotations": [{"result": []}, {"result": []}]}]',
            Reason.UNRESOLVED,
            id="studio-two",
        ),
    ],
)
def test_faults(name, content, reason, tmp_path):
    """A fault is named with its reason, and nothing is written."""
    with pytest.raises(DataError) as caught:
        imported(tmp_path, name, content)
    assert {fault.reason for fault in caught.value.faults} == {reason}
    assert not (tmp_path / "gold.jsonl").exists()


def test_broken_standoff(tmp_path):
    """A line that is no standoff and a text that is missing are faults; a file that is no archive is a usage error."""
    archive = io.BytesIO()
    with ZipFile(archive, "w") as file:
        file.writestr("a.txt", "क\n")
        file.writestr("a.ann", "T1 PER\n")
        file.writestr("b.ann", "")
    with pytest.raises(DataError) as caught:
        imported(tmp_path, "brat", archive.getvalue())
    assert [fault.reason for fault in caught.value.faults] == [Reason.SCHEMA, Reason.MISSING_FIELD]
    with pytest.raises(UsageError):
        imported(tmp_path, "brat", b"no archive")


def test_the_command(article, write, tmp_path):
    """What gold has no place for is said on stderr; the help names the formats."""
    app = typer.Typer(rich_markup_mode=None)
    app.command()(command.import_)
    export(write(article("a", STANCE)), tmp_path / "a.zip", "brat")
    ran = CliRunner().invoke(app, [str(tmp_path / "a.zip"), "--from", "brat", "-o", str(tmp_path / "back.jsonl")])
    assert (ran.exit_code, "1 sentences, 2 entities, 1 stances" in ran.stderr) == (0, True)
    parameter = next(it for it in typer.main.get_command(app).params if it.name == "format")
    assert parameter.help == f"One of {', '.join(READERS)}."
    assert set(FORMATS.values()) <= set(WRITERS)
