"""`train_ner` learns a model for the backend `crf`: the same data give the same bytes, and a card says what it is."""

import json

import pytest
from typer.testing import CliRunner

from annotate.cli.train import app
from annotate.errors import UsageError
from annotate.labels import DEFAULT
from annotate.prelabel.crf import CrfEntities
from annotate.train.ner import train_ner
from annotate.train.settings import Settings
from tests.prelabel.marked import marked, sentence, shown
from tests.train.small import write_conll

QUICK = Settings(iterations=15, folds=3)


def test_the_same_data_give_the_same_bytes(tmp_path):
    """Two trainings with one seed differ in nothing, the cards included but for the model's name."""
    data = write_conll(tmp_path / "small.conll")
    first, second = (
        train_ner([data], tmp_path / folder / "m.crf", dev=[data], settings=QUICK) for folder in ("one", "two")
    )
    assert first.model.read_bytes() == second.model.read_bytes()
    assert first.card.read_text("utf-8") == second.card.read_text("utf-8")
    assert first.sha256 == second.sha256


def test_it_finds_names_like_those_it_learnt(tmp_path):
    """The model finds the names of a sentence that was not in its data, without the help of the rules."""
    summary = train_ner([write_conll(tmp_path / "small.conll")], tmp_path / "m.crf", settings=QUICK)
    engine = CrfEntities(DEFAULT, summary.model, with_rules=False, article_pass=False)
    text = "[जल निगम|ORG] ने [सविता घोरपड़े|PER] को [पटना|LOC] में नोटिस भेजा।"
    bare, _ = marked(text)
    (found,) = engine.entities([sentence(bare)])
    assert shown(bare, found) == text
    assert {entity.source for entity in found} == {"crf"}


def test_the_dev_part_leaves_out_what_was_trained_on(tmp_path):
    """A sentence of the development data that stands in the training data is not measured."""
    data, dev = write_conll(tmp_path / "small.conll"), tmp_path / "dev.conll"
    new = "आरा\tB-LOC\nमें\tO\nजल\tB-ORG\nनिगम\tI-ORG\nकी\tO\nसभा\tO\nहुई\tO\n।\tO\n\n"
    dev.write_text(new + "बारिश\tO\nके\tO\nकारण\tO\nसड़क\tO\nबंद\tO\nरही\tO\n।\tO\n\n", "utf-8")
    summary = train_ner([data], tmp_path / "m.crf", dev=[dev], settings=QUICK)
    assert summary.dev_sentences == 1
    assert summary.dev["all"].gold == 2


def test_the_card_says_what_went_in(tmp_path):
    """Data with counts and hash, settings, notes and figures stand in the card."""
    data = write_conll(tmp_path / "small.conll")
    summary = train_ner([data], tmp_path / "m.crf", settings=QUICK, notes="Licence: CC BY 4.0.")
    card = summary.card.read_text("utf-8")
    assert summary.card == tmp_path / "m.crf.md"
    for part in ("small.conll | 600 |", summary.sha256, "Licence: CC BY 4.0.", "iterations 15", "No development data"):
        assert part in card
    assert summary.size_bytes == summary.model.stat().st_size


def test_nothing_to_learn(tmp_path):
    """Data without a name is refused, and no model appears."""
    data = tmp_path / "empty.conll"
    data.write_text("बारिश\tO\n\n", "utf-8")
    with pytest.raises(UsageError, match="no labelled name"):
        train_ner([data], tmp_path / "m.crf")
    assert not (tmp_path / "m.crf").exists()


def test_the_command(tmp_path):
    """`train ner DATA -o MODEL` prints the table of the development data and names what it wrote."""
    data = str(write_conll(tmp_path / "small.conll"))
    dev = tmp_path / "dev.conll"
    dev.write_text("आरा\tB-LOC\nमें\tO\nजल\tB-ORG\nनिगम\tI-ORG\nकी\tO\nसभा\tO\n।\tO\n\n", "utf-8")
    common = ["ner", data, "-o", str(tmp_path / "m.crf"), "--iterations", "15", "--dev", str(dev)]
    ran = CliRunner().invoke(app, common)
    assert ran.exit_code == 0
    assert "600 sentences in" in ran.stderr
    assert "ORG" in ran.stderr
    as_json = CliRunner().invoke(app, [*common, "--json"])
    assert json.loads(as_json.stdout)["dev"]["all"]["gold"] == 2


@pytest.mark.parametrize(("as_annotated", "kept"), [(False, 1), (True, 2)])
def test_the_definition_can_be_left_alone(tmp_path, as_annotated, kept):
    """An adjective of a people that the data calls a body is learnt only when the data is taken as it is."""
    data, own = write_conll(tmp_path / "small.conll"), tmp_path / "own.conll"
    own.write_text("भारतीय\tB-ORG\nसेना\tO\nदिल्ली\tB-LOC\nआई\tO\n\n" * 40, "utf-8")
    chosen = Settings(iterations=15, folds=3, as_annotated=as_annotated)
    summary = train_ner([data, own], tmp_path / "m.crf", settings=chosen)
    engine = CrfEntities(DEFAULT, summary.model, with_rules=False, article_pass=False)
    (found,) = engine.entities([sentence("भारतीय सेना दिल्ली आई")])
    assert len(found) == kept
