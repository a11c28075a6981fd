"""`split` streams articles into a file of sentences that appears whole or not at all."""

import subprocess
import sys
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate import check
from annotate.articles import read
from annotate.errors import DataError, MissingExtra, Reason, UsageError
from annotate.records import Article, Sentence
from annotate.split import SPLITTER_VERSION, segment, sentences
from annotate.split.step import split_files

TEXT = (
    "मौसम का हाल\n\nनई दिल्ली, 3 मार्च। वह आया। \u201cक्या तुम जाओगे?\u201d उसने पूछा।\r\n\u00a0फिर\u200d वह गया \U0001f600।"
)


def write_articles(path: Path, count: int, text: str = TEXT) -> Path:
    """Write so many different articles as JSON Lines."""
    with path.open("wb") as stream:
        for n in range(count):
            stream.write(orjson.dumps({"id": f"a{n}", "text": f"{text} यह लेख क्रमांक {n} है।"}) + b"\n")
    return path


def test_one_line_per_sentence(tmp_path):
    """Each line is the sentence record that `annotate.split.sentences` makes, in its own encoding."""
    source = write_articles(tmp_path / "in.jsonl", 3)
    summary = split_files([source], tmp_path / "out.jsonl")
    articles = [Article(lang="hi", **orjson.loads(line)) for line in source.read_bytes().splitlines()]
    expected = [replace(sentence, splitter=SPLITTER_VERSION) for article in articles for sentence in sentences(article)]
    assert (tmp_path / "out.jsonl").read_bytes() == b"".join(s.to_json() + b"\n" for s in expected)
    assert (summary.articles, summary.sentences) == (3, len(expected))
    assert summary.headings == sum(s.kind == "heading" for s in expected)
    assert summary.datelines == sum(s.kind == "dateline" for s in expected) == 3
    assert summary.splitter == SPLITTER_VERSION


def test_result_is_sound(tmp_path):
    """What is written passes every check of the contract, against the articles written beside it."""
    split_files([write_articles(tmp_path / "in.jsonl", 5)], tmp_path / "s.jsonl", articles_out=tmp_path / "a.jsonl")
    texts = {article.id: article.text for article in check.records(tmp_path / "a.jsonl", Article)}
    assert len(texts) == 5
    assert list(check.faults(tmp_path / "s.jsonl", Sentence, articles=texts)) == []


def test_articles_out_converges(tmp_path):
    """The articles as written, read again, give the same articles and the same sentences."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    first, second = tmp_path / "1", tmp_path / "2"
    split_files([tmp_path / "in"], first / "s.jsonl", articles_out=first / "a.jsonl")
    split_files([first / "a.jsonl"], second / "s.jsonl", articles_out=second / "a.jsonl")
    for name in ("s.jsonl", "a.jsonl"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_summary(tmp_path):
    """Duplicates, empty articles and files of another kind are counted and named."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in {"a.txt": "वह आया।", "b.txt": "वह आया।", "c.txt": " \n", "d.docx": "x"}.items():
        (folder / name).write_text(text, "utf-8")
    summary = split_files([folder], tmp_path / "out.jsonl")
    assert (summary.articles, summary.sentences) == (1, 1)
    assert [d.where for d in summary.duplicates] == [str(folder / "b.txt")]
    assert summary.empty == (str(folder / "c.txt"),)
    assert summary.skipped_files == {".docx": 1}
    assert summary.seconds > 0


def test_wrapped(tmp_path):
    """Hard-wrapped text is split only where sentences end."""
    (tmp_path / "a.txt").write_text("वह घर\nगया था। फिर वह\nलौट आया।", "utf-8")
    assert split_files([tmp_path / "a.txt"], tmp_path / "out.jsonl", wrapped=True).sentences == 2


def test_jobs_keep_the_order(tmp_path):
    """The file is the same however many processes split, also when articles differ widely in length."""
    source = tmp_path / "in.jsonl"
    with source.open("wb") as stream:
        for n in range(90):
            text = TEXT * (400 if n % 7 == 0 else 1) + str(n)
            stream.write(orjson.dumps({"id": f"a{n}", "text": text}) + b"\n")
    done = []
    one = split_files([source], tmp_path / "1.jsonl")
    two = split_files([source], tmp_path / "2.jsonl", jobs=2, on_progress=done.append)
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
    assert (one.sentences, one.headings, one.datelines) == (two.sentences, two.headings, two.datelines)
    assert len(done) > 2
    assert (done, done[-1]) == (sorted(done), 90)
    lines = map(orjson.loads, (tmp_path / "2.jsonl").read_bytes().splitlines())
    assert [article for article, _ in groupby(line["article_id"] for line in lines)] == [f"a{n}" for n in range(90)]


def test_jobs_see_the_same_duplicates(tmp_path):
    """Articles that repeat, next to each other or far apart, are left out of both files whoever split them."""
    source = tmp_path / "in.jsonl"
    with source.open("wb") as stream:
        for n in range(120):
            text = TEXT * 60 + str(n % 50)
            stream.write(orjson.dumps({"id": f"a{n}", "text": text if n % 9 else " "}) + b"\n")
    runs = [
        split_files([source], tmp_path / f"{jobs}s.jsonl", articles_out=tmp_path / f"{jobs}a.jsonl", jobs=jobs)
        for jobs in (1, 2)
    ]
    assert (tmp_path / "1s.jsonl").read_bytes() == (tmp_path / "2s.jsonl").read_bytes()
    assert (tmp_path / "1a.jsonl").read_bytes() == (tmp_path / "2a.jsonl").read_bytes()
    assert runs[0] == replace(runs[1], seconds=runs[0].seconds)
    kept = {article.id for article in check.records(tmp_path / "1a.jsonl", Article)}
    assert {s.article_id for s in check.records(tmp_path / "1s.jsonl", Sentence)} == kept
    assert (len(kept), len(runs[0].empty), len(runs[0].duplicates)) == (50, 14, 56)


@pytest.mark.parametrize("jobs", [1, 2])
def test_faults_leave_the_files_alone(tmp_path, jobs):
    """With a fault anywhere nothing is written under the final names, what was there stays, and no scrap is left."""
    source = write_articles(tmp_path / "in.jsonl", 50)
    with source.open("ab") as stream:
        stream.write(b'{\n{"text": 1}\n')
    out, copies = tmp_path / "out" / "s.jsonl", tmp_path / "out" / "a.jsonl"
    out.parent.mkdir()
    out.write_text("before")
    with pytest.raises(DataError) as caught:
        split_files([source], out, articles_out=copies, jobs=jobs)
    assert [(f.line, f.reason) for f in caught.value.faults] == [(51, Reason.BROKEN_JSON), (52, Reason.SCHEMA)]
    assert out.read_text() == "before"
    assert [path.name for path in out.parent.iterdir()] == ["s.jsonl"]


def test_strict(tmp_path):
    """Strict turns an empty article into a fault; otherwise it is passed over."""
    (tmp_path / "a.txt").write_text("\n", "utf-8")
    assert split_files([tmp_path / "a.txt"], tmp_path / "out.jsonl").sentences == 0
    with pytest.raises(DataError, match="empty-article"):
        split_files([tmp_path / "a.txt"], tmp_path / "out.jsonl", strict=True)


@pytest.mark.parametrize("jobs", [1, 2])
def test_unknown_language_of_an_article(tmp_path, jobs):
    """An article in a language without rules is a fault at its place, not the end of the run."""
    source = write_articles(tmp_path / "in.jsonl", 2)
    with source.open("ab") as stream:
        stream.write('{"id": "x", "text": "वह आया।", "lang": "xx"}\n'.encode())
    with pytest.raises(DataError) as caught:
        split_files([source], tmp_path / "out.jsonl", jobs=jobs)
    [fault] = caught.value.faults
    assert (fault.line, fault.id, fault.reason) == (3, "x", Reason.SCHEMA)
    assert "lang: 'xx' (known: as, " in fault.found


@pytest.mark.parametrize("jobs", [1, 2])
def test_missing_extra(tmp_path, monkeypatch, jobs):
    """A page without the package that reads pages is refused with the line that installs it, whoever would read it."""
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    (tmp_path / "a.html").write_text("<p>x</p>", "utf-8")
    with pytest.raises(MissingExtra, match="html"):
        split_files([tmp_path / "a.html"], tmp_path / "out.jsonl", jobs=jobs)
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


@given(
    st.text(
        st.sampled_from(
            "क \n\t\r\u00a0\u00ad\u200b\u200c\u200d\u200e\u2060\u2063\u2066\u061c\u180e\ufeff\u034f\x1c\x85"
        )
    )
)
def test_empty_means_without_a_sentence(tmp_path_factory, text):
    """An article is called empty exactly when the splitter finds nothing in it."""
    path = tmp_path_factory.mktemp("any") / "a.txt"
    path.write_bytes(text.encode())
    articles = read([path])
    assert bool(list(articles)) == bool(segment(text))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param({"lang": "xx"}, "'xx'", id="language"),
        pytest.param({"jobs": 0}, "0 jobs", id="jobs"),
        pytest.param({"out": "in.jsonl"}, "would be written over", id="over-the-source"),
        pytest.param({"articles_out": "out.jsonl"}, "cannot go to the same file", id="same-file"),
        pytest.param({"source": ".", "out": "x.jsonl"}, "lies in a folder that is read", id="inside-the-source"),
        pytest.param({"out": "in.jsonl/x"}, "in.jsonl", id="parent-is-a-file"),
        pytest.param({"source": "none.jsonl"}, "no such file", id="missing"),
    ],
)
def test_wrong_use(tmp_path, options, said):
    """What cannot work is refused with exit code 2 and a message that names it, and the source stays as it is."""
    source = write_articles(tmp_path / "in.jsonl", 1)
    before = source.read_bytes()
    paths = {name: tmp_path / options.get(name, name_else) for name, name_else in _PATHS.items()}
    if "articles_out" not in options:
        paths["articles_out"] = None
    rest = {name: value for name, value in options.items() if name not in _PATHS}
    with pytest.raises(UsageError) as caught:
        split_files([paths["source"]], paths["out"], articles_out=paths["articles_out"], **rest)
    assert said in str(caught.value)
    assert source.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl"]


_PATHS = {"source": "in.jsonl", "out": "out.jsonl", "articles_out": ""}


def test_memory_is_flat(tmp_path):
    """Sixteen times the articles do not take noticeably more memory: what stays of each is its id and a digest."""
    peaks = [peak_bytes(write_articles(tmp_path / f"{n}.jsonl", n, TEXT * 30)) for n in (500, 8_000)]
    assert (tmp_path / "8000.jsonl").stat().st_size > 50_000_000
    assert peaks[1] - peaks[0] < 8_000_000


def peak_bytes(source: Path) -> int:
    """The most memory that a fresh process had resident while it split the file."""
    # VmHWM rather than ru_maxrss, which a child takes over from the process that started it.
    program = (
        "import sys; from pathlib import Path; from annotate.split.step import split_files\n"
        "split_files([Path(sys.argv[1])], Path(sys.argv[1]).with_suffix('.out'))\n"
        "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    )
    done = subprocess.run([sys.executable, "-c", program, source], capture_output=True, check=True)
    return int(done.stdout) * 1024
