"""annotate.toml is edited in place: what the migration does not touch stays to the byte."""

import pytest

from annotate.errors import UsageError
from annotate.migrate.config import edited
from annotate.migrate.rules import read_rules
from annotate.start import start
from annotate.workspace import CONFIG, Workspace

RENAME = 'version = "2"\n[entities.rename]\nPER = "PERSON"\n[stances.rename]\nFAVOR = "PRO"\n'
BACK = 'version = "1"\n[entities.rename]\nPERSON = "PER"\n[stances.rename]\nPRO = "FAVOR"\n'
LAYOUTS = {
    "as-init-writes-it": None,
    "nothing-said": "",
    "no-line-end": 'lang = "hi"',
    "labels-by-default": '[labels]\nversion = "1"\n\n[threshold]\nPER = 0.5 # sure\nORG = 0.25\n',
    "comments": (
        "[labels]\nversion = '1' # now\n\n# people\n[[labels.entities]]\nname = \"PER\" # who\n"
        "  # places\n[[ labels.entities ]]\n  stance = false\n  name='LOC'\n\n[studio]\nproject = \"PER PER\"\n"
    ),
    "no-version": '[[labels.entities]]\nname = "PER"\n\n[[labels.entities]]\nname = "LOC"',
    "windows": '[threshold]\r\nPER = 0.5\r\n[labels]\r\nversion = "1"\r\n[[labels.entities]]\r\nname = "PER"\r\n',
    "byte-order-mark": '\ufeff[[labels.entities]]\nname = "PER"\n',
    "a-text-like-a-table": '[[labels.entities]]\nname = "PER"\nhelp = """\n[[labels.entities]]\nname = "PER"\n"""\n',
}


def workspace(folder, text):
    """A workspace with this annotate.toml, by default the one that `init` writes, and its text."""
    if text is None:
        start(folder)
    else:
        (folder / CONFIG).write_bytes(text.encode())
    return Workspace.load(folder), (folder / CONFIG).read_bytes().decode()


def after(folder, rules):
    """The text after a migration."""
    (folder / "rules.toml").write_text(rules, "utf-8")
    here = Workspace.load(folder)
    migration = read_rules(folder / "rules.toml", here.labels)
    return edited(here, (folder / CONFIG).read_bytes().decode(), migration.change, migration.labels)


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_renamed(text, tmp_path):
    """Every way to write the file is understood; thresholds go along, and all else is as it was."""
    before, _ = workspace(tmp_path, text)
    (tmp_path / CONFIG).write_bytes(after(tmp_path, RENAME).encode())
    now = Workspace.load(tmp_path)
    names = ["PERSON" if name == "PER" else name for name in before.labels.entity_names]
    assert (now.labels.version, now.labels.entity_names) == ("2", names)
    assert now.labels.stance_names == ["PRO", "AGAINST", "NEUTRAL"]
    assert now.thresholds == {"PERSON" if k == "PER" else k: v for k, v in before.thresholds.items()}
    assert (now.studio, now.release) == (before.studio, before.release)


@pytest.mark.parametrize("name", ["as-init-writes-it", "windows"])
def test_there_and_back(name, tmp_path):
    """The reverse gives the same bytes, where labels and version were written out."""
    rules = (
        (RENAME, BACK) if name == "as-init-writes-it" else (RENAME.partition("[stances")[0], BACK.partition("[st")[0])
    )
    _, text = workspace(tmp_path, LAYOUTS[name])
    for one in rules:
        (tmp_path / CONFIG).write_bytes(after(tmp_path, one).encode())
    assert (tmp_path / CONFIG).read_bytes().decode() == text


def test_only_what_changes_changes(tmp_path):
    """A diff shows two names and a version."""
    _, text = workspace(tmp_path, None)
    changed = [
        pair for pair in zip(text.splitlines(), after(tmp_path, RENAME).splitlines(), strict=True) if len(set(pair)) > 1
    ]
    assert [line.partition("#")[0].strip() for _, line in changed] == [
        'version = "2"',
        'name = "PERSON"',
        'name = "PRO"',
    ]


def test_hindi_names(tmp_path):
    """Labels take Hindi names and give them back; a threshold's key gets the quotes that TOML wants there."""
    workspace(tmp_path, LAYOUTS["labels-by-default"])
    (tmp_path / CONFIG).write_bytes(after(tmp_path, 'version = "2"\n[entities]\nrename = { PER = "व्यक्ति" }\n').encode())
    now = Workspace.load(tmp_path)
    assert now.labels.entity_names == ["व्यक्ति", "ORG", "LOC"]
    assert now.thresholds == {"व्यक्ति": 0.5, "ORG": 0.25}
    (tmp_path / CONFIG).write_bytes(
        after(tmp_path, 'version = "3"\n[entities]\nrename = { "व्यक्ति" = "जन" }\n').encode()
    )
    assert Workspace.load(tmp_path).thresholds == {"जन": 0.5, "ORG": 0.25}


def test_dropped_merged_and_added(tmp_path):
    """Tables go, come and keep their order; of merged labels the first one's threshold counts."""
    workspace(tmp_path, "[threshold]\nORG = 0.3\nLOC = 0.4\nPER = 0.5\n# end\n")
    rules = 'version = "2"\n[entities]\nmerge = { THING = ["ORG", "LOC"] }\ndrop = ["PER"]\nadd = [{name = "EVENT"}]\n'
    text = after(tmp_path, rules)
    (tmp_path / CONFIG).write_text(text, "utf-8")
    now = Workspace.load(tmp_path)
    assert now.labels.entity_names == ["THING", "EVENT"]
    assert now.thresholds == {"THING": 0.3}
    assert text.startswith("[threshold]\nTHING = 0.3\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('labels.entities = [{ name = "PER" }]', "what can be edited are tables", id="inline"),
        pytest.param("threshold = { PER = 0.5 }", "what can be edited are tables", id="inline-threshold"),
    ],
)
def test_what_cannot_be_edited_is_said(text, said, tmp_path):
    """Rather than written over in another form."""
    workspace(tmp_path, text)
    with pytest.raises(UsageError, match=said):
        after(tmp_path, RENAME.partition("[stances")[0])


def test_labels_that_do_not_go_together_are_refused(tmp_path):
    """As they are when annotate.toml is read."""
    workspace(tmp_path, None)
    with pytest.raises(UsageError, match="two labels share a hotkey"):
        after(tmp_path, 'version = "2"\n[[entities.add]]\nname = "EVENT"\nhotkey = "1"\n')
