"""Articles are read as they are, from every format, each one once, and all faults are told together."""

import io
import sys
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.articles import Duplicate, read
from annotate.errors import DataError, Reason, UsageError
from annotate.records import article_id

HINDI = "दिल्ली में बारिश हुई।"
OTHER = "मुंबई में धूप रही।"


def write(path: Path, *lines: object) -> Path:
    """Write objects as JSON Lines."""
    path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    return path


def faults_of(articles):
    """Read to the end and give the faults."""
    with pytest.raises(DataError) as caught:
        list(articles)
    return list(caught.value.faults)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param("वह आया।\nवह गया।".encode(), "वह आया।\nवह गया।", id="utf-8"),
        pytest.param(b"\xef\xbb\xbf" + HINDI.encode(), HINDI, id="bom"),
        pytest.param("वह आया।\r\nवह गया।\r".encode(), "वह आया।\r\nवह गया।\r", id="crlf"),
        pytest.param("वह\u00a0आया\u200d।\u2028".encode(), "वह\u00a0आया\u200d।\u2028", id="nbsp-zwj-ls"),
        pytest.param("\n\n  वह आया। \n\n".encode(), "\n\n  वह आया। \n\n", id="white-space-around"),
        pytest.param("क\u093c क़".encode(), "क\u093c क़", id="nfd-and-nfc"),
    ],
)
def test_text_is_kept(tmp_path, data, text):
    """A text file is one article, whose text is all of the file but the byte order mark."""
    (tmp_path / "a.txt").write_bytes(data)
    [article] = read([tmp_path / "a.txt"])
    assert (article.text, article.id, article.lang) == (text, article_id(text), "hi")
    assert article.meta == {"file": "a.txt"}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_given_text_comes_back(tmp_path_factory, text):
    """Whatever a text holds, JSONL, CSV and plain text hand it over unchanged, with the id the contract computes."""
    folder = tmp_path_factory.mktemp("any")
    (folder / "a.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())
    write(folder / "a.jsonl", {"text": text})
    quoted = text.replace('"', '""')
    (folder / "a.csv").write_bytes(f'text\n"{quoted}"\n'.encode())
    for name in ("a.txt", "a.jsonl", "a.csv"):
        articles = read([folder / name])
        assert [(a.text, a.id) for a in articles] == ([] if articles.empty else [(text, article_id(text))])


def test_jsonl_fields(tmp_path):
    """An article record keeps its fields, takes the id of its text and the language of the call where it has none."""
    path = write(
        tmp_path / "a.jsonl",
        {"id": "n1", "text": HINDI, "lang": "mr", "title": "मौसम", "url": "u", "meta": {"desk": 3}, "author": "x"},
        {"text": OTHER, "id": None},
    )
    first, second = read([path], lang="bho")
    assert (first.id, first.lang, first.title, first.url, first.meta) == ("n1", "mr", "मौसम", "u", {"desk": 3})
    assert (second.id, second.lang, second.title) == (article_id(OTHER), "bho", None)


def test_stdin(monkeypatch):
    """`-` is JSONL on stdin, and faults name it so."""
    data = orjson.dumps({"text": HINDI}) + b"\n{\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    articles = read([Path("-")])
    assert next(articles).text == HINDI
    [fault] = faults_of(articles)
    assert (fault.file, fault.line, fault.reason) == ("<stdin>", 2, Reason.BROKEN_JSON)


def test_csv(tmp_path):
    """Rows become articles: named columns, known columns beside them, cells with line breaks, empty cells as absent."""
    (tmp_path / "a.csv").write_bytes(
        f'\ufeffnr,body,title,url,desk\r\nn1,"वह आया।\r\n""हाँ"", कहा।",मौसम,http://x,7\r\n\r\n,{OTHER},,,\r\n'.encode()
    )
    first, second = read([tmp_path / "a.csv"], text_column="body", id_column="nr")
    assert (first.id, first.text, first.title, first.url) == ("n1", 'वह आया।\r\n"हाँ", कहा।', "मौसम", "http://x")
    assert (second.id, second.text, second.title, second.url) == (article_id(OTHER), OTHER, None, None)


def test_csv_with_a_very_long_cell(tmp_path):
    """An article longer than the csv module's own limit is read, and the limit is put back."""
    import csv

    before = csv.field_size_limit()
    (tmp_path / "a.csv").write_text(f"text\n{HINDI * 50_000}\n", "utf-8")
    [article] = read([tmp_path / "a.csv"])
    assert len(article.text) == len(HINDI) * 50_000
    assert csv.field_size_limit() == before


def test_parquet(tmp_path):
    """Rows become articles; whole numbers serve as ids, dates become ISO 8601, an empty cell is an empty article."""
    import datetime

    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "nr": pa.array([7, 8, None], pa.int64()),
            "body": pa.array([HINDI, None, OTHER], pa.large_string()).dictionary_encode(),
            "published": pa.array([datetime.date(2026, 11, 23), None, None]),
            "tokens": [["a"], ["b"], ["c"]],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    articles = read([tmp_path / "a.parquet"], text_column="body", id_column="nr")
    first, second = articles
    assert (first.id, first.text, first.published) == ("7", HINDI, "2026-11-23")
    assert (second.id, second.text, second.published) == (article_id(OTHER), OTHER, None)
    assert articles.empty == [f"{tmp_path / 'a.parquet'}:2"]


def test_html(tmp_path):
    """A page gives the article's paragraphs, and the title, address and date that it states."""
    pytest.importorskip("trafilatura")
    paragraphs = "".join(f"<p>{HINDI} आज शहर के कई हिस्सों में पानी भर गया और यातायात रुका रहा। ({n})</p>" for n in range(5))
    (tmp_path / "a.html").write_text(
        "<html lang='hi'><head><meta charset='utf-8'><title>मौसम</title>"
        "<meta property='og:title' content='दिल्ली में बारिश'>"
        "<meta property='og:url' content='https://example.org/a'>"
        "<meta property='article:published_time' content='2026-07-01T10:00:00+05:30'></head><body>"
        f"<nav><a href='/'>मुखपृष्ठ</a></nav><article><h1>दिल्ली में बारिश</h1>{paragraphs}</article></body></html>",
        "utf-8",
    )
    [article] = read([tmp_path / "a.html"])
    assert article.text.count(HINDI) == 5
    assert "मुखपृष्ठ" not in article.text
    assert (article.title, article.url, article.published) == ("दिल्ली में बारिश", "https://example.org/a", "2026-07-01")
    assert article.meta == {"file": "a.html"}


BLOCKS = [
    "शीर्षक यहाँ",
    "राम ने दिल्ली में कहा कि पानी\u00a0भर गया।",
    "फिर वह घर गया।",
    "उपशीर्षक",
    "पहला बिंदु यहाँ है",
    "दूसरा बिंदु यहाँ है",
    "उद्धरण भी यहाँ है।",
    "नाम",
    "अंक",
    "अंतिम पैरा यहाँ है।",
]
PAGE = """<article><h1>{}</h1><p>{}<br>{}</p><h2>{}</h2><ul><li>{}</li><li>{}</li></ul>
<blockquote><p>{}</p></blockquote><table><tr><td>{}</td><td>{}</td></tr></table><p>{}</p></article>""".replace("\n", "")


@pytest.mark.parametrize("times", [pytest.param(1, id="short"), pytest.param(9, id="long")])
@pytest.mark.parametrize("between", [pytest.param("", id="one-line"), pytest.param("\n    ", id="pretty-printed")])
def test_html_blocks_are_lines(tmp_path, times, between):
    """Each block of a page is a line, however the page is written and long: no words merge, nothing else changes."""
    pytest.importorskip("trafilatura")
    blocks = [*BLOCKS[:-1], *(BLOCKS[-1] + f" यह पैरा लंबा है और इसमें बात {n} लिखी है।" for n in range(times))]
    marked = [block.replace("दिल्ली", "<b>दिल्ली</b>") for block in (*blocks[:9], "</p><p>".join(blocks[9:]))]
    page = PAGE.format(*marked).replace("<", f"{between}<").replace(f"{between}<b>", "<b>")
    page = page.replace(f"{between}</b>", "</b>")
    (tmp_path / "a.html").write_text(f"<html><head><title>म</title></head><body>{page}</body></html>", "utf-8")
    [article] = read([tmp_path / "a.html"])
    assert article.text.split("\n") == blocks


def test_html_of_a_few_words(tmp_path):
    """A page of a sentence or two has its lines too, and keeps joiners and no-break spaces."""
    pytest.importorskip("trafilatura")
    page = "<html><body><h1>मौसम</h1><p>शक्\u200dति ने ५०\u00a0लाख दिए।</p><p>वह गया।</p></body></html>"
    (tmp_path / "a.html").write_text(page, "utf-8")
    [article] = read([tmp_path / "a.html"])
    assert article.text == "मौसम\nशक्\u200dति ने ५०\u00a0लाख दिए।\nवह गया।"


def test_html_without_an_article(tmp_path):
    """A page in which no article is found counts as empty."""
    pytest.importorskip("trafilatura")
    (tmp_path / "a.html").write_text("<html><body></body></html>", "utf-8")
    articles = read([tmp_path])
    assert (list(articles), articles.empty) == ([], [str(tmp_path / "a.html")])


def test_html_without_the_extra(tmp_path, monkeypatch):
    """Without trafilatura a page is refused with the line that installs it."""
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    (tmp_path / "a.htm").write_text("<p>x</p>", "utf-8")
    with pytest.raises(UsageError, match=r"pip install 'annotate-kit\[html\]'"):
        list(read([tmp_path]))


def test_folder(tmp_path):
    """A folder is read to the bottom in sorted order, hidden files passed over, unknown suffixes counted."""
    for name in (
        "b/2.txt",
        "b/10.TXT",
        "a.txt",
        "c.txt",
        ".hidden.txt",
        ".git/x.txt",
        "photo.jpg",
        "b/y.jpg",
        "LICENSE",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name, "utf-8")
    (tmp_path / "b" / "up").symlink_to(tmp_path, target_is_directory=True)
    articles = read([tmp_path])
    assert [a.text for a in articles] == ["a.txt", "b/10.TXT", "b/2.txt", "c.txt"]
    assert articles.skipped == {".jpg": 2, "": 1}
    assert articles.count == 4


def test_duplicates(tmp_path):
    """An article whose text came before is left out and reported with the id that was kept, whatever its own id."""
    path = write(
        tmp_path / "a.jsonl",
        {"id": "n1", "text": HINDI},
        {"id": "n1", "text": HINDI},
        {"id": "n2", "text": HINDI},
        {"text": HINDI},
        {"id": "n3", "text": OTHER},
    )
    (tmp_path / "b.txt").write_text(OTHER, "utf-8")
    articles = read([tmp_path])
    assert [a.id for a in articles] == ["n1", "n3"]
    assert articles.duplicates == [
        *(Duplicate(f"{path}:{line}", "n1") for line in (2, 3, 4)),
        Duplicate(str(tmp_path / "b.txt"), "n3"),
    ]


def test_empty_articles(tmp_path):
    """White space and characters without width are no article: left out and reported, or a fault when strict."""
    path = write(tmp_path / "a.jsonl", {"text": ""}, {"text": " \r\n\u00a0\u200b\ufeff\u2060"}, {"text": HINDI})
    articles = read([path])
    assert [a.text for a in articles] == [HINDI]
    assert articles.empty == [f"{path}:1", f"{path}:2"]
    faults = faults_of(read([path], strict=True))
    assert [(f.line, f.reason) for f in faults] == [(1, Reason.EMPTY_ARTICLE), (2, Reason.EMPTY_ARTICLE)]


GOOD = f'{{"id": "good", "text": "{HINDI}"}}\n'.encode()


@pytest.mark.parametrize(
    ("name", "data", "line", "reason", "found"),
    [
        pytest.param(
            "a.txt", b"\xef\xbb\xbfab\nc\xe9d", 2, Reason.WRONG_ENCODING, "byte 8 of the file (0xe9)", id="txt"
        ),
        pytest.param("a.txt", "वह".encode("utf-16"), 1, Reason.WRONG_ENCODING, "it looks like UTF-16", id="txt-utf-16"),
        pytest.param("a.jsonl", GOOD + b"\n{\n" + GOOD, 3, Reason.BROKEN_JSON, "", id="jsonl-broken"),
        pytest.param("a.jsonl", GOOD + b'{"text":"\xe9"}', 2, Reason.WRONG_ENCODING, "byte 94 of", id="jsonl-encoding"),
        pytest.param(
            "a.jsonl",
            GOOD + b'{"text":"x","meta":' + b'{"a":' * 500 + b"1" + b"}" * 501,
            2,
            Reason.BROKEN_JSON,
            "nested too deeply to be written again",
            id="jsonl-deep",
        ),
        pytest.param("a.jsonl", b'["x"]', 1, Reason.NOT_A_RECORD, "list", id="jsonl-list"),
        pytest.param("a.jsonl", b'{"text":"x","article_id":"a"}', 1, Reason.NOT_A_RECORD, "sentence", id="jsonl-kind"),
        pytest.param("a.jsonl", b'{"id":"a"}', 1, Reason.MISSING_FIELD, "text", id="jsonl-no-text"),
        pytest.param("a.jsonl", b'{"text":7}', 1, Reason.SCHEMA, "text: 7 is", id="jsonl-text-type"),
        pytest.param("a.jsonl", b'{"text":"x","id":7}', 1, Reason.SCHEMA, "id: 7", id="jsonl-id-type"),
        pytest.param("a.jsonl", b'{"text":"x","id":""}', 1, Reason.WRONG_ID, "not empty", id="jsonl-id-empty"),
        pytest.param("a.jsonl", b'{"text":"x","lang":"Hindi"}', 1, Reason.SCHEMA, "lang:", id="jsonl-lang"),
        pytest.param("a.jsonl", b'{"text":"x","meta":[]}', 1, Reason.SCHEMA, "meta:", id="jsonl-meta"),
        pytest.param("a.jsonl", b'{"text":"x","id":"a b"}', 1, Reason.WRONG_ID, "white space", id="id-space"),
        pytest.param("a.jsonl", b'{"text":"x","id":"a\\u00a0b"}', 1, Reason.WRONG_ID, "white space", id="id-nbsp"),
        pytest.param("a.jsonl", b'{"text":"x","id":"a\\u0007"}', 1, Reason.WRONG_ID, "control", id="id-control"),
        pytest.param(
            "a.jsonl", GOOD + b'{"text":"x","id":"good"}', 2, Reason.DUPLICATE_ID, "another text", id="id-twice"
        ),
        pytest.param("a.csv", b"", 1, Reason.MISSING_FIELD, "no column 'text' (columns: none)", id="csv-nothing"),
        pytest.param("a.csv", b"id;text\n", 1, Reason.MISSING_FIELD, "(columns: id;text)", id="csv-no-column"),
        pytest.param(
            "a.csv", b"text,text\nx,y\n", 1, Reason.NOT_A_RECORD, "2 columns are named 'text'", id="csv-twice"
        ),
        pytest.param("a.csv", b"id,text\n1\n", 2, Reason.NOT_A_RECORD, "1 cells in a table of 2", id="csv-short"),
        pytest.param("a.csv", b"id,text\n\n1,2,3\n", 3, Reason.NOT_A_RECORD, "3 cells", id="csv-long"),
        pytest.param("a.csv", b'text\n"x\ny\n', 2, Reason.UNREADABLE, "unexpected end of data", id="csv-open-quote"),
        pytest.param("a.csv", b"text\nab\n\xe9\n", 3, Reason.WRONG_ENCODING, "byte 9 of the file", id="csv-encoding"),
        pytest.param("a.csv", b"\xef\xbb\xbft\xe9\nab\n", 1, Reason.WRONG_ENCODING, "byte 5 of", id="csv-bom-header"),
        pytest.param("a.parquet", b"PAR1 no", 0, Reason.UNREADABLE, "", id="parquet-broken"),
        pytest.param("a.html", b"<p>\xe9</p>", 1, Reason.WRONG_ENCODING, "byte 4 of the file", id="html-encoding"),
    ],
)
def test_bad_input(tmp_path, name, data, line, reason, found):
    """Each way to be wrong is one fault with file, line and reason."""
    if name.endswith(".html"):
        pytest.importorskip("trafilatura")
    path = tmp_path / name
    path.write_bytes(data)
    [fault] = faults_of(read([path]))
    assert (fault.file, fault.line, fault.reason) == (str(path), line, reason)
    assert found in fault.found


def test_faults_hide_nothing(tmp_path):
    """Sound articles between broken ones are handed out, and every fault of every file comes at the end, in order."""
    (tmp_path / "1.csv").write_bytes(b"id,text\n1,a\n2,\xe9\n3\n4,b\n")
    (tmp_path / "2.txt").write_bytes(b"\xff")
    for name in ("3.txt", "5.jsonl", "6.csv", "7.parquet"):
        (tmp_path / name).symlink_to(tmp_path / "nowhere")
    write(tmp_path / "4.jsonl", {"text": 1, "title": 2}, {"text": "c"})
    read_so_far = []
    with pytest.raises(DataError) as caught:
        for article in read([tmp_path]):
            read_so_far.append(article.text)
    assert read_so_far == ["a", "b", "c"]
    assert [(Path(f.file).name, f.line, f.reason) for f in caught.value.faults] == [
        ("1.csv", 3, Reason.WRONG_ENCODING),
        ("1.csv", 4, Reason.NOT_A_RECORD),
        ("2.txt", 1, Reason.WRONG_ENCODING),
        ("3.txt", 0, Reason.UNREADABLE),
        ("4.jsonl", 1, Reason.SCHEMA),
        ("4.jsonl", 1, Reason.SCHEMA),
        ("5.jsonl", 0, Reason.UNREADABLE),
        ("6.csv", 0, Reason.UNREADABLE),
        ("7.parquet", 0, Reason.UNREADABLE),
    ]


def test_parquet_faults(tmp_path):
    """A missing column names those that are there; a cell that is not UTF-8 or of another type is one fault."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"body": ["x"]}), path)
    [fault] = faults_of(read([path]))
    assert (fault.reason, fault.found) == (Reason.MISSING_FIELD, "no column 'text' (columns: body)")

    broken = pa.array([b"x", b"a\xe9"], pa.binary()).view(pa.utf8())
    pq.write_table(pa.table({"text": broken, "title": [1, None]}), path)
    faults = faults_of(read([path]))
    assert [(f.line, f.reason) for f in faults] == [(1, Reason.SCHEMA), (2, Reason.WRONG_ENCODING)]


def test_named_id_column_must_exist(tmp_path):
    """A table may have no `id` column, but an id column that was asked for by name must be there."""
    (tmp_path / "a.csv").write_text("text\nx\n", "utf-8")
    assert len(list(read([tmp_path]))) == 1
    [fault] = faults_of(read([tmp_path], id_column="nr"))
    assert (fault.reason, fault.found) == (Reason.MISSING_FIELD, "no column 'nr' (columns: text)")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(lambda p: [], "no articles given", id="nothing"),
        pytest.param(lambda p: [p / "none.txt"], "none.txt: no such file or folder", id="missing"),
        pytest.param(lambda p: [p], "no articles in this folder (looked for .txt, .jsonl, .csv, .parquet", id="folder"),
        pytest.param(lambda p: [p / "x.doc"], "x.doc: what is in a .doc? (known: .txt, .jsonl", id="suffix"),
        pytest.param(lambda p: [p / "x"], "x: what is in a file without a suffix?", id="no-suffix"),
    ],
)
def test_unusable_sources(tmp_path, make, said):
    """What cannot be read at all is said before anything is read."""
    (tmp_path / "x.doc").touch()
    (tmp_path / "x").touch()
    with pytest.raises(UsageError) as caught:
        read(make(tmp_path))
    assert said in str(caught.value)
