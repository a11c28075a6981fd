"""The ledger remembers what was intended and what is done, per project."""

import sqlite3

import pytest

from annotate.errors import UsageError
from annotate.studio.ledger import Counts, Ledger

MADE = "2026-03-14T10:00:00+00:00"


def test_intended_then_done(tmp_path, sentences):
    """What is settled is done and keeps the record it was pushed with."""
    with Ledger.open(tmp_path / "l", 1, MADE, "t") as book:
        book.intend(sentences)
        book.settle({sentences[0].id: 11})
        assert book.counts() == Counts(done=1, intended=3)
        assert book.done([s.id for s in sentences]) == {sentences[0].id: sentences[0].to_json()}
        assert book.pushed(sentences[1].id) == sentences[1]
        assert book.pushed("nobody") is None


def test_what_is_done_stays_done(tmp_path, sentences):
    """Intending again neither undoes a task nor changes the record it was pushed with."""
    with Ledger.open(tmp_path / "l", 1, MADE, "t") as book:
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


def test_a_failed_transaction_leaves_nothing(tmp_path, sentences):
    """Either all of a batch is intended or none of it."""

    def broken():
        yield sentences[0]
        raise KeyboardInterrupt

    with Ledger.open(tmp_path / "l", 1, MADE, "t") as book:
        with pytest.raises(KeyboardInterrupt):
            book.intend(broken())
        with pytest.raises(sqlite3.IntegrityError):
            book._db.execute("INSERT INTO task VALUES (1, 'x', 'lost', NULL, '')")
        assert book.counts() == Counts(0, 0)


def test_a_file_that_is_no_ledger(tmp_path):
    """The message names the file."""
    (tmp_path / "l").write_text("not a database, and long enough to look like one " * 20, "utf-8")
    with pytest.raises(UsageError, match=r"l: .*not a database"), Ledger.open(tmp_path / "l", 1, MADE, "t"):
        pass
    with pytest.raises(UsageError, match="not a database"):
        Ledger.summary(tmp_path / "l")


def test_no_ledger_is_no_error(tmp_path):
    """Before the first push there is nothing to say, and asking makes no file."""
    assert Ledger.summary(tmp_path / "none") == {}
    assert not (tmp_path / "none").exists()
