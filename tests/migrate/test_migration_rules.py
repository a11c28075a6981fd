"""A file of rules becomes a change and a label set, or all that is wrong with it is said."""

from dataclasses import replace

import orjson
import pytest

from annotate.errors import UsageError
from annotate.labels import DEFAULT, EntityLabel, StanceLabel
from annotate.migrate.rules import read_rules
from annotate.relabel import Rule, Split

PER, ORG, LOC = DEFAULT.entities
MORE = replace(DEFAULT, entities=(*DEFAULT.entities, EntityLabel("GPE"), EntityLabel("MISC", stance=False)))


def read(folder, text, labels=MORE, name="rules.toml"):
    path = folder / name
    path.write_text(text, "utf-8")
    return read_rules(path, labels)


def test_every_kind_of_rule(tmp_path):
    """Labels keep their places: renamed where they stood, merged where the first stood, new ones at the end."""
    (tmp_path / "parties.txt").write_text("# दल\nभाजपा\n\nकांग्रेस  पार्टी\n", "utf-8")
    migration = read(
        tmp_path,
        """
        version = "2"
        [entities]
        rename = { PER = "PERSON" }
        merge = { PLACE = ["LOC", "GPE"] }
        drop = ["MISC"]
        [[entities.split]]
        label = "ORG"
        otherwise = "ORG"
        [[entities.split.into]]
        label = "PARTY"
        file = "parties.txt"
        surfaces = ["बसपा"]
        [[entities.split.into]]
        label = "COURT"
        regex = "कोर्ट$"
        [[entities.add]]
        name = "EVENT"
        stance = false
        [[entities.add]]
        name = "PARTY"
        title = "दल"
        [stances]
        rename = { FAVOR = "PRO" }
        merge = { NEUTRAL = ["AGAINST"] }
        add = [{ name = "UNCLEAR", hotkey = "u" }]
        """,
    )
    labels, change = migration.labels, migration.change
    assert labels.version == "2"
    assert labels.entities == (
        replace(PER, name="PERSON"),
        ORG,
        EntityLabel("PARTY", "दल"),
        EntityLabel("COURT"),
        replace(LOC, name="PLACE"),
        EntityLabel("EVENT", stance=False),
    )
    favor, _, neutral = DEFAULT.stances
    assert labels.stances == (replace(favor, name="PRO"), neutral, StanceLabel("UNCLEAR", hotkey="u"))
    assert change.entities == {"PER": "PERSON", "LOC": "PLACE", "GPE": "PLACE", "MISC": None}
    party = Rule(label="PARTY", surfaces=("कांग्रेस पार्टी", "बसपा", "भाजपा"))
    assert change.splits == {"ORG": Split(into=(party, Rule(label="COURT", regex="कोर्ट$")), otherwise="ORG")}
    assert change.stances == {"FAVOR": "PRO", "AGAINST": "NEUTRAL"}


def test_a_merge_into_a_label_that_stays(tmp_path):
    """It may name itself among those that become it."""
    migration = read(tmp_path, 'version = "2"\n[entities]\nmerge = { LOC = ["LOC", "GPE"] }')
    assert migration.labels.entity_names == ["PER", "ORG", "LOC", "MISC"]
    assert migration.change.entities == {"GPE": "LOC"}


def test_json_says_the_same(tmp_path):
    """The schema is one; TOML and JSON are two ways to write it."""
    rules = {"version": "2", "entities": {"rename": {"PER": "PERSON"}}}
    one = read(tmp_path, orjson.dumps(rules).decode(), name="rules.json")
    assert one == read(tmp_path, 'version = "2"\nentities.rename.PER = "PERSON"')


WRONG = {
    "no-toml": ("version", "rules.toml"),
    "no-version": ("[entities]", "'version' is a required property"),
    "same-version": ('version = "1"', "'1' already"),
    "unknown-key": ('version = "2"\n[entities]\nrenam = {}', "'renam' was unexpected"),
    "unknown-label": ('version = "2"\n[entities]\ndrop = ["PERS"]', "'PERS' is none of PER, ORG, LOC, GPE, MISC"),
    "two-rules": ('version = "2"\n[entities]\ndrop = ["PER"]\nrename = { PER = "P" }', "2 rules for PER"),
    "renamed-to-another": ('version = "2"\n[entities.rename]\nPER = "LOC"', "to make two labels one, merge them"),
    "renamed-to-one": ('version = "2"\n[entities.rename]\nPER = "X"\nORG = "X"', "which is a merge"),
    "swap": ('version = "2"\n[entities.merge]\nPER = ["ORG"]\nORG = ["PER"]', "goes by one rule and comes by another"),
    "added-twice": ('version = "2"\n[[entities.add]]\nname = "PER"', "PER is there already"),
    "neutral": ('version = "2"\n[stances]\ndrop = ["NEUTRAL"]', "what an entity without a stance is"),
    "called-O": ('version = "2"\n[entities.rename]\nPER = "O"', "outside any entity"),
    "no-regex": (
        'version = "2"\n[[entities.split]]\nlabel = "ORG"\notherwise = "ORG"\ninto = [{label = "X", regex = "("}]',
        "no regular expression",
    ),
    "no-list": (
        'version = "2"\n[[entities.split]]\nlabel = "ORG"\notherwise = "ORG"\ninto = [{label = "X", file = "no.txt"}]',
        "no.txt",
    ),
    "no-condition": (
        'version = "2"\n[[entities.split]]\nlabel = "ORG"\notherwise = "ORG"\ninto = [{label = "X"}]',
        "entities.split.0.into.0",
    ),
    "nothing-left": ('version = "2"\n[entities]\ndrop = ["PER", "ORG", "LOC", "GPE", "MISC"]', "no type would be left"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said(text, said, tmp_path):
    """With the file, and what there is instead."""
    with pytest.raises(UsageError) as refused:
        read(tmp_path, text)
    assert said in str(refused.value)
    assert str(refused.value).startswith(str(tmp_path / "rules.toml"))


def test_all_of_it_is_said_at_once(tmp_path):
    """One line for each thing."""
    with pytest.raises(UsageError) as refused:
        read(tmp_path, 'version = "1"\n[entities]\ndrop = ["A", "B"]\n[stances]\ndrop = ["C"]')
    assert len(str(refused.value).splitlines()) == 4
