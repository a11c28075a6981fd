"""Commands chain: data on stdout or in files, talk on stderr, in a workspace or without one."""

import os
import subprocess
import sys

import orjson
import pytest

from annotate.check import faults, records
from annotate.records import Annotation, Entity, Gold, Prelabeled, Sentence, Stance
from annotate.split import SPLITTER_VERSION

ARTICLE = "मोदी पहुँचे मुंबई\n\nमुंबई, 14 मार्च। डॉ. राव ने कहा, “हम तैयार हैं।” कांग्रेस ने मोदी की आलोचना की।\n"
TEXTS = ["मोदी पहुँचे मुंबई", "मुंबई, 14 मार्च।", "डॉ. राव ने कहा, “हम तैयार हैं।”", "कांग्रेस ने मोदी की आलोचना की।"]


@pytest.fixture
def article(tmp_path):
    """A text file with one article."""
    path = tmp_path / "a.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


def texts(data):
    """The texts of a file of sentences."""
    return [orjson.loads(line)["text"] for line in data.splitlines()]


def test_data_on_stdout_talk_on_stderr(cli, article):
    """With `-o -` stdout holds records and nothing else; what was done stands on stderr, without colours or bars."""
    ran = cli("split", article, "-o", "-")
    assert ran.code == 0
    assert texts(ran.stdout) == TEXTS
    assert ran.stderr == "1 articles, 4 sentences (1 headings and 1 datelines among them) → -\n"


def test_nothing_on_stdout_when_data_goes_to_a_file(cli, article, tmp_path):
    """With data in a file stdout stays empty."""
    ran = cli("split", article, "-o", "s.jsonl")
    assert (ran.code, ran.stdout) == (0, "")
    assert texts((tmp_path / "s.jsonl").read_bytes()) == TEXTS


def test_steps_in_a_pipe(cli, article):
    """Each step reads what the one before it printed."""
    sentences = cli("split", article, "-o", "-").stdout
    prelabeled = cli("prelabel", "-", "-o", "-", stdin=sentences.encode())
    assert prelabeled.code == 0
    rows = [orjson.loads(line) for line in prelabeled.stdout.splitlines()]
    assert [row["text"] for row in rows] == TEXTS
    assert [entity["id"] for entity in rows[-1]["entities"]] == ["e0-8-ORG", "e12-16-PER"]
    checked = cli("validate", "-", stdin=prelabeled.stdout.encode())
    assert checked == (0, "", "1 files: no faults\n")


def test_an_engine_that_knows_none_of_the_labels(cli, article, tmp_path):
    """A label set of one's own gets nothing from an engine that knows other labels, and that is said."""
    (tmp_path / "annotate.toml").write_text('[[labels.entities]]\nname = "PARTY"\n', "utf-8")
    assert cli("split", article, "-o", "s.jsonl").code == 0
    said = "no entity was found; what the engine calls by labels that the label set has not is left out"
    assert said in cli("prelabel", "s.jsonl", "-o", "p.jsonl").stderr
    (tmp_path / "annotate.toml").unlink()
    assert said not in cli("prelabel", "s.jsonl", "-o", "p.jsonl").stderr


def test_a_closed_pipe_is_no_error(article, tmp_path):
    """`annotate split … | head -1` shows one line and complains about nothing."""
    (tmp_path / "many").mkdir()
    for n in range(300):
        (tmp_path / "many" / f"{n}.txt").write_text(f"लेख {n}\n" + ARTICLE * 5, "utf-8")
    script = f"{sys.executable} -m annotate split many -o - | head -1"
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert texts(done.stdout) == ["लेख 0"]
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


def test_hindi_in_a_plain_locale(cli, article):
    """A machine without a UTF-8 locale prints Hindi all the same."""
    locale = dict.fromkeys(("LC_ALL", "LANG", "LC_CTYPE"), "C")
    assert texts(cli("split", article, "-o", "-", env=locale).stdout) == TEXTS
    broken = cli("validate", "-", stdin='{"id": "क", "text": 3, "lang": "hi"}\n'.encode(), env=locale)
    assert broken.code == 1
    assert "<stdin>:1: क: schema" in broken.stdout


@pytest.mark.parametrize("jobs", [1, 2])
def test_same_input_same_bytes(cli, article, tmp_path, jobs):
    """A step run again gives the same file, however many processes do it."""
    cli("split", article, "-o", "1.jsonl")
    cli("split", article, "-o", "2.jsonl", "--jobs", jobs)
    cli("prelabel", "1.jsonl", "-o", "3.jsonl")
    cli("prelabel", "2.jsonl", "-o", "4.jsonl", "--jobs", jobs)
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
    assert (tmp_path / "3.jsonl").read_bytes() == (tmp_path / "4.jsonl").read_bytes()


def test_summary_as_json(run, article):
    """With `--json` the summary is one JSON object: on stdout, unless the data is there."""
    summary = orjson.loads(run("split", article, "-o", "s.jsonl", "--json").stdout)
    assert summary["articles"] == 1
    assert (summary["sentences"], summary["headings"], summary["datelines"]) == (4, 1, 1)
    assert summary["splitter"] == SPLITTER_VERSION
    ran = run("split", article, "-o", "-", "--json")
    assert orjson.loads(ran.stderr)["sentences"] == 4
    assert texts(ran.stdout) == TEXTS
    summary = orjson.loads(run("prelabel", "s.jsonl", "-o", "p.jsonl", "--json").stdout)
    assert summary["sentences"] == 4
    assert set(summary["entities"]) == {"PER", "ORG", "LOC"}
    assert summary["engine"]["name"].endswith("classifier")


def test_json_summaries_name_their_fields(run, article, tmp_path):
    """What stands in a summary below the top level has names too, so that a machine need not count."""
    (tmp_path / "b.txt").write_text(ARTICLE, "utf-8")
    summary = orjson.loads(run("split", article, "b.txt", "-o", "s.jsonl", "--json").stdout)
    [duplicate] = summary["duplicates"]
    assert set(duplicate) == {"where", "kept"}


def test_what_is_left_out_is_said(run, article, tmp_path):
    """Duplicates, empty articles and files of other kinds are named on stderr and are no failure."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("1.txt", "2.txt"):
        (folder / name).write_text(ARTICLE, "utf-8")
    (folder / "3.txt").write_text(" \n")
    (folder / "4.pdf").touch()
    ran = run("split", "in", "-o", "s.jsonl")
    assert ran.code == 0
    lines = ran.stderr.splitlines()
    assert [line for line in lines if line.startswith("in/2.txt: the same article as ")] != []
    assert "in/3.txt: empty article, left out" in lines
    assert "1 files ending in .pdf left alone" in lines
    assert lines[-1].startswith("1 articles, 4 sentences")


def test_a_campaign_without_a_server(run, article, tmp_path, monkeypatch):
    """init, split, prelabel, resolve, build and publish find each other's files, and `status` knows what comes next."""
    assert run("init", "w", "--name", "Election news").code == 0
    here = tmp_path / "w"
    article.rename(here / "articles" / "a.txt")
    monkeypatch.chdir(here / "articles")  # any folder below the workspace will do
    assert next_step(run) == "put articles into articles/, then: annotate split"
    for command, following in (("split", "annotate prelabel"), ("prelabel", "annotate push")):
        assert run(command).code == 0
        assert next_step(run) == following
    assert run("validate", here / "work" / "sentences.jsonl", here / "work" / "prelabeled.jsonl").code == 0

    proposed = list(records(here / "work" / "prelabeled.jsonl", Prelabeled))
    (here / "work" / "annotations.jsonl").write_bytes(
        b"".join(accepted(record, n).to_json() + b"\n" for n, record in enumerate(proposed, 1))
    )
    ran = run("resolve")
    assert ran.code == 0
    assert "4 gold (4 by one person, 0 by agreement), 0 disagreements left out, 0 skipped" in ran.stderr
    assert list(faults(here / "work" / "gold.jsonl", Gold)) == []

    assert run("build", "--allow", "class-missing").code == 0  # too few sentences for every stance
    named = ("build", here / "work" / "gold.jsonl", "-o", tmp_path / "named", "--allow", "class-missing")
    assert run(*named).code == 0  # its own gold by its name is built with all that lies beside it
    manifests = [folder / "0.1.0" / "manifest.json" for folder in (here / "releases", tmp_path / "named")]
    assert manifests[0].read_bytes() == manifests[1].read_bytes()
    later = run(*named, "--version", "0.2.0").stderr
    assert f"articles of {tmp_path / 'named' / '0.1.0'} keep the splits that they had there\n" in later
    assert next_step(run).startswith("annotate push")
    ran = run("publish", "--to", tmp_path / "out", "--json")
    assert ran.code == 0, ran.stderr
    summary = orjson.loads(ran.stdout)
    assert (summary["name"], summary["version"], summary["address"]) == (
        "election-news",
        "0.1.0",
        str(tmp_path / "out"),
    )
    assert run("publish", "--to", tmp_path / "out").code == 0
    assert run("status").stdout.count("0.1.0") == 1


def accepted(record, number):
    """The annotation of somebody who found a pre-label right."""
    fields = {name: getattr(record, name) for name in Sentence.__dataclass_fields__}
    moment = "2026-01-01T10:00:00Z"
    return Annotation(
        **fields,
        entities=record.entities,
        stances=record.stances,
        annotator="asha@example.org",
        annotation_id=number,
        task_id=number,
        created_at=moment,
        updated_at=moment,
    )


def next_step(run):
    """What `annotate status` says comes next."""
    ran = run("status")
    assert ran.code == 0
    return ran.stdout.splitlines()[-1].removeprefix("next: ")


def test_workspace_from_elsewhere(run, campaign, tmp_path, monkeypatch, article):
    """`-w` names a workspace that the command is not called in."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert run("split", article, "-w", campaign).code == 0
    assert texts((campaign / "work" / "sentences.jsonl").read_bytes()) == TEXTS
    assert list(elsewhere.iterdir()) == []


def test_disagreements_are_listed(run, article):
    """`resolve` prints who said what of a sentence it leaves out."""
    run("split", article, "-o", "s.jsonl")
    run("prelabel", "s.jsonl", "-o", "p.jsonl")
    [*_, last] = records(article.with_name("p.jsonl"), Prelabeled)
    first = accepted(last, 1)
    congress, modi = last.entities
    other = Annotation.from_dict(
        orjson.loads(first.to_json()) | {"annotator": "balram", "annotation_id": 2, "stances": []}
    )
    criticised = Stance(target=modi.id, label="AGAINST", holder=congress.id)
    first = Annotation.from_dict(
        orjson.loads(first.to_json()) | {"stances": [orjson.loads(criticised.to_json())], "annotator": "asha"}
    )
    article.with_name("a.jsonl").write_bytes(first.to_json() + b"\n" + other.to_json() + b"\n")
    ran = run("resolve", "a.jsonl", "-o", "g.jsonl")
    assert ran.code == 0
    assert ran.stderr.splitlines()[:3] == [
        f"left out: {last.id}: {TEXTS[-1]}",
        f"    asha: AGAINST toward {modi.id} by {congress.id}",
        "    balram: nothing of it",
    ]
    summary = orjson.loads(run("resolve", "a.jsonl", "-o", "g.jsonl", "--json").stdout)
    assert summary["disagreements"][0]["id"] == last.id


def test_validate_compares_with_articles(run, campaign, article):
    """Sentences are compared with the articles they were cut from: those of the workspace, or those that are given."""
    assert run("split", article).code == 0
    source = campaign / "work" / "sentences.jsonl"
    assert run("validate", source).code == 0
    source.write_bytes(source.read_bytes().replace("डॉ. राव".encode(), "डॉ. दास".encode()))
    found = run("validate", source)
    assert found.code == 1
    assert "wrong-text: the article has 'डॉ. राव" in found.stdout
    (campaign / "work" / "articles.jsonl").rename(campaign / "a.jsonl")
    assert run("validate", source).code == 0
    assert run("validate", source, "--articles", "a.jsonl").stdout == found.stdout
    assert run("validate", source, "a.jsonl").stdout == found.stdout


def test_validate_as_json(run, tmp_path):
    """`validate --json` prints the files and every fault with its parts."""
    (tmp_path / "a.jsonl").write_bytes(b'{"id": "n", "text": "\\u0915", "lang": "hi"}\n{\n')
    ran = run("validate", "a.jsonl", "--json")
    assert ran.code == 1
    found = orjson.loads(ran.stdout)
    assert found["files"] == ["a.jsonl"]
    [fault] = found["faults"]
    assert {**fault, "found": ""} == {"file": "a.jsonl", "line": 2, "id": "", "reason": "broken-json", "found": ""}


def test_the_shipped_corpus_is_sound(run, corpus):
    """The corpus that ships passes `annotate validate`, the gold compared with its articles."""
    ran = run("validate", corpus.gold, corpus.articles)
    assert (ran.code, ran.stdout) == (0, "")


def test_a_file_name_that_is_not_utf8(cli, tmp_path):
    """A file whose name is not UTF-8 can be named in a message, and is read like any other."""
    name = os.fsdecode(b"\xff.jsonl")
    (tmp_path / name).write_bytes(b"{\n")
    for options in ([], ["--json"]):
        ran = cli("validate", name, *options, env={"PYTHONIOENCODING": "utf-8:strict"})
        assert ran.code == 1
        assert "Traceback" not in ran.stderr
        assert "broken-json" in ran.stdout


def test_entities_of_the_workspaces_labels(run, campaign, tmp_path):
    """A label that the workspace's annotate.toml does not have is a fault there."""
    (campaign / "annotate.toml").write_text('[[labels.entities]]\nname = "PARTY"')
    entity = orjson.loads(Entity.at(0, 4, "PER").to_json())
    row = {"id": "n:0-4", "article_id": "n", "lang": "hi", "index": 0, "start": 0, "end": 4, "text": "मोदी"}
    labelled = {"kind": "sentence", "entities": [entity], "stances": [], "engine": {"name": "rules", "version": "1"}}
    (tmp_path / "p.jsonl").write_bytes(orjson.dumps(row | labelled))
    ran = run("validate", "p.jsonl")
    assert ran.code == 1
    assert "unknown-label: entities[0].label: 'PER' (known: PARTY)" in ran.stdout
