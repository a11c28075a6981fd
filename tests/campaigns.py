"""A client of the run's Label Studio, a project of one's own, and sentences to push: a pytest plugin."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from annotate.check import records
from annotate.labels import DEFAULT
from annotate.records import Annotation, Engine, Entity, Prelabeled, Span, Stance, sentence_id
from annotate.studio.client import Client
from annotate.studio.pull import PullSummary, pull
from annotate.studio.push import Campaign, PushOptions, PushSummary, push
from tests.studio_fixtures import Studio

_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Loop:
    """One campaign's files on the run's server; a test gets a project of its own."""

    folder: Path
    client: Client
    title: str

    @property
    def source(self) -> Path:
        return self.folder / "prelabeled.jsonl"

    @property
    def annotations(self) -> Path:
        return self.folder / "annotations.jsonl"

    @property
    def quarantine(self) -> Path:
        return self.folder / "quarantine.jsonl"

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.sqlite3"

    def write(self, records: list[Prelabeled]) -> None:
        self.source.write_bytes(b"".join(record.to_json() + b"\n" for record in records))

    def push(
        self,
        client: Client | None = None,
        articles: Path | None = None,
        options: PushOptions | None = None,
        **settings: object,
    ) -> PushSummary:
        campaign = Campaign(project=self.title, **settings)
        return push(
            self.source, client or self.client, self.ledger, campaign=campaign, articles=articles, options=options
        )

    def pull(self, client: Client | None = None, *, full: bool = False) -> PullSummary:
        return pull(
            self.annotations,
            self.quarantine,
            client or self.client,
            self.ledger,
            project=self.title,
            labels=DEFAULT,
            full=full,
        )

    def pulled(self) -> list[Annotation]:
        return list(records(self.annotations, Annotation))

    def task_ids(self, project: int, records: list[Prelabeled]) -> dict[str, int]:
        return self.client.find(project, [record.id for record in records])


@pytest.fixture(scope="session")
def client(studio: Studio) -> Iterator[Client]:
    with Client(studio.url, studio.api_key) as made:
        yield made


@pytest.fixture
def make_loop(client: Client, tmp_path: Path) -> Iterator[Callable[[], Loop]]:
    """Makes campaigns, each with a project of its own that goes when the test ends."""
    loops: list[Loop] = []

    def make() -> Loop:
        number = next(_NUMBERS)
        folder = tmp_path / f"campaign-{number}"
        folder.mkdir()
        loops.append(Loop(folder, client, f"campaign {number} of {tmp_path.name}"))
        return loops[-1]

    yield make
    for loop in loops:
        if project := client.project(loop.title):
            client.delete_project(project.id)


@pytest.fixture
def loop(make_loop: Callable[[], Loop]) -> Loop:
    return make_loop()


TEXTS = (
    "नई दिल्ली, 14 मार्च।",
    "किम जोंग उन ने पुतिन के फैसले का समर्थन किया।",
    "विपक्षी दल के नेता अरुण मेहता ने आयोग की आलोचना की।",
    "बैठक अगले सप्ताह होगी।",
)


def mention(index: int, surface: str, score: float | None, label: str = "PER") -> Entity:
    """The first mention of a surface text in one of TEXTS."""
    start = TEXTS[index].index(surface)
    return Entity.at(start, start + len(surface), label, score, "test")


@pytest.fixture
def sentences() -> list[Prelabeled]:
    """Four sentences of one article, two with entities, one with a stance, a holder and a cue."""
    return four_sentences()


@pytest.fixture(scope="session")
def make_sentences() -> Callable[[], list[Prelabeled]]:
    """Makes the four sentences, for fixtures that outlive a test."""
    return four_sentences


def four_sentences() -> list[Prelabeled]:
    """Four sentences of one article, two with entities, one with a stance, a holder and a cue."""
    person, target = mention(1, "किम जोंग उन", 0.9), mention(1, "पुतिन", 0.8)
    cue = Span(TEXTS[1].index("समर्थन"), TEXTS[1].index("समर्थन") + len("समर्थन"))
    labelled = {
        0: ((mention(0, "नई दिल्ली", 0.7, "LOC"),), ()),
        1: (
            (person, target),
            (Stance(target=target.id, holder=person.id, label="FAVOR", score=0.9, cue=cue),),
        ),
        2: ((mention(2, "अरुण मेहता", None),), ()),
    }
    made, at = [], 0
    for index, text in enumerate(TEXTS):
        entities, stances = labelled.get(index, ((), ()))
        made.append(
            Prelabeled(
                id=sentence_id("a1", at, at + len(text)),
                article_id="a1",
                lang="hi",
                index=index,
                start=at,
                end=at + len(text),
                text=text,
                entities=entities,
                stances=stances,
                engine=Engine(name="test", version="1"),
            )
        )
        at += len(text) + 1
    return made
