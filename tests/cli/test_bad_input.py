"""Whatever a command is given, it ends with the contract's exit code and a message, and leaves files as they were."""

import orjson
import pytest

from annotate.records import Entity, Stance

TEXT = "मोदी ने कांग्रेस की आलोचना की।"
HEADER = {"article_id": "n-1", "lang": "hi", "index": 0, "start": 0, "end": 30, "text": TEXT, "kind": "sentence"}
SENTENCE = {"id": "n-1:0-30", **HEADER}
PRELABELED = {**SENTENCE, "entities": [], "stances": [], "engine": {"name": "rules", "version": "1"}}
MOMENT = "2026-01-01T10:00:00Z"
PERSON = {"annotator": "asha", "annotation_id": 1, "task_id": 1, "created_at": MOMENT, "updated_at": MOMENT}
ANNOTATION = {**SENTENCE, "entities": [], "stances": [], **PERSON, "outcome": "submitted"}
GOLD = {**SENTENCE, "entities": [], "stances": [], "resolution": {"method": "single", "annotators": ["asha"]}}
MODI = orjson.loads(Entity.at(0, 4, "PER").to_json())
OUT_OF_TEXT = orjson.loads(Entity.at(25, 99, "PER").to_json())
CUT = orjson.loads(Entity.at(0, 3, "PER").to_json())
UNKNOWN = orjson.loads(Entity.at(0, 4, "PERS").to_json())
DANGLING = orjson.loads(Stance(target="e8-16-ORG", label="FAVOR").to_json())


def lines(*rows):
    """A file of records, or of bytes as they are."""
    return b"".join((row if isinstance(row, bytes) else orjson.dumps(row)) + b"\n" for row in rows)


def broken(record):
    """Files of one record type, each with one thing wrong on line 2, and what must be said about it."""
    other = {**record, "article_id": "n-2", "id": "n-2:0-30"}
    return {
        "broken-json": (lines(record, b'{"id": '), ["in.jsonl:2: broken-json"]),
        "wrong-encoding": (lines(record, '{"id": "é"}'.encode("latin-1")), ["in.jsonl:2: wrong-encoding", "0xe9"]),
        "offsets-of-the-sentence": (lines(record, {**other, "end": 31}), ["in.jsonl:2: n-2:0-30: wrong-id"]),
        "missing-field": (lines(record, {"id": "n-2:0-30", "article_id": "n-2"}), ["in.jsonl:2", "missing-field"]),
        "twice": (lines(record, record), ["in.jsonl:2: n-1:0-30: duplicate-id", "line 1"]),
    }


def labelled(record):
    """The same for records that have entities."""
    other = {**record, "article_id": "n-2", "id": "n-2:0-30"}
    return broken(record) | {
        "offsets": (lines(record, {**other, "entities": [OUT_OF_TEXT]}), ["in.jsonl:2: n-2:0-30: offset-out-of-text"]),
        "akshara": (lines(record, {**other, "entities": [CUT]}), ["in.jsonl:2: n-2:0-30: splits-akshara"]),
        "label": (
            lines(record, {**other, "entities": [UNKNOWN]}),
            ["in.jsonl:2: n-2:0-30: unknown-label", "'PERS' (known: PER, ORG, LOC)"],
        ),
        "target": (lines(record, {**other, "stances": [DANGLING]}), ["in.jsonl:2: n-2:0-30: dangling-target"]),
    }


def snapshot(folder):
    """Every file and folder with its content, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")
    }


def assert_clean(ran, code, words=()):
    """The command ended with this code and said why in plain lines; stdout stays free for data."""
    assert ran.code == code, ran.stderr
    assert ran.stderr.strip()
    assert "Traceback" not in ran.stderr
    assert "Error(" not in ran.stderr
    assert [word for word in words if word not in ran.stderr] == []
    assert ran.stdout == ""


STEPS = {
    "prelabel": (["prelabel", "in.jsonl", "-o", "out.jsonl"], broken(SENTENCE)),
    "resolve": (["resolve", "in.jsonl", "-o", "out.jsonl"], labelled(ANNOTATION)),
    "build": (["build", "in.jsonl", "-o", "out"], labelled(GOLD)),
}


@pytest.mark.parametrize(
    ("args", "data", "words"),
    [
        pytest.param(args, data, words, id=f"{step}-{case}")
        for step, (args, cases) in STEPS.items()
        for case, (data, words) in cases.items()
    ],
)
def test_faults_of_a_file(run, tmp_path, args, data, words):
    """Invalid data is exit code 1 with file, line, id and reason; an earlier result stays and no other appears."""
    (tmp_path / "in.jsonl").write_bytes(data)
    (tmp_path / "out.jsonl").write_text("before")
    before = snapshot(tmp_path)
    assert_clean(run(*args), 1, words)
    after = snapshot(tmp_path)
    assert after.pop("out", None) is None
    assert after == before


def test_faults_leave_no_folder_behind(run, tmp_path):
    """A build that fails leaves neither a release nor anything hidden beside its place."""
    (tmp_path / "in.jsonl").write_bytes(lines(b"{"))
    assert_clean(run("build", "in.jsonl", "-o", "out"), 1)
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "data", "options", "words"),
    [
        pytest.param("a.jsonl", lines({"text": "क।"}, b'{"text": "'), [], ["a.jsonl:2: broken-json"], id="broken-json"),
        pytest.param(
            "a.jsonl", lines(b'{"text": "\xe9"}'), [], ["a.jsonl:1: wrong-encoding", "0xe9"], id="latin-1-line"
        ),
        pytest.param("a.txt", "वह आया।\nगया".encode("utf-16"), [], ["a.txt:1", "wrong-encoding", "0xff"], id="utf-16"),
        pytest.param("a.txt", "ठीक।\n".encode() + b"\xe0\xa4", [], ["a.txt:2", "wrong-encoding", "0xe0"], id="cut-off"),
        pytest.param("a.txt", b" \n", ["--strict"], ["a.txt", "empty-article"], id="empty-and-strict"),
        pytest.param("a.csv", b"body\nx\n", [], ["a.csv", "text"], id="csv-without-text"),
        pytest.param("a.parquet", b"no parquet", [], ["a.parquet", "unreadable"], id="no-parquet"),
        pytest.param("a.jsonl", lines(SENTENCE), [], ["a.jsonl:1", "not-a-record", "sentence"], id="sentences"),
        pytest.param(
            "a.jsonl",
            lines({"id": "n", "text": "क।"}, {"id": "n", "text": "ख।"}),
            [],
            ["a.jsonl:2: n: duplicate-id"],
            id="same-id-other-text",
        ),
        pytest.param(
            "a.jsonl", lines({"id": "a b", "text": "क।"}), [], ["a.jsonl:1", "wrong-id"], id="space-in-the-id"
        ),
        pytest.param("a.jsonl", lines({"text": 3}), [], ["a.jsonl:1", "text"], id="number-for-text"),
        pytest.param("a.jsonl", lines({"id": "n"}), [], ["a.jsonl:1: n: missing-field"], id="no-text"),
    ],
)
def test_faults_of_articles(run, tmp_path, name, data, options, words):
    """Articles that cannot be read are exit code 1, and neither sentences nor articles are written."""
    (tmp_path / name).write_bytes(data)
    (tmp_path / "s.out").write_text("before")
    before = snapshot(tmp_path)
    assert_clean(run("split", name, "-o", "s.out", *options), 1, words)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(("data", "words"), labelled(PRELABELED).values(), ids=labelled(PRELABELED).keys())
def test_faults_are_the_output_of_validate(run, tmp_path, data, words):
    """`validate` prints the faults as data on stdout, and exits with 1."""
    (tmp_path / "in.jsonl").write_bytes(data)
    ran = run("validate", "in.jsonl")
    assert ran.code == 1
    assert [word for word in words if word not in ran.stdout] == []
    assert "Traceback" not in ran.stderr
    rows = orjson.loads(run("validate", "in.jsonl", "--json").stdout)["faults"]
    assert [f"{row['file']}:{row['line']}" for row in rows] == [line.split(": ")[0] for line in ran.stdout.splitlines()]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        pytest.param(["split", "none.txt", "-o", "o"], ["none.txt"], id="split-missing"),
        pytest.param(["split", "empty", "-o", "o"], ["empty", "no articles"], id="split-folder-without-articles"),
        pytest.param(["split", "a.docx", "-o", "o"], ["a.docx", ".txt"], id="split-unknown-suffix"),
        pytest.param(["split", "a.txt", "-o", "o", "--lang", "xx"], ["xx"], id="split-unknown-language"),
        pytest.param(["split", "a.txt", "-o", "empty"], ["empty"], id="split-into-a-folder"),
        pytest.param(["split", "a.txt", "-o", "a.txt"], ["a.txt"], id="split-over-its-source"),
        pytest.param(["split", "a.txt", "-o", "a.txt/o"], ["a.txt"], id="split-below-a-file"),
        pytest.param(["split", "a.txt", "-o", "o", "--jobs", "0"], ["--jobs"], id="split-no-jobs"),
        pytest.param(["split", "a.txt", "-o", "o", "--loud"], ["--loud"], id="unknown-option"),
        pytest.param(["prelabel", "none.jsonl", "-o", "o"], ["none.jsonl"], id="prelabel-missing"),
        pytest.param(["prelabel", "empty", "-o", "o"], ["empty"], id="prelabel-folder"),
        pytest.param(
            ["prelabel", "s.jsonl", "-o", "o", "--backend", "magic"], ["magic", "rules"], id="unknown-backend"
        ),
        pytest.param(["prelabel", "s.jsonl", "-o", "o", "--stance", "magic"], ["magic", "rules"], id="unknown-stance"),
        pytest.param(["prelabel", "s.jsonl", "-o", "s.jsonl"], ["s.jsonl"], id="prelabel-over-its-source"),
        pytest.param(["prelabel", "s.jsonl", "-o", "empty"], ["empty"], id="prelabel-into-a-folder"),
        pytest.param(["resolve", "none.jsonl", "-o", "o"], ["none.jsonl"], id="resolve-missing"),
        pytest.param(["resolve", "s.jsonl", "-o", "s.jsonl"], ["s.jsonl"], id="resolve-over-its-source"),
        pytest.param(["build", "none.jsonl", "-o", "o"], ["none.jsonl"], id="build-missing"),
        pytest.param(["build", "nothing.jsonl", "-o", "o"], ["nothing.jsonl"], id="build-without-gold"),
        pytest.param(["build", "g.jsonl", "-o", "o", "--version", "../x"], ["../x"], id="build-version"),
        pytest.param(["build", "g.jsonl", "-o", "o", "--allow", "magic"], ["magic", "leakage"], id="build-allow"),
        pytest.param(["publish", "--to", "o", "none"], ["none"], id="publish-missing"),
        pytest.param(["publish", "--to", "o", "empty"], ["empty"], id="publish-no-release"),
        pytest.param(["publish", "--to", "o", "a.txt"], ["a.txt"], id="publish-a-file"),
        pytest.param(["publish", "empty"], ["--to"], id="publish-without-a-place"),
        pytest.param(["validate"], ["FILE"], id="validate-nothing"),
        pytest.param(["validate", "none.jsonl"], ["none.jsonl"], id="validate-missing"),
        pytest.param(["validate", "empty"], ["empty"], id="validate-folder"),
        pytest.param(["validate", "s.jsonl", "--kind", "magic"], ["magic", "sentence"], id="validate-unknown-kind"),
        pytest.param(["validate", "s.jsonl", "--articles", "none.jsonl"], ["none.jsonl"], id="validate-no-articles"),
        pytest.param(["validate", "s.jsonl", "--articles", "-"], ["stdin"], id="validate-articles-on-stdin"),
        pytest.param(["validate", "s.jsonl", "-w", "empty"], ["empty", "annotate init"], id="no-workspace-there"),
        pytest.param(["init", "a.txt"], ["a.txt"], id="init-over-a-file"),
        pytest.param(["demo", "full"], ["full"], id="demo-in-somebodys-folder"),
        pytest.param(["demo", "a.txt"], ["a.txt"], id="demo-over-a-file"),
        pytest.param(["studio", "up", "--port", "0"], ["--port"], id="studio-port"),
        pytest.param(["spilt"], ["spilt"], id="unknown-command"),
    ],
)
def test_wrong_use(run, tmp_path, args, words):
    """What a command cannot be asked for is exit code 2 with the name of what is wrong; nothing is made or changed."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "work.md").touch()
    (tmp_path / "a.txt").write_text("वह आया।", "utf-8")
    (tmp_path / "a.docx").touch()
    (tmp_path / "s.jsonl").write_bytes(lines(SENTENCE))
    (tmp_path / "g.jsonl").write_bytes(lines(GOLD))
    (tmp_path / "nothing.jsonl").touch()
    before = snapshot(tmp_path)
    assert_clean(run(*args), 2, words)
    after = snapshot(tmp_path)
    assert after.pop("o", None) is None  # the folder of releases may have been made, and is empty
    assert after == before


IN_A_WORKSPACE = {
    **{name: [name] for name in ("split", "prelabel", "push", "pull", "resolve", "build", "run", "status")},
    "publish": ["publish", "--to", "out"],
    **{f"studio-{name}": ["studio", name] for name in ("up", "down", "status")},
}
in_a_workspace = pytest.mark.parametrize("args", IN_A_WORKSPACE.values(), ids=IN_A_WORKSPACE.keys())


@in_a_workspace
def test_no_workspace(run, tmp_path, args):
    """Outside a workspace a command that needs one says how to make one, and makes nothing itself."""
    assert_clean(run(*args), 2, ["annotate.toml", "annotate init"])
    assert snapshot(tmp_path) == {}


@in_a_workspace
def test_broken_configuration(run, tmp_path, args):
    """An annotate.toml that cannot be read is named with the line, whatever the command, and nothing is done."""
    (tmp_path / "annotate.toml").write_text('lang = "hi"\nstance = \n')
    before = snapshot(tmp_path)
    assert_clean(run(*args), 2, ["annotate.toml", "line 2"])
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    "args", [["validate", "s.jsonl"], ["prelabel", "s.jsonl", "-o", "o"]], ids=lambda args: args[0]
)
def test_broken_configuration_where_none_is_needed(run, tmp_path, args):
    """A command that could do without a workspace does not pass over a broken one."""
    (tmp_path / "annotate.toml").write_text("colour = 3")
    (tmp_path / "s.jsonl").write_bytes(lines(SENTENCE))
    assert_clean(run(*args), 2, ["annotate.toml", "colour"])


@pytest.mark.parametrize(
    ("args", "words"),
    [
        pytest.param(["split"], ["articles", "no articles"], id="split"),
        pytest.param(["run"], ["articles", "no articles"], id="run"),
        pytest.param(["prelabel"], ["sentences.jsonl"], id="prelabel"),
        pytest.param(["resolve"], ["annotations.jsonl"], id="resolve"),
        pytest.param(["build"], ["gold.jsonl"], id="build"),
        pytest.param(["publish", "--to", "out"], ["releases"], id="publish"),
    ],
)
def test_a_step_too_early(run, campaign, args, words):
    """In a workspace where the step before was not done, the missing file is named."""
    before = snapshot(campaign)
    assert_clean(run(*args), 2, words)
    after = snapshot(campaign)
    assert {name: data for name, data in after.items() if name != "releases"} == before


SERVER = {"push": ["push"], "pull": ["pull"], "studio-status": ["studio", "status"]}
on_a_server = pytest.mark.parametrize("args", SERVER.values(), ids=SERVER.keys())


@pytest.fixture
def prelabeled(campaign):
    """A workspace with something to push, and annotations of an earlier pull."""
    (campaign / "work" / "prelabeled.jsonl").write_bytes(lines({**PRELABELED, "entities": [MODI]}))
    (campaign / "work" / "annotations.jsonl").write_bytes(lines(ANNOTATION))
    return campaign


@on_a_server
@pytest.mark.parametrize("by", ["option", "environment", "configuration"])
def test_no_key(run, prelabeled, monkeypatch, args, by):
    """A server of somebody else's needs a key from the environment; without it nothing is asked."""
    url = "http://127.0.0.1:9"
    options = ["--url", url] if by == "option" else []
    if by == "environment":
        monkeypatch.setenv("LABEL_STUDIO_URL", url)
    if by == "configuration":
        (prelabeled / "annotate.toml").write_text(f'[studio]\nurl = "{url}"')
    before = snapshot(prelabeled)
    assert_clean(run(*args, *options), 2, ["LABEL_STUDIO_API_KEY is not set", url])
    assert snapshot(prelabeled) == before


@on_a_server
@pytest.mark.parametrize("key", ["", "a-key"], ids=["no-key", "key"])
def test_a_password_in_the_address(run, prelabeled, monkeypatch, args, key):
    """It is refused before anything is asked, and stands in no message."""
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", key)
    before = snapshot(prelabeled)
    ran = run(*args, "--url", "http://asha:geheim@127.0.0.1:9")
    assert_clean(ran, 2, ["must hold no user or password"])
    assert "geheim" not in ran.stderr
    assert snapshot(prelabeled) == before


@on_a_server
def test_server_down(run, prelabeled, monkeypatch, args, closed_port):
    """Where no server answers the exit code is 3 and the message has its address; files stay as they were."""
    url = f"http://127.0.0.1:{closed_port}"
    monkeypatch.setenv("LABEL_STUDIO_URL", url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "a-secret")
    before = snapshot(prelabeled)
    ran = run(*args)
    assert_clean(ran, 3, [url])
    assert "a-secret" not in ran.stderr
    assert snapshot(prelabeled) == before


@pytest.mark.parametrize("args", [["push"], ["pull"]], ids=lambda args: args[0])
def test_own_server_not_started(run, prelabeled, args):
    """Where the workspace's own Label Studio does not run the message says how to start it."""
    before = snapshot(prelabeled)
    assert_clean(run(*args), 3, ["annotate studio up"])
    assert snapshot(prelabeled) == before


@on_a_server
@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        pytest.param(401, '{"detail": "Invalid token."}', ["the server refuses the key"], id="wrong-key"),
        pytest.param(404, "{}", ["404"], id="something-else"),
        pytest.param(200, "<html>welcome</html>", [], id="a-web-page"),
        pytest.param(200, "{}", ["is this the address of a Label Studio?"], id="nobody"),
        pytest.param(200, '["pong"]', ["is this the address of a Label Studio?"], id="a-list"),
        pytest.param(200, "null", ["is this the address of a Label Studio?"], id="nothing"),
    ],
)
def test_a_server_that_is_not_ours(run, prelabeled, monkeypatch, stand_in, args, status, body, words):
    """A server that refuses the key, or is no Label Studio, is exit code 3 with its address; the key is not shown."""
    server = stand_in({"/api/current-user/whoami": (status, body)})
    monkeypatch.setenv("LABEL_STUDIO_URL", server.url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "a-secret")
    before = snapshot(prelabeled)
    ran = run(*args)
    assert_clean(ran, 3, [server.url, *words])
    assert "a-secret" not in ran.stderr
    assert snapshot(prelabeled) == before
    assert {line.partition(" ")[0] for line in server.asked} == {"GET"}


@pytest.mark.parametrize(("data", "words"), labelled(PRELABELED).values(), ids=labelled(PRELABELED).keys())
def test_push_checks_before_it_sends(run, campaign, monkeypatch, stand_in, data, words):
    """Broken pre-labels are exit code 1, and the server hears nothing of them."""
    server = stand_in({"/api/current-user/whoami": (200, '{"id": 1, "email": "asha@example.org"}')})
    monkeypatch.setenv("LABEL_STUDIO_URL", server.url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "a-secret")
    (campaign / "in.jsonl").write_bytes(data)
    before = snapshot(campaign)
    assert_clean(run("push", "in.jsonl"), 1, words)
    assert snapshot(campaign) == before
    assert server.asked == ["GET /api/current-user/whoami"]


@pytest.mark.parametrize(
    ("command", "missing", "maker"),
    [
        (["prelabel"], "sentences.jsonl", "split"),
        (["push"], "prelabeled.jsonl", "prelabel"),
        (["resolve"], "annotations.jsonl", "pull"),
        (["quality", "agreement"], "annotations.jsonl", "pull"),
        (["quality", "corrections"], "prelabeled.jsonl", "prelabel"),
        (["build", "--version", "1"], "gold.jsonl", "resolve"),
        (["export", "-f", "bio", "-o", "out"], "gold.jsonl", "resolve"),
        (["evaluate"], "prelabeled.jsonl", "prelabel"),
    ],
)
def test_a_step_before_its_turn(run, campaign, command, missing, maker):
    """A file of the workspace that is not there yet is named with the command that makes it, and nothing is made."""
    before = snapshot(campaign)
    ran = run(*command)
    assert ran.code == 2
    assert ran.stderr.strip() == f"{campaign / 'work' / missing}: is not there yet; make it with: annotate {maker}"
    assert snapshot(campaign) == before
