"""A file of records is checked whole: by the schema, and by what a schema cannot say."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.check import article_texts, complaints, faults, records
from annotate.errors import DataError, Reason, UsageError
from annotate.labels import DEFAULT, EntityLabel, LabelSet, StanceLabel
from annotate.records import Annotation, Article, Gold, Prelabeled, Sentence
from annotate.schema import KINDS, Schema
from tests.strategies import annotations, articles, golds, prelabeleds, sentences

TEXT = "मोदी ने कांग्रेस की आलोचना की।"
ARTICLE_TEXT = f"शीर्षक\n{TEXT}"
END = 7 + len(TEXT)


def sentence(**other):
    """A sound sentence, with what differs."""
    plain = {"id": f"n-1:7-{END}", "article_id": "n-1", "lang": "hi", "index": 1, "start": 7, "end": END}
    return {**plain, "text": TEXT, "kind": "sentence", **other}


def entity(start, end, label="PER", **other):
    """An entity, with what differs."""
    return {"id": f"e{start}-{end}-{label}", "start": start, "end": end, "label": label, **other}


MODI, CONGRESS = entity(0, 4), entity(8, 16, "ORG")
AGAINST = {"target": CONGRESS["id"], "label": "AGAINST", "holder": MODI["id"], "cue": [20, 26]}


def prelabeled(entities=(MODI, CONGRESS), stances=(AGAINST,), **other):
    """A sound pre-label, with what differs."""
    labelled = {"entities": list(entities), "stances": list(stances), "engine": {"name": "rules", "version": "1"}}
    return sentence(**{**labelled, **other})


def annotation(**other):
    """A sound annotation, with what differs."""
    plain = {k: v for k, v in prelabeled().items() if k != "engine"}
    made = {"created_at": "2026-01-01T10:00:00Z", "updated_at": "2026-01-01T10:00:00+05:30", "outcome": "submitted"}
    return {**plain, "annotator": "a", "annotation_id": 1, "task_id": 1, **made, **other}


def write(path, *lines):
    """Write records, or bytes as they are, a line each."""
    rows = (line if isinstance(line, bytes) else orjson.dumps(line) for line in lines)
    path.write_bytes(b"".join(row + b"\n" for row in rows))
    return path


# name -> a line with one thing wrong, its reason, and words of the message
BROKEN = {
    "cut-off": (b'{"id": "n-1:7-37"', Reason.BROKEN_JSON, "unexpected end"),
    "latin-1": (b'{"id": "\xe9"}', Reason.WRONG_ENCODING, "0xe9"),
    "array": ([1, 2], Reason.NOT_A_RECORD, "list"),
    "no-text": ({k: v for k, v in prelabeled().items() if k != "text"}, Reason.MISSING_FIELD, "'text'"),
    "no-engine-name": (prelabeled(engine={"version": "1"}), Reason.MISSING_FIELD, "engine: 'name'"),
    "unknown-field": (prelabeled(mood="x"), Reason.SCHEMA, "'mood'"),
    "negative": (prelabeled(index=-1), Reason.SCHEMA, "index"),
    "decimal-point": (prelabeled(index=1.0), Reason.SCHEMA, "index: 1.0"),
    "decimal-start": (prelabeled(start=7.0), Reason.SCHEMA, "start: 7.0"),
    "decimal-entity": (prelabeled([entity(0, 4.0)], []), Reason.SCHEMA, "entities[0].end: 4.0"),
    "decimal-cue": (prelabeled(stances=[{**AGAINST, "cue": [20.0, 26]}]), Reason.SCHEMA, "stances[0].cue[0]: 20.0"),
    "beyond-any-integer": (prelabeled([entity(0, 1e30)], []), Reason.SCHEMA, "entities[0].end"),
    "entity-label": (prelabeled([entity(0, 4, "PERS")], []), Reason.UNKNOWN_LABEL, "'PERS' (known: PER, ORG, LOC)"),
    "stance-label": (
        prelabeled(stances=[{**AGAINST, "label": "LOVE"}]),
        Reason.UNKNOWN_LABEL,
        "'LOVE' (known: FAVOR, AGAINST, NEUTRAL)",
    ),
    "sentence-id": (prelabeled(id="n-1:8-37"), Reason.WRONG_ID, f"n-1:7-{END}"),
    "id-of-another": (prelabeled(article_id="n-2", id=f"n-1:7-{END}"), Reason.WRONG_ID, f"n-2:7-{END}"),
    "empty-sentence": (prelabeled(end=7, id="n-1:7-7"), Reason.EMPTY_SPAN, "7-7"),
    "text-too-short": (prelabeled(text=TEXT[:-1]), Reason.WRONG_TEXT, "30 code points, the text has 29"),
    "not-the-article": (prelabeled(text=TEXT.replace("मोदी", "राहु")), Reason.WRONG_TEXT, "the article has"),
    "beyond-the-article": (
        prelabeled(start=8, end=END + 1, id=f"n-1:8-{END + 1}"),
        Reason.OFFSET_OUT_OF_TEXT,
        "in an article of 37 code points",
    ),
    "entity-beyond-text": (prelabeled([entity(25, 99)], []), Reason.OFFSET_OUT_OF_TEXT, "25-99 in a text of 30"),
    "cue-beyond-text": (prelabeled(stances=[{**AGAINST, "cue": [20, 99]}]), Reason.OFFSET_OUT_OF_TEXT, "20-99"),
    "empty-entity": (prelabeled([entity(4, 4)], []), Reason.EMPTY_SPAN, "4-4"),
    "backward-entity": (prelabeled([entity(4, 0)], []), Reason.EMPTY_SPAN, "4-0"),
    "empty-cue": (prelabeled(stances=[{**AGAINST, "cue": [20, 20]}]), Reason.EMPTY_SPAN, "cue of e8-16-ORG: 20-20"),
    "matra-cut-off": (prelabeled([entity(0, 3)], []), Reason.SPLITS_AKSHARA, "3 is inside an akshara of 'मोद'"),
    "begins-with-matra": (prelabeled([entity(1, 4)], []), Reason.SPLITS_AKSHARA, "1 is inside an akshara"),
    "cut-conjunct": (prelabeled([entity(8, 14, "ORG")], []), Reason.SPLITS_AKSHARA, "14 is inside an akshara"),
    "cue-cuts-matra": (prelabeled(stances=[{**AGAINST, "cue": [22, 26]}]), Reason.SPLITS_AKSHARA, "cue of e8-16-ORG"),
    "entity-id": (prelabeled([{**MODI, "id": "e1"}], []), Reason.WRONG_ID, "e1: the contract says e0-4-PER"),
    "entity-twice": (prelabeled([MODI, MODI], []), Reason.DUPLICATE_ID, "e0-4-PER stands twice"),
    "target": (prelabeled([MODI], [{"target": "e8-16-ORG", "label": "FAVOR"}]), Reason.DANGLING_TARGET, "e8-16-ORG"),
    "holder": (prelabeled([CONGRESS], [AGAINST]), Reason.DANGLING_HOLDER, "e0-4-PER is no entity"),
    "stance-twice": (prelabeled(stances=[AGAINST, AGAINST]), Reason.DUPLICATE_STANCE, "e0-4-PER toward e8-16-ORG"),
    "stance-of-nobody-twice": (
        prelabeled(stances=[{"target": "e0-4-PER", "label": "FAVOR"}, {"target": "e0-4-PER", "label": "AGAINST"}]),
        Reason.DUPLICATE_STANCE,
        "nobody toward e0-4-PER",
    ),
}
# Reasons that belong to reading articles, to Label Studio, or to a release, and are tested there.
ELSEWHERE = {
    *(Reason.EMPTY_ARTICLE, Reason.UNREADABLE, Reason.BAD_RESULT, Reason.UNKNOWN_TASK),
    *(Reason.OVERLAP, Reason.OFF_TOKEN_BORDER, Reason.LEAKAGE, Reason.MISMATCH),
    *(Reason.CLASS_MISSING, Reason.WRONG_TAG, Reason.UNRESOLVED, Reason.UNKNOWN_LANGUAGE),
}


def found_in(path, **options):
    """The faults of a file against the article, without what they found."""
    return [fault[1:4] for fault in faults(path, articles={"n-1": ARTICLE_TEXT, "n-2": "x" * 99}, **options)]


@pytest.mark.parametrize(("line", "reason", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_one_thing_wrong(tmp_path, line, reason, words):
    """Each way to break the contract is one fault with file, line, id, reason and what was found."""
    path = write(tmp_path / "p.jsonl", line)
    [fault] = faults(path, Prelabeled, articles={"n-1": ARTICLE_TEXT})
    name = line["id"] if isinstance(line, dict) else ""
    assert fault[:4] == (str(path), 1, name, reason)
    assert words in fault.found


def test_every_reason_has_its_record():
    """No reason stands outside the table, but those of other rooms."""
    assert {reason for _, reason, _ in BROKEN.values()} | ELSEWHERE == set(Reason)


def test_all_faults_of_a_file(tmp_path):
    """Every fault of a file is listed on its line, in order; what is sound comes through in between."""
    lines = [line for line, _, _ in BROKEN.values()]
    sound = [prelabeled(article_id=f"m-{n}", id=f"m-{n}:7-{END}") for n in range(len(lines))]
    path = write(tmp_path / "p.jsonl", *(row for pair in zip(sound, lines, strict=True) for row in pair))
    expected = [(2 * n, reason) for n, (_, reason, _) in enumerate(BROKEN.values(), 1)]
    found = list(faults(path, Prelabeled, articles={"n-1": ARTICLE_TEXT}))
    first_of_a_line = {fault.line: fault.reason for fault in reversed(found)}
    assert sorted(first_of_a_line.items()) == expected
    assert [fault.line for fault in found] == sorted(fault.line for fault in found)
    # Nearly all of the broken lines share one id, which is a second fault of theirs.
    assert {fault.reason for fault in found if first_of_a_line[fault.line] != fault.reason} <= {Reason.DUPLICATE_ID}

    good = []
    with pytest.raises(DataError) as caught:
        good.extend(record.id for record in records(path, Prelabeled))
    alone = list(faults(path, Prelabeled))
    assert caught.value.faults == tuple(alone)
    assert len(good) == 2 * len(lines) - len({fault.line for fault in alone})
    assert {row["id"] for row in sound} <= set(good)


@pytest.mark.parametrize("line", [line for line, _, _ in BROKEN.values()], ids=BROKEN.keys())
def test_validation_does_not_break(tmp_path, line):
    """A broken line of one record type is read as any other type without an exception that is not ours."""
    path = write(tmp_path / "p.jsonl", line)
    for kind in KINDS.values():
        assert all(fault.line == 1 for fault in faults(path, kind))


@given(data=st.data())
def test_sound_records_have_no_fault(tmp_path_factory, data):
    """Records as the contract wants them pass, with any text, and come back equal."""
    path = tmp_path_factory.mktemp("sound") / "r.jsonl"
    for kind, made in (
        *((Article, articles()), (Sentence, sentences()), (Prelabeled, prelabeleds())),
        *((Annotation, annotations()), (Gold, golds())),
    ):
        record = data.draw(made)
        path.write_bytes(record.to_json() + b"\n")
        assert list(faults(path)) == []
        assert list(records(path, kind)) == [record]


def test_several_faults_of_one_record(tmp_path):
    """A record that breaks several rules has a fault for each."""
    line = prelabeled(
        [entity(0, 3), entity(25, 99), CONGRESS, CONGRESS], [{**AGAINST, "holder": "e9"}], index=0, id="n-1:0-1"
    )
    path = write(tmp_path / "p.jsonl", line)
    assert [fault.reason for fault in faults(path)] == [
        Reason.WRONG_ID,
        Reason.SPLITS_AKSHARA,
        Reason.OFFSET_OUT_OF_TEXT,
        Reason.DUPLICATE_ID,
        Reason.DANGLING_HOLDER,
    ]


@given(data=st.data())
def test_quick_verdicts_are_those_of_the_contract(tmp_path_factory, data):
    """A record that the schema lets pass has exactly the faults that the contract names, whatever was changed in it."""
    path = tmp_path_factory.mktemp("changed") / "r.jsonl"
    kind, made = data.draw(
        st.sampled_from([(Prelabeled, prelabeleds()), (Gold, golds()), (Annotation, annotations())]), label="kind"
    )
    record = orjson.loads(data.draw(made).to_json())
    places = [record, *record["entities"], *record["stances"]]
    place = data.draw(st.sampled_from(places))
    field = data.draw(st.sampled_from(sorted(place)))
    ids = [entity["id"] for entity in record["entities"]]
    numbers = st.integers(0, len(record["text"]) + 1)
    number = numbers | numbers.map(float)
    values = {"cue": st.lists(number, min_size=2, max_size=2), "entities": st.just(record["entities"] * 2)}
    values |= {"stances": st.just(record["stances"] * 2), "text": st.just(record["text"] + "x")}
    place[field] = data.draw(values.get(field, number | st.sampled_from([*ids, "e0-1-PER", "x:0-1"])))
    path.write_bytes(orjson.dumps(record) + b"\n")
    if Schema(kind, DEFAULT).fits(record):
        assert [fault[3:] for fault in faults(path, kind)] == list(complaints(record, kind, {}))


def test_ids_stand_once(tmp_path):
    """An id that stands before is a fault on the later line, which names the earlier one."""
    path = write(tmp_path / "s.jsonl", sentence(), b"", sentence(), sentence())
    assert [(f.line, f.reason, f.found) for f in faults(path)] == [
        (3, Reason.DUPLICATE_ID, "stands on line 1 already"),
        (4, Reason.DUPLICATE_ID, "stands on line 1 already"),
    ]


def test_annotations_share_a_sentence(tmp_path):
    """Several people annotate one sentence: only the same annotation twice is a fault."""
    path = write(tmp_path / "a.jsonl", annotation(), annotation(annotation_id=2), annotation(annotation_id=1))
    assert found_in(path) == [(3, f"n-1:7-{END}", Reason.DUPLICATE_ID)]


def test_an_annotation_id_of_any_kind(tmp_path):
    """What is no number is a fault of the schema, even where it could be no key."""
    path = write(tmp_path / "a.jsonl", annotation(annotation_id={}), annotation(annotation_id=[1]))
    assert {(fault.line, fault.reason) for fault in faults(path)} == {(1, Reason.SCHEMA), (2, Reason.SCHEMA)}


@pytest.mark.parametrize("moment", ["2026-13-01T10:00:00Z", "2026-02-30T10:00:00Z", "2026-01-01T25:00:00Z"])
@pytest.mark.parametrize("field", ["created_at", "updated_at"])
def test_time_stamps_are_moments(tmp_path, field, moment):
    """A time stamp that no calendar or clock has is a fault."""
    path = write(tmp_path / "a.jsonl", annotation(**{field: moment}))
    [fault] = faults(path)
    assert fault.reason is Reason.SCHEMA
    assert fault.found.startswith(f"{field}: '{moment}'")


def test_articles_are_compared_where_known(tmp_path):
    """A sentence of an article that was not given is checked by itself."""
    path = write(tmp_path / "s.jsonl", sentence(text=TEXT.replace("मोदी", "राहु")))
    assert found_in(path) == [(1, f"n-1:7-{END}", Reason.WRONG_TEXT)]
    assert list(faults(path)) == list(faults(path, articles={"n-9": "x"})) == []


def test_article_texts(tmp_path):
    """Texts are taken from files of articles and from no other file; what is broken in them is passed over."""
    first = write(
        tmp_path / "a.jsonl", b"{", {"id": "n-1", "text": "क", "lang": "hi"}, {"id": 3, "text": "ख"}, {"id": "n-2"}
    )
    second = write(tmp_path / "s.jsonl", sentence())
    third = write(tmp_path / "b.jsonl", {"id": "n-3", "text": "ग"}, b"\xff")
    assert article_texts([first, second, third]) == {"n-1": "क", "n-3": "ग"}


def test_labels_are_those_of_the_campaign(tmp_path):
    """A label is unknown when the campaign's label set does not have it."""
    labels = LabelSet(entities=(EntityLabel("PARTY"),), stances=(StanceLabel("NEUTRAL"),))
    path = write(tmp_path / "p.jsonl", prelabeled([entity(8, 16, "PARTY")], []), prelabeled([MODI], [], id="n-1:0-9"))
    assert found_in(path, labels=labels) == [(2, "n-1:0-9", Reason.UNKNOWN_LABEL)]


def test_records_of_one_kind(tmp_path):
    """Where one record type is asked for, a line of another is a fault; it is not read as the other."""
    path = write(tmp_path / "p.jsonl", prelabeled(), sentence(id="n-1:0-5", start=0, end=5, text="शीर्ष"))
    reader = records(path, Prelabeled)
    assert next(reader).id == f"n-1:7-{END}"
    with pytest.raises(DataError) as caught:
        next(reader)
    assert {(fault.line, fault.reason) for fault in caught.value.faults} == {(2, Reason.NOT_A_RECORD)}


def test_the_first_readable_line_tells_the_kind(tmp_path):
    """Without a kind, the first line that can be decoded says what the file holds."""
    path = write(tmp_path / "x.jsonl", b"{", annotation(), sentence(id="n-1:0-5", start=0, end=5, text="शीर्ष"))
    assert {fault.line for fault in faults(path)} == {1, 3}


def test_a_missing_file_is_wrong_usage(tmp_path):
    """A file that is not there is no fault of the data."""
    with pytest.raises(UsageError, match=r"none\.jsonl"):
        list(faults(tmp_path / "none.jsonl"))


def test_a_sentence_in_a_file_of_articles(tmp_path):
    """To an article's schema a sentence would be an article with fields to ignore."""
    article = {"id": "n-1", "text": "क", "lang": "hi"}
    path = write(tmp_path / "a.jsonl", article, sentence(id="n-1:0-5", start=0, end=5, text="शीर्ष"))
    assert [(fault.line, fault.reason) for fault in faults(path)] == [(2, Reason.NOT_A_RECORD)]


def test_the_wrong_file_is_said_once(tmp_path):
    """A file of which every line is of another kind is one fault, not one a line."""
    path = write(tmp_path / "a.jsonl", *({"id": f"n-{n}", "text": "क", "lang": "hi"} for n in range(9)))
    with pytest.raises(DataError, match="so are the other 8 lines") as caught:
        list(records(path, Sentence))
    assert len(caught.value.faults) == 1


def test_a_quarantine_file_is_told(tmp_path):
    """What pull put aside is no file of annotations."""
    path = write(tmp_path / "q.jsonl", {"id": "x", "task_id": 1, "annotation_id": 2, "reasons": [], "annotation": {}})
    (fault,) = faults(path)
    assert (fault.reason, "quarantined" in fault.found) == (Reason.NOT_A_RECORD, True)
