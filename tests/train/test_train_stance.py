"""`train_stance` learns the model of the engine `classifier`: the same data, the same bytes; a card says what it is."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner

from annotate.cli.train import app
from annotate.errors import UsageError
from annotate.labels import DEFAULT
from annotate.prelabel.stance_classifier import ClassifierStances
from annotate.prelabel.stance_classifier.model import shipped
from annotate.records import Gold, Resolution, Stance, sentence_id
from annotate.release.build import build
from annotate.train.settings import StanceSettings
from annotate.train.stance import train_stance
from annotate.train.stance_examples import read_gold
from tests.prelabel.marked import marked, sentence

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
QUICK = StanceSettings(iterations=30, folds=2)
BLAME = "[{0}|PER] ने [{1}|ORG] की आलोचना की।"
PRAISE = "[{0}|PER] ने [{1}|ORG] की तारीफ की।"
MEETING = "[{0}|PER] ने [{1}|ORG] से मुलाकात की।"
NAMES = [("राव", "सपा"), ("नेगी", "भाजपा"), ("मेहता", "जल निगम"), ("पाल", "रेलवे"), ("जैन", "इसरो"), ("सेन", "वन विभाग")]


def write_gold(path):
    """A small file of gold: each name blames, praises and meets a body, one article a name."""
    rows = []
    for number, names in enumerate(NAMES):
        at = 0
        for index, (form, label) in enumerate(((BLAME, "AGAINST"), (PRAISE, "FAVOR"), (MEETING, "NEUTRAL"))):
            text, entities = marked(form.format(*names))
            one = sentence(text, article=f"a{number}", index=index, start=at)
            who, whom = entities
            holder = None if label == "NEUTRAL" else who.id
            stances = (Stance(target=whom.id, label=label, holder=holder), Stance(target=who.id, label="NEUTRAL"))
            rows.append(
                Gold(
                    id=sentence_id(one.article_id, one.start, one.end),
                    article_id=one.article_id,
                    lang="hi",
                    index=index,
                    start=one.start,
                    end=one.end,
                    text=text,
                    entities=entities,
                    stances=stances,
                    resolution=Resolution(method="single", annotators=("a",)),
                )
            )
            at = one.end + 1
    path.write_bytes(b"".join(row.to_json() + b"\n" for row in rows))
    return path


def test_the_same_data_give_the_same_bytes(tmp_path):
    """Two trainings with one seed differ in nothing, the cards included."""
    data = write_gold(tmp_path / "small.jsonl")
    first, second = (
        train_stance([data], tmp_path / folder / "m.model", dev=[data], settings=QUICK) for folder in ("one", "two")
    )
    assert first.model.read_bytes() == second.model.read_bytes()
    assert first.card.read_text("utf-8") == second.card.read_text("utf-8")
    assert first.sha256 == second.sha256 == sha256(first.model.read_bytes()).hexdigest()


def test_it_judges_as_it_learnt(tmp_path):
    """The model says of names that were not in its data who is for or against whom, and names a cue and a source."""
    summary = train_stance([write_gold(tmp_path / "small.jsonl")], tmp_path / "m.model", settings=QUICK)
    engine = ClassifierStances(DEFAULT, summary.model)
    for form, said in ((BLAME, ["AGAINST"]), (PRAISE, ["FAVOR"]), (MEETING, [])):
        text, entities = marked(form.format("घोरपड़े", "नील मोर्चा"))
        (found,) = engine.stances([sentence(text)], [entities])
        assert [stance.label for stance in found] == said
        assert all((s.target, s.holder) == (entities[1].id, entities[0].id) and s.cue and s.source for s in found)


def test_a_release_is_data_too(tmp_path):
    """The training part of a release holds the same sentences as the gold that went into it."""
    summary = build(DATASETS / "hindi-news" / "gold.jsonl", tmp_path / "releases", "0.1.0")
    known = {gold.id: gold for gold in read_gold(DATASETS / "hindi-news" / "gold.jsonl")}
    read = read_gold(summary.path)
    assert 0 < len(read) < len(known)
    for gold in read:
        assert gold.stances == known[gold.id].stances
        assert [e.id for e in gold.entities] == [e.id for e in known[gold.id].entities]


def test_development_data_leave_out_what_was_trained_on(tmp_path):
    """A sentence that stands in the training data is not measured."""
    data = write_gold(tmp_path / "small.jsonl")
    summary = train_stance([data], tmp_path / "m.model", dev=[data], settings=QUICK)
    assert (summary.dev_sentences, summary.dev) == (0, None)


def test_without_a_stance_there_is_nothing_to_learn(tmp_path):
    """Data in which everybody is NEUTRAL is refused, and no model appears."""
    data = write_gold(tmp_path / "small.jsonl")
    neutral = [line for line in data.read_bytes().splitlines(keepends=True) if b'"FAVOR"' not in line]
    data.write_bytes(b"".join(line for line in neutral if b'"AGAINST"' not in line))
    with pytest.raises(UsageError, match="no stance"):
        train_stance([data], tmp_path / "m.model", settings=QUICK)
    assert not (tmp_path / "m.model").exists()


def test_the_command(tmp_path):
    """`annotate train stance` writes model and card, and its summary is one object with --json."""
    data = write_gold(tmp_path / "small.jsonl")
    notes = tmp_path / "notes.md"
    notes.write_text("Licence: CC BY 4.0.", "utf-8")
    call = ["stance", str(data), "-o", str(tmp_path / "m.model"), "--notes", str(notes), "--json", "-w", str(tmp_path)]
    (tmp_path / "annotate.toml").write_text('lang = "hi"\n')
    ran = CliRunner().invoke(app, call)
    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout)["sha256"] == sha256((tmp_path / "m.model").read_bytes()).hexdigest()
    card = (tmp_path / "m.model.md").read_text("utf-8")
    for words in ("small.jsonl | 6 | 18 |", "Licence: CC BY 4.0.", "No development data", "seed 1", "threshold"):
        assert words in card.replace("Seed", "seed")


def test_the_shipped_model_is_of_the_shipped_data():
    """The card beside the model names its hash and the hashes of the corpora as they are; the file is below 10 MB."""
    model, card = shipped().read_bytes(), shipped().with_name(shipped().name + ".md").read_text("utf-8")
    assert len(model) < 10_000_000
    assert sha256(model).hexdigest() in card
    rows = re.findall(r"^\| (\S+\.jsonl) \|.*`([0-9a-f]{16})…`", card, re.MULTILINE)
    known = {path.name: path for path in (DATASETS / "hindi-news/gold.jsonl", DATASETS / "hindi-stance/train.jsonl")}
    assert {name for name, _ in rows} == set(known)
    assert all(sha256(known[name].read_bytes()).hexdigest().startswith(start) for name, start in rows)
