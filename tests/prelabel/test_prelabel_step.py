"""`prelabel` adds proposals to a file of sentences, which appears whole or not at all."""

from pathlib import Path

import pytest

from annotate import check
from annotate.errors import DataError, Reason, UsageError
from annotate.labels import DEFAULT
from annotate.prelabel import prelabel
from annotate.prelabel.step import prelabel_file
from annotate.records import Prelabeled, Sentence

TEXTS = (
    "प्रधानमंत्री नरेंद्र मोदी ने दिल्ली में कहा।",
    "कांग्रेस ने भाजपा की आलोचना की।",
    "बारिश हुई।",
)


def write_sentences(path: Path, articles: int) -> Path:
    """Write so many articles of the same three sentences each."""
    with path.open("wb") as stream:
        for n in range(articles):
            at = 0
            for index, text in enumerate(TEXTS):
                end = at + len(text)
                stream.write(
                    Sentence(
                        id=f"a{n}:{at}-{end}",
                        article_id=f"a{n}",
                        lang="hi",
                        index=index,
                        start=at,
                        end=end,
                        text=text,
                    ).to_json()
                    + b"\n"
                )
                at = end + 1
    return path


def test_one_line_per_sentence(tmp_path):
    """Each line is the record that `annotate.prelabel` makes, sound by the contract, and the summary counts them."""
    source = write_sentences(tmp_path / "s.jsonl", 3)
    summary = prelabel_file(source, tmp_path / "p.jsonl")
    expected = list(prelabel(check.records(source, Sentence)))
    assert (tmp_path / "p.jsonl").read_bytes() == b"".join(p.to_json() + b"\n" for p in expected)
    assert list(check.faults(tmp_path / "p.jsonl", Prelabeled)) == []
    assert summary.sentences == len(expected) == 9
    assert summary.entities == {
        label: sum(e.label == label for p in expected for e in p.entities) for label in DEFAULT.entity_names
    }
    assert summary.stances == {
        label: sum(s.label == label for p in expected for s in p.stances) for label in DEFAULT.stance_names
    }
    assert sum(summary.entities.values()) > 0
    assert summary.engine == expected[0].engine


def test_jobs_keep_the_order(tmp_path):
    """The file and the counts are the same however many processes work."""
    source = write_sentences(tmp_path / "s.jsonl", 300)
    done = []
    one = prelabel_file(source, tmp_path / "1.jsonl")
    two = prelabel_file(source, tmp_path / "2.jsonl", jobs=2, on_progress=done.append)
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
    assert (one.entities, one.stances, one.engine) == (two.entities, two.stances, two.engine)
    assert len(done) > 3
    assert (done, done[-1]) == (sorted(done), 900)


def test_nothing_to_do(tmp_path):
    """A file without sentences gives a file without lines."""
    (tmp_path / "s.jsonl").touch()
    summary = prelabel_file(tmp_path / "s.jsonl", tmp_path / "p.jsonl")
    assert (tmp_path / "p.jsonl").read_bytes() == b""
    assert (summary.sentences, summary.engine) == (0, None)
    assert set(summary.entities.values()) == {0}


@pytest.mark.parametrize("jobs", [1, 2])
def test_faults_leave_the_file_alone(tmp_path, jobs):
    """With a fault in the source nothing is written under the final name, and what was there stays."""
    source = write_sentences(tmp_path / "s.jsonl", 100)
    with source.open("ab") as stream:
        stream.write(b'{\n{"id": "x"}\n')
    out = tmp_path / "out" / "p.jsonl"
    out.parent.mkdir()
    out.write_text("before")
    with pytest.raises(DataError) as caught:
        prelabel_file(source, out, jobs=jobs)
    assert {(f.line, f.reason) for f in caught.value.faults} >= {(301, Reason.BROKEN_JSON), (302, Reason.MISSING_FIELD)}
    assert out.read_text() == "before"
    assert [path.name for path in out.parent.iterdir()] == ["p.jsonl"]


@pytest.mark.parametrize(
    ("source", "out", "options"),
    [
        pytest.param("s.jsonl", "s.jsonl", {}, id="over-the-source"),
        pytest.param("none.jsonl", "p.jsonl", {}, id="missing"),
        pytest.param("s.jsonl", "s.jsonl/p", {}, id="parent-is-a-file"),
        pytest.param("s.jsonl", "p.jsonl", {"backend": "none-such"}, id="backend"),
        pytest.param("s.jsonl", "p.jsonl", {"stance": "none-such"}, id="stance"),
        pytest.param("s.jsonl", "p.jsonl", {"jobs": 0}, id="jobs"),
    ],
)
def test_wrong_use(tmp_path, source, out, options):
    """What cannot work is refused with exit code 2; the source stays as it is and nothing else appears."""
    before = write_sentences(tmp_path / "s.jsonl", 1).read_bytes()
    with pytest.raises(UsageError):
        prelabel_file(tmp_path / source, tmp_path / out, **options)
    assert (tmp_path / "s.jsonl").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["s.jsonl"]
