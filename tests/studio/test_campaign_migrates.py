"""A campaign goes on after `migrate`: what people did under the former labels is pulled by the new ones."""

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from annotate.check import records
from annotate.cli import servers
from annotate.errors import UsageError
from annotate.labels import DEFAULT
from annotate.migrate.step import migrate
from annotate.quality.report import compare
from annotate.quality.resolve import resolve as resolve_file
from annotate.records import Annotation, Engine, Entity, Gold, Prelabeled, TopicStance, sentence_id
from annotate.start import start
from annotate.studio.codec import result
from annotate.studio.interface import topic_control
from annotate.studio.interface_diff import controls
from annotate.studio.ledger import Ledger
from annotate.studio.pull import pull
from annotate.studio.push import PushOptions, push
from annotate.studio.snapshot import snapshot
from annotate.workspace import Workspace

TOPIC = "नागरिकता कानून"
RENAME = 'version = "2"\n[entities.rename]\nPER = "PERSON"\n[stances.rename]\nFAVOR = "PRO"\n'
SPLIT = """
version = "2"
[[entities.split]]
label = "ORG"
otherwise = "ORG"
into = [{ label = "PARTY", surfaces = ["भाजपा"] }]
"""
MIGRATE = PushOptions(migrate=True)


class Underway:
    """A workspace whose project is on the run's server."""

    def __init__(self, loop) -> None:
        self.loop, self.root = loop, Path(loop.folder) / "workspace"
        start(self.root)

    @property
    def here(self) -> Workspace:
        return Workspace.load(self.root)

    def write(self, sentences) -> None:
        self.here.prelabeled.write_bytes(b"".join(it.to_json() + b"\n" for it in sentences))

    def push(self, options=None):
        here = self.here
        campaign = servers.campaign(here, self.loop.title)
        return push(here.prelabeled, self.loop.client, here.ledger, campaign=campaign, options=options)

    def pull(self):
        here = self.here
        return pull(
            here.annotations,
            here.quarantine,
            self.loop.client,
            here.ledger,
            project=self.loop.title,
            labels=here.labels,
        )

    def pulled(self):
        return list(records(self.here.annotations, Annotation, self.here.labels))

    def migrate(self, rules):
        path = self.root / "rules.toml"
        path.write_text(rules, "utf-8")
        return migrate(self.root, path)

    def tasks(self, project):
        """The tasks by uid, with what they show and what people made of them."""
        with snapshot(self.loop.client, project, predictions=True) as taken:
            return {task["data"]["uid"]: task for task in taken.tasks}


@pytest.fixture
def campaign(loop):
    return Underway(loop)


def labels_of(record):
    return [entity.label for entity in record.entities]


def test_a_rename(campaign, sentences):
    """Pull says the same before and after the project has the new page, and old and new annotations speak alike."""
    campaign.write(sentences)
    project = campaign.push().project
    tasks = campaign.loop.task_ids(project, sentences)
    annotation = campaign.loop.client.annotate(tasks[sentences[1].id], result(sentences[1]))
    campaign.pull()

    campaign.migrate(RENAME)
    migrated = campaign.here.annotations.read_bytes()
    (old,) = campaign.pulled()
    assert labels_of(old) == ["PERSON", "PERSON"]
    assert [stance.label for stance in old.stances] == ["PRO"]
    assert campaign.pull().full
    assert campaign.here.annotations.read_bytes() == migrated

    with pytest.raises(UsageError, match="push --migrate"):
        campaign.push()
    assert campaign.push(replace(MIGRATE, dry_run=True)).dry_run
    assert "PER" in controls(campaign.loop.client.project(campaign.loop.title).interface)["label"].options
    summary = campaign.push(MIGRATE)
    assert (summary.already_there, summary.updated, summary.pushed) == (4, 1, 0)
    page = controls(campaign.loop.client.project(campaign.loop.title).interface)
    assert list(page["label"].options) == ["PERSON", "ORG", "LOC", "PER"]
    assert page["label"].options["PER"]["visible"] == "false"
    assert page["stance"].options["FAVOR"]["visible"] == "false"
    there = campaign.tasks(project)
    (shown,) = there[sentences[2].id]["predictions"]
    assert [item["value"]["labels"] for item in shown["result"]] == [["PERSON"]]
    assert there[sentences[1].id]["annotations"][0]["result"] == result(sentences[1])
    assert campaign.push().already_there == 4  # nothing is left to do
    assert campaign.pull().quarantined == 0
    assert campaign.here.annotations.read_bytes() == migrated

    # Somebody opens the old annotation on the new page and adds a name; somebody else annotates by the new labels.
    place = Entity.at(32, 38, "ORG")
    more = {**result(replace(sentences[1], entities=(place,), stances=()))[0]}
    campaign.loop.client.ask(
        "saving", "PATCH", f"/api/annotations/{annotation}/", body={"result": [*result(sentences[1]), more]}
    )
    renamed = list(records(campaign.here.prelabeled, Prelabeled, campaign.here.labels))
    campaign.loop.client.annotate(tasks[sentences[2].id], result(renamed[2]))
    assert campaign.pull().quarantined == 0
    first, second = campaign.pulled()
    assert labels_of(first) == ["PERSON", "PERSON", "ORG"]
    assert [stance.label for stance in first.stances] == ["PRO"]
    assert labels_of(second) == ["PERSON"]

    found = compare(Ledger.prelabels(campaign.here.ledger), campaign.pulled())
    assert (found.total.counts.kept, found.total.counts.added, found.total.counts.retyped) == (3, 1, 0)


def test_a_rename_of_stances_reaches_the_topic(campaign, sentences):
    """What was answered about the whole sentence, and what was proposed, go by the new name; another answer stays."""
    settings = campaign.root / "annotate.toml"
    settings.write_text(settings.read_text("utf-8") + f'\n[labels.topic]\ntext = "{TOPIC}"\n', "utf-8")
    proposed = replace(sentences[2], topic_stance=TopicStance(topic=TOPIC, label="FAVOR", score=0.7))
    campaign.write([*sentences[:2], proposed, sentences[3]])
    project = campaign.push().project
    tasks = campaign.loop.task_ids(project, sentences)
    for sentence, label in ((sentences[0], "FAVOR"), (sentences[1], "NEUTRAL")):
        said = replace(sentence, topic_stance=TopicStance(topic=TOPIC, label=label))
        campaign.loop.client.annotate(tasks[sentence.id], result(said))
    campaign.pull()
    gold = resolve_file(campaign.here.annotations, campaign.here.gold, labels=campaign.here.labels)
    assert gold.gold == 2

    campaign.migrate(RENAME)
    migrated = campaign.here.annotations.read_bytes()
    assert [a.topic_stance.label for a in campaign.pulled()] == ["PRO", "NEUTRAL"]
    assert [g.topic_stance.label for g in records(campaign.here.gold, Gold, campaign.here.labels)] == ["PRO", "NEUTRAL"]
    campaign.pull()
    assert campaign.here.annotations.read_bytes() == migrated

    summary = campaign.push(MIGRATE)
    assert (summary.already_there, summary.updated, summary.changed) == (4, 1, 0)
    page = controls(campaign.loop.client.project(campaign.loop.title).interface)
    asked = page[topic_control(TOPIC)].options
    assert [name for name, how in asked.items() if how.get("visible") != "false"] == ["PRO", "AGAINST", "NEUTRAL"]
    assert "FAVOR" in asked
    (shown,) = campaign.tasks(project)[proposed.id]["predictions"]
    assert [item["value"]["choices"] for item in shown["result"] if item["type"] == "choices"] == [["PRO"]]

    (ahead,) = (p for p in records(campaign.here.prelabeled, Prelabeled, campaign.here.labels) if p.topic_stance)
    campaign.loop.client.annotate(tasks[proposed.id], result(ahead))
    assert campaign.pull().quarantined == 0
    assert [a.topic_stance.label for a in campaign.pulled()] == ["PRO", "NEUTRAL", "PRO"]
    found = compare(Ledger.prelabels(campaign.here.ledger), campaign.pulled())
    (row,) = found.topics
    assert (row.counts.kept, row.counts.added) == (1, 2)


def test_new_sentences_after_a_rename(campaign, sentences):
    """They go out with the new labels, and what was there is not sent again."""
    campaign.write(sentences[:2])
    project = campaign.push().project
    campaign.migrate(RENAME)
    renamed = list(records(campaign.here.prelabeled, Prelabeled, campaign.here.labels))
    person = Entity.at(24, 34, "PERSON")
    campaign.write([*renamed, replace(sentences[2], entities=(person,))])
    summary = campaign.push(MIGRATE)
    assert (summary.pushed, summary.already_there, summary.changed) == (1, 2, 0)
    (shown,) = campaign.tasks(project)[sentences[2].id]["predictions"]
    assert shown["result"][0]["value"]["labels"] == ["PERSON"]


def test_there_and_back(campaign, sentences):
    """After a rename and its reverse the project, its tasks and what is pulled are those of before."""
    campaign.write(sentences)
    project = campaign.push().project
    campaign.loop.client.annotate(campaign.loop.task_ids(project, sentences)[sentences[1].id], result(sentences[1]))
    campaign.pull()
    before = campaign.here.annotations.read_bytes()
    campaign.migrate(RENAME)
    campaign.push(MIGRATE)
    campaign.migrate('version = "1"\n[entities.rename]\nPERSON = "PER"\n[stances.rename]\nPRO = "FAVOR"\n')
    assert campaign.here.labels == DEFAULT
    campaign.push(MIGRATE)
    campaign.pull()
    assert campaign.here.annotations.read_bytes() == before
    page = controls(campaign.loop.client.project(campaign.loop.title).interface)
    assert list(page["label"].options) == ["PER", "ORG", "LOC", "PERSON"]
    (shown,) = campaign.tasks(project)[sentences[2].id]["predictions"]
    assert shown["result"][0]["value"]["labels"] == ["PER"]


def test_a_split_is_told_by_when_an_annotation_was_saved(campaign):
    """ORG from before the new page is split by the rules; ORG that somebody chose beside PARTY stays ORG."""
    text = "भाजपा ने आयोग की आलोचना की।"
    pairs = []
    for index in (0, 1):
        start_at = index * 100
        pairs.append(
            Prelabeled(
                id=sentence_id("a1", start_at, start_at + len(text)),
                article_id="a1",
                lang="hi",
                index=index,
                start=start_at,
                end=start_at + len(text),
                text=text,
                entities=(Entity.at(0, 5, "ORG"), Entity.at(9, 13, "ORG")),
                engine=Engine(name="test", version="1"),
            )
        )
    campaign.write(pairs)
    project = campaign.push().project
    tasks = campaign.loop.task_ids(project, pairs)
    campaign.loop.client.annotate(tasks[pairs[0].id], result(pairs[0]))
    campaign.migrate(SPLIT)
    campaign.push(MIGRATE)
    (shown,) = campaign.tasks(project)[pairs[1].id]["predictions"]
    assert [item["value"]["labels"] for item in shown["result"]] == [["PARTY"], ["ORG"]]
    campaign.loop.client.annotate(tasks[pairs[1].id], result(pairs[1]))
    assert campaign.pull().quarantined == 0
    first, second = campaign.pulled()
    assert labels_of(first) == ["PARTY", "ORG"]
    assert labels_of(second) == ["ORG", "ORG"]


@pytest.mark.parametrize("pushed", [True, False], ids=["after-the-new-page", "before-it"])
def test_a_ledger_that_is_lost(pushed, campaign, sentences):
    """The workspace still knows the migration, so annotations of before are understood once push has met the tasks."""
    campaign.write(sentences)
    project = campaign.push().project
    campaign.loop.client.annotate(campaign.loop.task_ids(project, sentences)[sentences[2].id], result(sentences[2]))
    campaign.migrate(RENAME)
    if pushed:
        campaign.push(MIGRATE)
    campaign.here.ledger.unlink()
    assert campaign.push(MIGRATE).found_on_server == 4
    assert campaign.pull().quarantined == 0
    assert [labels_of(record) for record in campaign.pulled()] == [["PERSON"]]
    page = controls(campaign.loop.client.project(campaign.loop.title).interface)
    assert page["label"].options["PER"]["visible"] == "false"
    (shown,) = campaign.tasks(project)[sentences[1].id]["predictions"]
    assert {name for item in shown["result"] for name in item.get("value", {}).get("labels", ())} == {"PERSON"}
    assert campaign.push(MIGRATE).updated == 0


def test_a_project_of_after_a_migration(campaign, sentences):
    """It has nothing of the former labels on its page."""
    campaign.write(sentences)
    campaign.migrate(RENAME)
    campaign.push()
    assert "PER" not in controls(campaign.loop.client.project(campaign.loop.title).interface)["label"].options
    assert campaign.push().already_there == 4


def test_what_was_dropped_stays_on_the_server(campaign, sentences):
    """Pull leaves it out; a migration the other way round would bring nothing back, and undoing does."""
    campaign.write(sentences)
    project = campaign.push().project
    task = campaign.loop.task_ids(project, sentences)[sentences[1].id]
    campaign.loop.client.annotate(task, result(sentences[1]))
    campaign.migrate('version = "2"\n[entities]\ndrop = ["PER"]\n')
    campaign.push(MIGRATE)
    campaign.pull()
    (record,) = campaign.pulled()
    assert (record.entities, record.stances) == ((), ())
    kept = campaign.tasks(project)[sentences[1].id]["annotations"][0]["result"]
    assert orjson.dumps(kept) == orjson.dumps(result(sentences[1]))
