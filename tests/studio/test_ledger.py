"""The ledger remembers what was intended, what is done and what came back, per project."""

import sqlite3
from dataclasses import replace

import orjson
import pytest

from annotate.errors import Unfinished, UsageError
from annotate.records import Prelabeled
from annotate.relabel import Change
from annotate.studio.ledger import Counts, Ledger, Returned, files, migrated, schema

MADE = "2026-03-14T10:00:00+00:00"


@pytest.fixture
def book(tmp_path):
    with Ledger.open(tmp_path / "l", 1, MADE, "t") as opened:
        yield opened


def test_intended_then_done(book, sentences):
    """What is settled is done and keeps the record it was pushed with."""
    book.intend(sentences, 17.5)
    book.settle({sentences[0].id: 11})
    assert book.counts() == Counts(done=1, intended=3)
    rows = book.rows([s.id for s in sentences] + ["nobody"])
    assert {uid: (row.state, row.task_id, row.record, row.sent_at) for uid, row in rows.items()} == {
        s.id: ("intended", None, s.to_json(), 17.5) for s in sentences
    } | {sentences[0].id: ("done", 11, sentences[0].to_json(), 17.5)}
    assert book.intended() == {s.id for s in sentences[1:]}
    assert book.pushed(sentences[1].id) == sentences[1]
    assert book.pushed("nobody") is None


def test_what_is_done_stays_done(book, sentences):
    """Intending again neither undoes a task nor changes the record it was pushed with."""
    book.intend(sentences[:1])
    book.settle({sentences[0].id: 11})
    book.intend(sentences[:1])
    assert book.counts() == Counts(1, 0)


def test_projects_are_told_apart(tmp_path, sentences):
    """Another server's project of the same number is another project."""
    with Ledger.open(tmp_path / "l", 1, MADE, "here") as book:
        book.intend(sentences)
    with Ledger.open(tmp_path / "l", 1, "2027-01-01T00:00:00+00:00", "there") as book:
        assert book.counts() == Counts(0, 0)
    with Ledger.open(tmp_path / "l", 1, MADE, "renamed") as book:
        assert book.counts() == Counts(0, 4)
    assert Ledger.summary(tmp_path / "l") == {"renamed": Counts(0, 4)}


def test_a_failed_transaction_leaves_nothing(book, sentences):
    """Either all of a batch is intended or none of it."""

    def broken():
        yield sentences[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        book.intend(broken())
    with pytest.raises(sqlite3.IntegrityError):
        book._db.execute("INSERT INTO task (project, uid, state, record) VALUES (1, 'x', 'lost', '')")
    assert book.counts() == Counts(0, 0)


def test_a_full_disk_is_said_and_undone(tmp_path, sentences):
    """What does not fit is not half there; the message says what to do, and afterwards it goes on."""
    path = tmp_path / "l"
    with pytest.raises(Unfinished, match=r"disk is full; make room"), Ledger.open(path, 1, MADE, "t") as book:
        book.intend(sentences[:1])
        pages = book._db.execute("PRAGMA page_count").fetchone()[0]
        book._db.execute(f"PRAGMA max_page_count = {pages}")
        book.intend(replace(sentences[1], id=f"n-{n}") for n in range(500))
    with Ledger.open(path, 1, MADE, "t") as book:
        assert book.counts() == Counts(0, 1)


def test_a_file_that_is_no_ledger(tmp_path):
    """The message names the file, and says how to go on without it."""
    (tmp_path / "l").write_text("not a database, and long enough to look like one " * 20, "utf-8")
    with (
        pytest.raises(UsageError, match=r"l: .*not a database; move it away, and annotate push"),
        Ledger.open(tmp_path / "l", 1, MADE, "t"),
    ):
        pass
    with pytest.raises(UsageError, match="not a database; move it away"):
        Ledger.summary(tmp_path / "l")


def test_no_ledger_is_no_error(tmp_path):
    """Before the first push there is nothing to say, and asking makes no file."""
    assert Ledger.summary(tmp_path / "none") == {}
    assert list(Ledger.prelabels(tmp_path / "none")) == []
    assert not (tmp_path / "none").exists()


def test_one_command_at_a_time(tmp_path, monkeypatch):
    """A second push or pull of the workspace waits, and says so when it waited in vain."""
    monkeypatch.setattr(files, "_LOCK_S", 0.1)
    second = Ledger.open(tmp_path / "l", 1, MADE, "t")
    with Ledger.open(tmp_path / "l", 1, MADE, "t"), pytest.raises(Unfinished, match="another annotate command"), second:
        pass


OLD = """
CREATE TABLE project (
    key INTEGER PRIMARY KEY, id INTEGER NOT NULL, created_at TEXT NOT NULL, title TEXT NOT NULL, UNIQUE (id, created_at)
) STRICT;
CREATE TABLE task (
    project INTEGER NOT NULL REFERENCES project (key),
    uid TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('intended', 'done')),
    task_id INTEGER,
    record BLOB NOT NULL,
    PRIMARY KEY (project, uid)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
"""


def test_a_ledger_of_the_first_version_is_upgraded(tmp_path, sentences):
    """What was done and intended is so still, and the ledger can do what is new."""
    path = tmp_path / "l"
    old = sqlite3.connect(path)
    old.executescript(OLD)
    old.execute("INSERT INTO project VALUES (1, 1, ?, 't')", (MADE,))
    for number, (sentence, state) in enumerate(zip(sentences, ("done", "done", "intended", "intended"), strict=True)):
        task_id = number + 10 if state == "done" else None
        old.execute("INSERT INTO task VALUES (1, ?, ?, ?, ?)", (sentence.id, state, task_id, sentence.to_json()))
    old.commit()
    old.close()
    assert [record.id for record in Ledger.prelabels(path)] == [s.id for s in sentences[:2]]
    with Ledger.open(path, 1, MADE, "t") as book:
        assert book.counts() == Counts(2, 2)
        assert book.known() == {10: sentences[0].id, 11: sentences[1].id}
        assert book.pushed(sentences[3].id) == sentences[3]
        book.miss([10])
        assert book.counts() == Counts(1, 2, 1)
    with Ledger.open(path, 1, MADE, "t") as book:
        assert book.counts() == Counts(1, 2, 1)


def test_a_ledger_of_the_second_version_is_upgraded(tmp_path, sentences):
    """Its records are those of before any migration of the label set, the replaced ones too."""
    path = tmp_path / "l"
    old = sqlite3.connect(path)
    for statement in (schema._PROJECT, schema._TASK, *schema._REST, "PRAGMA user_version = 2"):
        old.execute(statement)
    old.execute("INSERT INTO project (key, id, created_at, title) VALUES (1, 1, ?, 't')", (MADE,))
    task = "INSERT INTO task (project, uid, state, task_id, record) VALUES (1, ?, 'done', 10, ?)"
    old.execute(task, (sentences[1].id, sentences[1].to_json()))
    former = "INSERT INTO former (project, uid, until, record) VALUES (1, ?, ?, ?)"
    old.execute(former, (sentences[1].id, MADE, sentences[1].to_json()))
    old.commit()
    old.close()
    assert list(Ledger.prelabels(path)) == [sentences[1]] * 2
    before = Ledger.digest(path)
    with Ledger.open(path, 1, MADE, "t") as book:
        assert book.passed == ()
        assert book.rows([sentences[1].id])[sentences[1].id].epoch == 0
    assert Ledger.digest(path) == before
    migrated(path, RENAME)
    (shown, now) = Ledger.prelabels(path)
    assert shown == now == Prelabeled.from_dict(RENAME.apply(orjson.loads(sentences[1].to_json())).data)


RENAME = Change(versions=("1", "2"), before={"PER": True}, after={"PERSON": True}, entities={"PER": "PERSON"})


def test_a_record_knows_which_labels_it_was_written_with(tmp_path, sentences):
    """What is sent after a migration is not translated, and what was sent before it is, however it is asked for."""
    path = tmp_path / "l"
    with Ledger.open(path, 1, MADE, "t") as book:
        book.intend(sentences[1:2])
        book.settle({sentences[1].id: 10})
    migrated(path, RENAME)
    after = Prelabeled.from_dict(RENAME.apply(orjson.loads(sentences[2].to_json())).data)
    with Ledger.open(path, 1, MADE, "t") as book:
        book.intend([after])
        book.settle({after.id: 11})
        rows = book.rows([sentences[1].id, after.id])
        assert (rows[sentences[1].id].epoch, rows[after.id].epoch) == (0, 1)
        assert book.pushed(sentences[1].id) == sentences[1]
        assert [entity.label for entity in book.now(rows[sentences[1].id]).entities] == ["PERSON", "PERSON"]
        assert book.now(rows[after.id]) == after
        renamed = book.now(rows[sentences[1].id])
        book.plan([renamed])
        book.replaced({renamed.id: "2026-03-15T10:00:00Z"})
        assert book.rows([renamed.id])[renamed.id].epoch == 1
        assert [one.since for one in book.passed] == [None]
        book.arrive("2026-03-15T10:00:00Z")
        assert [one.since for one in book.passed] == ["2026-03-15T10:00:00Z"]
    assert {record.id for record in Ledger.prelabels(path)} == {renamed.id, after.id}
    assert {entity.label for record in Ledger.prelabels(path) for entity in record.entities} == {"PERSON"}
    assert Ledger.seen(path, 1, MADE)[0].change == RENAME
    assert Ledger.seen(path, 2, MADE) is None


def test_the_digest_is_of_what_it_holds(tmp_path, sentences):
    """The same sendings give the same digest in any file and order; a task, a state or a migration more is another."""
    digests = []
    for name, order in (("one", sentences), ("two", sentences[::-1])):
        with Ledger.open(tmp_path / name, 1, MADE, "t") as book:
            for sentence in order:
                book.intend([sentence])
            book.settle({sentence.id: n for n, sentence in enumerate(sentences, 1)})
        digests.append(Ledger.digest(tmp_path / name))
    assert digests[0] == digests[1]
    with Ledger.open(tmp_path / "one", 1, MADE, "t") as book:
        book.pulled(MADE, "reading")  # when it was asked last is no part of what was sent
    assert Ledger.digest(tmp_path / "one") == digests[0]
    with Ledger.open(tmp_path / "one", 1, MADE, "t") as book:
        book.miss([1])
    migrated(tmp_path / "two", RENAME)
    digests += [Ledger.digest(tmp_path / "one"), Ledger.digest(tmp_path / "two")]
    assert len(set(digests)) == 3


def test_a_ledger_of_a_later_version_is_left_alone(tmp_path):
    """What it may say cannot be known."""
    later = sqlite3.connect(tmp_path / "l")
    later.execute("PRAGMA user_version = 99")
    later.close()
    with pytest.raises(UsageError, match="later version"), Ledger.open(tmp_path / "l", 1, MADE, "t"):
        pass


@pytest.fixture
def done(book, sentences):
    """A ledger that knows all sentences to be on the server as tasks 1 to 4."""
    book.intend(sentences)
    book.settle({sentence.id: number for number, sentence in enumerate(sentences, 1)})
    return book


def test_a_task_that_is_gone_leaves_a_tombstone(done, sentences):
    """What people made of it goes, the sentence and what it was pushed with stay known."""
    done.take([Returned(1, b"raw", b"line\n", b"", {"submitted": 1})], [])
    done.miss([1])
    assert (done.counts(), list(done.lines())) == (Counts(3, 0, 1), [])
    assert done.pushed(sentences[0].id) == sentences[0]


def test_an_id_that_was_given_out_again(done, sentences):
    """Label Studio on SQLite gives the id of the last task out again; the sentence that had it is gone."""
    assert done.meet({4: "somebody-else"}) == 0
    assert done.counts() == Counts(3, 0, 1)
    assert done.known() == {1: sentences[0].id, 2: sentences[1].id, 3: sentences[2].id, 4: "somebody-else"}


def test_a_second_copy_takes_the_place_of_the_first(done, sentences):
    """When the first is deleted, the sentence is still there."""
    assert done.meet({9: sentences[0].id, 10: None}) == 0
    assert (done.copies(ours=False), done.copies(ours=True)) == ({9: sentences[0].id}, {})
    done.doubt([sentences[0].id])
    assert (done.copies(ours=False), done.copies(ours=True)) == ({}, {9: sentences[0].id})
    done.miss([1])
    assert done.counts() == Counts(4, 0)
    assert done.rows([sentences[0].id])[sentences[0].id].task_id == 9
    assert (done.count_known(), done.highest()) == (5, 10)


def test_what_is_awaited_is_met(book, sentences):
    """An intention is settled when its task turns up; what nobody sent is a stray until a push claims it."""
    book.intend(sentences[:1])
    assert book.meet({5: sentences[0].id, 6: sentences[1].id}) == 1
    assert (book.counts(), book.strays([s.id for s in sentences])) == (Counts(1, 0), {sentences[1].id: 6})
    book.intend(sentences[1:2])
    book.settle({sentences[1].id: 6})
    assert (book.counts(), book.count_known(), book.strays([sentences[1].id])) == (Counts(2, 0), 2, {})


def test_what_left_the_input(done, sentences):
    """Left is what was not given; a new push starts afresh."""
    done.give([s.id for s in sentences[:2]])
    assert done.left() == {sentences[2].id: 3, sentences[3].id: 4}
    done.forget([sentences[2].id])
    assert done.counts() == Counts(3, 0)


def test_replaced_pre_labels_are_remembered(done, sentences, tmp_path):
    """Until when they were shown says which of them an annotator saw."""
    new = replace(sentences[0], entities=())
    done.plan([new])
    assert done.rows([new.id])[new.id].next == new.to_json()
    done.replaced({new.id: "2026-03-15T10:00:00Z"})
    assert done.former(new.id) == [("2026-03-15T10:00:00Z", sentences[0])]
    assert done.pushed(new.id) == new
    assert done.versions() == {"test/1"}
    assert [r.to_json() for r in Ledger.prelabels(tmp_path / "l") if r.id == new.id] == [
        sentences[0].to_json(),
        new.to_json(),
    ]
