"""JSON Lines are read one by one, whatever is wrong with a line, and a file appears whole or not at all."""

import io
import os
import stat
import sys
import threading
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.errors import Fault, Reason, UsageError
from annotate.jsonl import STDIO, Line, name_of, open_in, open_out, read
from tests.strategies import texts

values = st.dictionaries(texts(max_size=3), texts(max_size=4) | st.integers(-9, 9) | st.none(), max_size=3)


def names(folder: Path) -> list[str]:
    """What lies in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


@given(rows=st.lists(values, max_size=5))
def test_round_trip(tmp_path_factory, rows):
    """What is written a record a line is read again, equal and numbered from 1."""
    path = tmp_path_factory.mktemp("jsonl") / "a.jsonl"
    with open_out(path) as sink:
        for row in rows:
            sink.write(orjson.dumps(row) + b"\n")
    assert list(read(path)) == [Line(number, row) for number, row in enumerate(rows, 1)]


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        pytest.param(b"", [], id="empty"),
        pytest.param(b'{"a":1}', [(1, {"a": 1})], id="no-line-break-at-the-end"),
        pytest.param(b'\n{"a":1}\n  \n{"a":2}\n\n', [(2, {"a": 1}), (4, {"a": 2})], id="blank-lines-count"),
        pytest.param(b'{"a":1}\r\n{"a":2}\r\n', [(1, {"a": 1}), (2, {"a": 2})], id="crlf"),
        pytest.param(b'\xef\xbb\xbf{"a":1}\n', [(1, {"a": 1})], id="bom"),
        pytest.param(b"\xef\xbb\xbf\n", [], id="bom-alone"),
        pytest.param(
            '{"a":"\u2028\u0085"}\n{"a":"ॐ"}'.encode(), [(1, {"a": "\u2028\u0085"}), (2, {"a": "ॐ"})], id="ls-nel"
        ),
    ],
)
def test_lines(tmp_path, data, lines):
    """Lines end at a line feed and nowhere else, and carry their number in the file."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(data)
    assert [(line.number, line.data) for line in read(path)] == lines


@pytest.mark.parametrize(
    ("bad", "reason", "words"),
    [
        pytest.param(b'{"a":', Reason.BROKEN_JSON, "unexpected end", id="cut-off"),
        pytest.param(b"{'a': 1}", Reason.BROKEN_JSON, "column", id="single-quotes"),
        pytest.param(b'{"a": NaN}', Reason.BROKEN_JSON, "column", id="nan"),
        pytest.param(b'{"a": "\\ud800"}', Reason.BROKEN_JSON, "surrogate", id="lone-surrogate"),
        pytest.param(b'{"a":1}{"a":2}', Reason.BROKEN_JSON, "column", id="two-on-a-line"),
        pytest.param(b'{"a":' * 300 + b"1" + b"}" * 300, Reason.BROKEN_JSON, "nested too deeply", id="deep"),
        pytest.param(b'{"a":' * 2000 + b"1" + b"}" * 2000, Reason.BROKEN_JSON, "depth limit", id="very-deep"),
        pytest.param(b"[1]", Reason.NOT_A_RECORD, "a JSON list", id="array"),
        pytest.param(b"null", Reason.NOT_A_RECORD, "a JSON NoneType", id="null"),
        pytest.param(
            b'{"a":"\xe9t\xe9"}', Reason.WRONG_ENCODING, "byte 15 of the file (0xe9) is not UTF-8", id="latin-1"
        ),
        pytest.param('{"a":"क"}'.encode()[:8] + b'"}', Reason.WRONG_ENCODING, "byte 15 of the file (0xe0)", id="half"),
        pytest.param('{"a":1}'.encode("utf-16"), Reason.WRONG_ENCODING, "byte 9 of the file (0xff)", id="utf-16"),
    ],
)
def test_a_bad_line_does_not_hide_the_next(tmp_path, bad, reason, words):
    """A line that cannot be decoded is a fault with its place and reason, and the lines around it are read."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a":1}\n' + bad + b'\n{"a":3}\n')
    first, second, third = read(path)
    assert (first, third) == (Line(1, {"a": 1}), Line(3, {"a": 3}))
    assert second.fault is not None
    assert second.fault[:4] == Fault(str(path), 2, "", reason, "")[:4]
    assert words in second.fault.found


def test_wrong_encoding_after_a_bom(tmp_path):
    """The position of a wrong byte counts in the file, byte order mark and all."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a":"\xff"}\n')
    [line] = read(path)
    assert line.fault is not None
    assert line.fault.found == "byte 10 of the file (0xff) is not UTF-8"


def test_stdin(monkeypatch):
    """`-` reads stdin, and faults name it."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"a":1}\n{\n')))
    first, second = read(STDIO)
    assert first == Line(1, {"a": 1})
    assert second.fault is not None
    assert (second.fault.file, name_of(STDIO), name_of(Path("a/b"))) == ("<stdin>", "<stdin>", "a/b")


def test_stdout(capfdbinary):
    """`-` writes to stdout."""
    with open_out(STDIO) as sink:
        sink.write(b"{}\n")
    assert capfdbinary.readouterr().out == b"{}\n"


@pytest.mark.parametrize("name", ["none.jsonl", ".", "file/below"])
def test_what_cannot_be_opened(tmp_path, name):
    """A file that is not there, a folder, and a path through a file are wrong usage, named in the message."""
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=str(tmp_path / name)), open_in(tmp_path / name):
        pass


@pytest.mark.parametrize("name", ["folder", "file/below"])
def test_what_cannot_be_written(tmp_path, name):
    """A folder, and a path through a file, are no place for a file; nothing is left there."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match=name), open_out(tmp_path / name):
        pass
    assert (names(tmp_path), names(tmp_path / "folder")) == (["file", "folder"], [])


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OSError])
@pytest.mark.parametrize("before", [b"before", None])
def test_an_exception_leaves_what_was_there(tmp_path, before, error):
    """When the block ends in an exception the old file stands, or none, and no other is left."""
    path = tmp_path / "new" / "a.jsonl"
    if before is not None:
        path.parent.mkdir()
        path.write_bytes(before)
    with pytest.raises(error), open_out(path) as sink:
        sink.write(b"half")
        sink.flush()
        raise error
    assert names(path.parent) == ([] if before is None else ["a.jsonl"])
    assert before is None or path.read_bytes() == before


def test_a_file_appears_at_the_end(tmp_path):
    """While it is written, the file is not there or is the old one; parent folders are made."""
    path = tmp_path / "a" / "b" / "c.jsonl"
    with open_out(path) as sink:
        sink.write(b"1")
        sink.flush()
        assert not path.exists()
    with open_out(path) as sink:
        sink.write(b"2")
        sink.flush()
        assert path.read_bytes() == b"1"
    assert (path.read_bytes(), names(path.parent)) == (b"2", ["c.jsonl"])


def test_mode_is_that_of_any_new_file(tmp_path):
    """A file that was written can be read by whom the umask lets read it."""
    before = os.umask(0o027)
    try:
        with open_out(tmp_path / "a"):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_a_pipe_stays_a_pipe(tmp_path):
    """What is no regular file, as a pipe or /dev/null, is written to and not replaced."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    with open_out(pipe) as sink:
        sink.write(b"{}\n")
    reader.join()
    assert got == [b"{}\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert names(tmp_path) == ["pipe"]


def test_a_full_disk_is_said():
    """No room left is said in a message that names the place."""
    with pytest.raises(UsageError, match="/dev/full: No space left"), open_out(Path("/dev/full")) as sink:
        sink.write(b"x" * 100_000)


def test_many_brackets_are_no_depth(tmp_path):
    """A line with a thousand small objects is read as any other."""
    row = {"a": [{"b": n} for n in range(1000)]}
    (tmp_path / "a.jsonl").write_bytes(orjson.dumps(row))
    assert list(read(tmp_path / "a.jsonl")) == [Line(1, row)]
