"""The whole flow on the shipped corpus: articles in, corrections through a real Label Studio, a loaded dataset out."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from annotate.check import records
from annotate.errors import UsageError
from annotate.prelabel.step import prelabel_file
from annotate.quality.corrections import Corrections, corrections, total
from annotate.quality.resolve import resolve
from annotate.records import Annotation, Gold, Prelabeled
from annotate.release.build import build
from annotate.release.publish import publish
from annotate.schema import shipped
from annotate.split.step import split_files
from annotate.start import start
from annotate.studio import codec, server
from annotate.studio.accounts import invite
from annotate.studio.client import Client
from annotate.studio.pull import pull
from annotate.studio.push import Campaign, push
from annotate.workspace import Workspace

__all__ = ["CORPUS", "DemoSummary", "demo"]

CORPUS = "hindi-news"
REVIEWER = "reviewer@annotate-kit.invalid"

_PAGE = 500

_MARK = ".annotate-demo"  # a folder without it is somebody's work and is never cleared


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSummary:
    """What the loop made of the shipped corpus, and where a person can look at it."""

    articles: int
    sentences: int
    entities: int
    stances: int
    submitted: int
    skipped: int
    corrected: int  # submitted sentences in which the reviewer changed something
    corrections: Corrections
    gold: int
    splits: dict[str, int]  # sentences by split
    rows: int  # over all configs, loaded back
    project_url: str
    release: Path
    account: str
    studio_left_up: bool


def demo(folder: Path, *, keep: bool = False, on_step: Callable[[str], None] = lambda _: None) -> DemoSummary:
    """Run the whole flow on the shipped corpus, against an embedded Label Studio, without asking anything.

    Args:
        folder: the demo's workspace; what an earlier demo left there is cleared first.
        keep: leave Label Studio up.
        on_step: told, in words, what happens next.

    Raises:
        UsageError: the folder holds something other than a demo's workspace.
        AnnotateError: a step failed; its own message says why.
    """
    _clear(folder)
    start(folder, "annotate-kit demo")
    here = Workspace.load(folder)
    corpus = shipped(CORPUS)
    shutil.copy(corpus / "articles.jsonl", here.articles / "hindi-news.jsonl")

    on_step("split and prelabel the shipped corpus")
    split = split_files([here.articles], here.sentences, articles_out=here.read_articles)
    prelabel = prelabel_file(here.sentences, here.prelabeled, labels=here.labels)

    on_step("start Label Studio (its first start on a machine makes a database)")
    started = server.up(here.studio_folder)
    try:
        key = server.api_key(here.studio_folder)
        with Client(started.server.url, key) as client:
            on_step(f"push to {client.url}")
            campaign = Campaign(here.studio.project, here.labels, here.guideline, here.studio.context)
            pushed = push(here.prelabeled, client, here.ledger, campaign=campaign, articles=here.read_articles)

            on_step(f"a second account, {REVIEWER}, corrects every sentence as the corpus's gold file has it")
            with Client(client.url, invite(client.url, key, REVIEWER).api_key) as reviewer:
                _review(here, reviewer, corpus / "gold.jsonl", pushed.project)

            on_step("pull, resolve and build")
            pulled = pull(
                here.annotations, here.quarantine, client, here.ledger, project=here.studio.project, labels=here.labels
            )
        gold = resolve(here.annotations, here.gold, labels=here.labels)
        built = build(
            here.gold,
            here.releases,
            "0.1.0",
            labels=here.labels,
            name=CORPUS,
            license=here.release.license,
            seed=here.release.seed,
            fractions=here.release.fractions,
        )
        on_step("publish to a folder and load it back in a fresh process")
        published = publish(built.path, folder / "published")
    finally:
        if not keep:
            server.down(here.studio_folder)
    changed = _changes(here)
    return DemoSummary(
        articles=split.articles,
        sentences=split.sentences,
        entities=sum(prelabel.entities.values()),
        stances=sum(prelabel.stances.values()),
        submitted=pulled.submitted,
        skipped=pulled.skipped,
        corrected=sum(change.actions > 0 for change in changed),
        corrections=total(changed),
        gold=gold.gold,
        splits={name: counts.sentences for name, counts in built.counts.items()},
        rows=published.rows,
        project_url=pushed.url,
        release=folder / "published",
        account=started.server.username,
        studio_left_up=keep,
    )


def _clear(folder: Path) -> None:
    if folder.exists():
        if not folder.is_dir():
            raise UsageError(f"{folder}: is a file, a folder is needed")
        if not (folder / _MARK).is_file():
            if any(folder.iterdir()):
                raise UsageError(f"{folder} is not empty and no demo made it; name another folder")
        else:
            server.down(folder / "studio")
            shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()


def _review(here: Workspace, reviewer: Client, gold: Path, project: int) -> None:
    """Submit what the gold file says of each sentence; skip what it cuts otherwise than the splitter does."""
    right = {record.id: record for record in records(gold, Gold, here.labels)}
    uids = [record.id for record in records(here.prelabeled, Prelabeled, here.labels)]
    for at in range(0, len(uids), _PAGE):
        for uid, task_id in reviewer.find(project, uids[at : at + _PAGE]).items():
            reviewer.annotate(task_id, codec.result(right[uid]) if uid in right else None)


def _changes(here: Workspace) -> list[Corrections]:
    proposed = {record.id: record for record in records(here.prelabeled, Prelabeled, here.labels)}
    return [
        corrections(proposed[annotation.id], annotation)
        for annotation in records(here.annotations, Annotation, here.labels)
        if annotation.outcome == "submitted"
    ]
