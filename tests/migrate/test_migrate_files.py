"""`annotate migrate` on a workspace: all files change or none, a log says how, and there is a way back."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotate import check
from annotate.errors import DataError, Unfinished, UsageError
from annotate.labels import DEFAULT
from annotate.migrate import journal
from annotate.migrate.step import migrate, undo
from annotate.records import Annotation, Gold, Prelabeled, Resolution
from annotate.start import start
from annotate.studio.ledger import Ledger
from annotate.workspace import Workspace
from tests.campaigns import four_sentences
from tests.strategies import golds

RENAME = 'version = "2"\n[entities.rename]\nPER = "PERSON"\n[stances.rename]\nFAVOR = "PRO"\n'
BACK = 'version = "1"\n[entities.rename]\nPERSON = "PER"\n[stances.rename]\nPRO = "FAVOR"\n'
DROP = 'version = "2"\n[entities]\ndrop = ["PER"]\n'
MADE = "2026-03-14T08:00:00Z"


def lines(records):
    return b"".join(record.to_json() + b"\n" for record in records)


def annotated(sentence, number):
    """What a person left of a pre-labelled sentence."""
    fields = {name: getattr(sentence, name) for name in Annotation.__dataclass_fields__ if hasattr(sentence, name)}
    moments = {"created_at": MADE, "updated_at": MADE}
    return Annotation(**fields, annotator="asha", annotation_id=number, task_id=number, **moments)


def gold_of(sentence):
    fields = {name: getattr(sentence, name) for name in Gold.__dataclass_fields__ if hasattr(sentence, name)}
    return Gold(**fields, resolution=Resolution(method="single", annotators=("asha",)))


@pytest.fixture
def here(tmp_path):
    """A campaign under way: pre-labels, annotations, gold, and a ledger that knows the tasks."""
    root = tmp_path / "campaign"
    start(root)
    here = Workspace.load(root)
    sentences = four_sentences()
    here.prelabeled.write_bytes(lines(sentences))
    here.annotations.write_bytes(lines(annotated(it, n) for n, it in enumerate(sentences, 1)))
    here.gold.write_bytes(lines(map(gold_of, sentences)))
    with Ledger.open(here.ledger, 1, MADE, "campaign") as book:
        book.intend(sentences)
        book.settle({it.id: n for n, it in enumerate(sentences, 1)})
    (root / "rename.toml").write_text(RENAME, "utf-8")
    return here


def contents(here):
    """Every file that a migration is about, in bytes."""
    paths = (here.root / "annotate.toml", here.prelabeled, here.annotations, here.gold, here.ledger)
    return {path.name: path.read_bytes() for path in paths}


def log(here):
    return [orjson.loads(line) for line in (here.migrations / journal.LOG).read_bytes().splitlines()]


def test_everything_changes_together(here):
    """Configuration, files and ledger have the new labels, and every record is sound by them."""
    summary = migrate(here.root, here.root / "rename.toml")
    now = Workspace.load(here.root)
    assert now.labels.entity_names == ["PERSON", "ORG", "LOC"]
    for path, kind in ((now.prelabeled, Prelabeled), (now.annotations, Annotation), (now.gold, Gold)):
        records = list(check.records(path, kind, now.labels))
        assert {e.label for it in records for e in it.entities} == {"PERSON", "LOC"}
    (stance,) = records[1].stances
    assert (stance.label, stance.target.rpartition("-")[2], stance.holder.rpartition("-")[2]) == (
        "PRO",
        "PERSON",
        "PERSON",
    )
    assert summary.tasks == {"campaign": 4}
    gold = summary.files["work/gold.jsonl"]
    assert (gold.records, gold.changed) == (4, 2)
    assert gold.counts == {"entities: PER → PERSON": 3, "stances: FAVOR → PRO": 1}
    shown = {it.id: it for it in Ledger.prelabels(here.ledger)}
    assert shown == {it.id: it for it in check.records(now.prelabeled, Prelabeled, now.labels)}


def test_lines_of_which_nothing_changes_stay_to_the_byte(here):
    """However they are written."""
    first, *rest = here.gold.read_bytes().splitlines(keepends=True)
    odd = b"\n" + orjson.dumps(orjson.loads(first), option=orjson.OPT_INDENT_2).replace(b"\n", b" ") + b"\r\n"
    here.gold.write_bytes(b"\xef\xbb\xbf" + odd + b"".join(rest))
    migrate(here.root, here.root / "rename.toml")
    assert here.gold.read_bytes().startswith(b"\xef\xbb\xbf" + odd)


def test_the_log_names_every_change(here):
    """File, line, sentence, what, before and after; a second migration adds to it, and nothing goes."""
    migrate(here.root, here.root / "rename.toml")
    first = log(here)
    sentence = four_sentences()[1]
    assert first[0] == {"migration": 1, "action": "migrated", "versions": ["1", "2"]}
    assert {
        "migration": 1,
        "file": "work/gold.jsonl",
        "line": 2,
        "id": sentence.id,
        "what": "entity",
        "action": "relabelled",
        "before": sentence.entities[0].id,
        "after": sentence.entities[0].id + "SON",
        "why": "",
    } in first
    assert len(first) == 1 + 3 * 4
    (here.root / "back.toml").write_text(BACK, "utf-8")
    migrate(here.root, here.root / "back.toml")
    assert log(here)[: len(first)] == first
    undo(here.root)
    assert log(here)[-1] == {"migration": 2, "action": "undone"}


def test_a_dry_run_changes_nothing_and_says_the_same(here):
    """Counts and examples are those of the migration itself."""
    before = contents(here)
    dry = migrate(here.root, here.root / "rename.toml", dry_run=True, examples=1)
    assert contents(here) == before
    assert not here.migrations.exists()
    assert [it.mention for it in dry.examples] == ["किम जोंग उन", "पुतिन"]
    assert replace(dry, dry_run=False) == migrate(here.root, here.root / "rename.toml", examples=1)


def test_undone_byte_for_byte(here):
    """One migration after the other, the last one first."""
    states = [contents(here)]
    for name, text in (("rename", RENAME), ("drop", 'version = "3"\n[entities]\ndrop = ["PERSON"]\n')):
        (here.root / f"{name}.toml").write_text(text, "utf-8")
        migrate(here.root, here.root / f"{name}.toml")
        states.append(contents(here))
    assert undo(here.root) == 2
    assert contents(here) == states[1]
    assert undo(here.root) == 1
    assert contents(here) == states[0]
    with pytest.raises(UsageError, match="no migration to undo"):
        undo(here.root)


@pytest.mark.parametrize("name", ["annotate.toml", "work/gold.jsonl", "work/ledger.sqlite3"])
def test_what_changed_since_is_not_undone(name, here):
    """Nothing that came after a migration is lost."""
    migrate(here.root, here.root / "rename.toml")
    if name.endswith("sqlite3"):
        with Ledger.open(here.ledger, 1, MADE, "campaign") as book:
            book.pulled(MADE, "reading")
    else:
        with (here.root / name).open("ab") as stream:
            stream.write(b"\n")
    before = contents(here)
    with pytest.raises(UsageError, match=f"changed after it: {name}"):
        undo(here.root)
    assert contents(here) == before


def test_what_was_kept_must_be_there(here):
    """A copy that somebody removed cannot be put back, and nothing else is."""
    migrate(here.root, here.root / "rename.toml")
    before = contents(here)
    (here.migrations / "0001" / "before" / "work" / "gold.jsonl").unlink()
    with pytest.raises(UsageError, match=r"no longer holds what was there before: work/gold\.jsonl"):
        undo(here.root)
    assert contents(here) == before


def test_a_workspace_of_settings_alone(tmp_path):
    """There may be nothing yet but annotate.toml."""
    (tmp_path / "annotate.toml").write_text('[labels]\nversion = "1"\n', "utf-8")
    (tmp_path / "rename.toml").write_text(RENAME, "utf-8")
    assert migrate(tmp_path, tmp_path / "rename.toml").files == {}
    assert Workspace.load(tmp_path).labels.entity_names == ["PERSON", "ORG", "LOC"]
    undo(tmp_path)
    assert (tmp_path / "annotate.toml").read_text("utf-8") == '[labels]\nversion = "1"\n'


def test_the_same_rules_again_do_nothing(here):
    """A command that was answered and asked again converges."""
    migrate(here.root, here.root / "rename.toml")
    before = contents(here)
    again = migrate(here.root, here.root / "rename.toml")
    assert (again.unchanged, again.number) == (True, 1)
    assert contents(here) == before


def test_what_goes_with_a_dropped_type_is_listed(here):
    """Stances toward it are counted, shown and logged."""
    (here.root / "drop.toml").write_text(DROP, "utf-8")
    summary = migrate(here.root, here.root / "drop.toml", dry_run=True)
    counts = summary.files["work/gold.jsonl"].counts
    assert counts == {
        "entities: PER dropped, PER is dropped": 3,
        "stances: FAVOR dropped, its target is dropped": 1,
    }


def test_faults_of_every_file_are_listed_and_nothing_changes(here):
    """Broken records are mended first."""
    for path in (here.gold, here.annotations):
        path.write_bytes(path.read_bytes().replace(b'"LOC"', b'"LOX"'))
    before = contents(here)
    with pytest.raises(DataError) as refused:
        migrate(here.root, here.root / "rename.toml")
    assert [fault.file for fault in refused.value.faults] == [str(here.annotations), str(here.gold)]
    assert contents(here) == before
    assert list(here.migrations.iterdir()) == []


def test_a_push_that_was_cut_off_comes_first(here):
    """Until it ended nobody knows what the server has."""
    with Ledger.open(here.ledger, 1, MADE, "campaign") as book:
        book.intend([replace(four_sentences()[0], id="other:0-20")])
    with pytest.raises(UsageError, match="annotate push ends it"):
        migrate(here.root, here.root / "rename.toml")


def test_a_name_does_not_come_back_with_another_meaning(here):
    """Annotations on the server may still have it in the old one; to come back as it was is fine."""
    migrate(here.root, here.root / "rename.toml")
    (here.root / "other.toml").write_text('version = "3"\n[entities.rename]\nORG = "PER"\n', "utf-8")
    with pytest.raises(UsageError, match="PER was a label before and meant something else"):
        migrate(here.root, here.root / "other.toml")
    (here.root / "back.toml").write_text(BACK, "utf-8")
    assert migrate(here.root, here.root / "back.toml").number == 2


def test_a_guideline_that_speaks_of_old_labels_is_pointed_out(here):
    """It is prose, and is left alone."""
    warnings = migrate(here.root, here.root / "rename.toml", dry_run=True).warnings
    assert any("guideline.md speaks of PER" in warning for warning in warnings)


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(golds(), max_size=3, unique_by=lambda it: it.id))
def test_there_and_back_is_the_same_bytes(records, tmp_path_factory):
    """Configuration and gold after a rename and its reverse."""
    root = tmp_path_factory.mktemp("campaign")
    start(root)
    here = Workspace.load(root)
    here.gold.write_bytes(lines(records))
    before = (root / "annotate.toml").read_bytes(), here.gold.read_bytes()
    for name, text in (("rename", RENAME), ("back", BACK)):
        (root / f"{name}.toml").write_text(text, "utf-8")
        migrate(root, root / f"{name}.toml")
    assert ((root / "annotate.toml").read_bytes(), here.gold.read_bytes()) == before
    assert Workspace.load(root).labels == DEFAULT


def killed(work, moves):
    """Whether a process of its own that does `work` was killed when it was about to move the nth file."""
    child = os.fork()
    if not child:
        left = iter(range(moves))

        def deadly(move):
            def moved(self, target):
                if next(left, None) is None:
                    os.kill(os.getpid(), signal.SIGKILL)
                return move(self, target)

            return moved

        Path.replace, Path.rename = deadly(Path.replace), deadly(Path.rename)
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.parametrize("undoing", [False, True], ids=["migrate", "undo"])
def test_killed_anywhere(undoing, here, cli):
    """All files are old, or the workspace says that it is in between and the same command brings it to its end."""

    def do():
        return migrate(here.root, here.root / "rename.toml")

    def back():
        return undo(here.root)

    forth, back = (back, do) if undoing else (do, back)
    if undoing:
        do()
    old = contents(here)
    ends = []
    for moves in range(30):
        if not killed(forth, moves):
            break
        between = journal.pending(here.migrations)
        ends.append("between" if between else "old" if contents(here) == old else "new")
        if between and "between" not in ends[:-1]:
            assert cli("status", cwd=here.root).code == Unfinished.exit_code
        if ends[-1] != "new":
            forth()
        assert not journal.pending(here.migrations)
        assert Workspace.load(here.root).labels.version == ("1" if undoing else "2")
        back()
        assert contents(here) == old
    assert len(ends) >= 6
    assert {"old", "between"} <= set(ends)
    done = [line["action"] for line in log(here) if line.get("action") in ("migrated", "undone")]
    assert done == [("migrated", "undone")[n % 2] for n in range(len(done))]


def test_the_command(here, cli):
    """Words for people, JSON for machines, and the codes of the contract."""
    dry = cli("migrate", "rename.toml", "--dry-run", cwd=here.root)
    assert (dry.code, "label set would go from 1 to 2" in dry.stdout) == (0, True)
    done = cli("migrate", "rename.toml", "--json", cwd=here.root)
    assert orjson.loads(done.stdout)["files"]["work/gold.jsonl"]["changed"] == 2
    assert cli("validate", "work/gold.jsonl", cwd=here.root).code == 0
    assert orjson.loads(cli("migrate", "--undo", "--json", cwd=here.root).stdout) == {"undone": 1}
    assert cli("migrate", "--undo", cwd=here.root).code == 2
    assert cli("migrate", cwd=here.root).code == 2
    assert cli("migrate", "nowhere.toml", cwd=here.root).code == 2
    assert cli("migrate", "rename.toml", "--undo", cwd=here.root).code == 2
    here.gold.write_bytes(b"{}\n")
    assert cli("migrate", "rename.toml", cwd=here.root).code == 1
