"""The fault table: what goes wrong, done to real pushes and pulls, and what the next run leaves lost or doubled."""

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import orjson

from annotate.errors import StudioError, Unfinished
from annotate.records import Engine, Entity, Prelabeled, sentence_id
from annotate.studio import server
from annotate.studio.client import Client
from annotate.studio.push import delivery, step
from annotate.studio.snapshot import export
from tests.fault_children import NO_ROOM, Job, started
from tests.faulty_proxy import Fault, Proxy, proxied

__all__ = ["SCENARIOS", "Outcome", "Rig", "Scenario", "sentences"]

_TEXT = "किम जोंग उन ने पुतिन के फैसले का समर्थन किया।"
_SENTENCES = 60
_BATCH = 10
_KILLS = 20  # after so many that came too late, something else is wrong
_TIMEOUT_S = 1.5  # of a client that is to run out of patience


class Outcome(NamedTuple):
    """After the next run: sentences or annotations that are missing, and those that are there more than once."""

    lost: int
    duplicated: int
    struck: bool  # whether the fault really happened


@dataclass(frozen=True)
class Scenario:
    """One row of the table."""

    name: str
    command: str  # push or pull
    run: Callable[["Rig", int], Outcome]  # with the number of the repetition
    repetitions: int = 1
    needs_own_server: bool = False


@dataclass
class Rig:
    """Where scenarios run: a server, and a folder for campaigns."""

    url: str
    key: str
    folder: Path
    studio: Path | None = None  # the server's folder, if it may be stopped and started
    titles: list[str] = field(default_factory=list)
    took_s: dict[str, float] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def campaign(self, command: str) -> Job:
        """A campaign of its own; for a pull it is pushed and annotated."""
        title = f"faults {len(self.titles)} {time.time_ns()}"
        self.titles.append(title)
        folder = self.folder / title.replace(" ", "-")
        folder.mkdir()
        (folder / "prelabeled.jsonl").write_bytes(b"".join(s.to_json() + b"\n" for s in sentences()))
        job = Job(command, folder, title, self.url, self.key, _BATCH)
        if command == "pull":
            replace(job, command="push").run()
            with Client(self.url, self.key) as client:
                project = client.project(title)
                params = {"id": "predictions_to_annotations", "project": project.id}
                client.ask(
                    "x", "POST", "/api/dm/actions", params=params, body={"selectedItems": {"all": True, "excluded": []}}
                )
        return job

    def outcome(self, job: Job, *, struck: bool) -> Outcome:
        """Run the command once more, undisturbed, and compare what is there with what should be."""
        job.run()
        with Client(self.url, self.key) as client:
            project = client.project(job.title)
            tasks = export(client, project.id)
        if job.command == "push":
            wanted = Counter(s.id for s in sentences())
            there = Counter(task["data"]["uid"] for task in tasks)
        else:
            wanted = Counter(annotation["id"] for task in tasks for annotation in task["annotations"])
            lines = (job.folder / "annotations.jsonl").read_bytes().splitlines()
            there = Counter(orjson.loads(line)["annotation_id"] for line in lines)
            assert len(wanted) == _SENTENCES
        return Outcome((wanted - there).total(), (there - wanted).total(), struck)

    def clear(self) -> None:
        """Delete the projects that were made."""
        with Client(self.url, self.key) as client:
            for title in self.titles:
                if project := client.project(title):
                    client.delete_project(project.id)
        self.titles.clear()


def sentences() -> list[Prelabeled]:
    """The sentences that are pushed: one article, each with two entities."""
    found = (Entity.at(0, 11, "PER", 0.9), Entity.at(15, 20, "PER", 0.8))
    made = []
    for index in range(_SENTENCES):
        start = index * (len(_TEXT) + 1)
        end = start + len(_TEXT)
        made.append(
            Prelabeled(
                id=sentence_id("a1", start, end), article_id="a1", lang="hi", index=index, start=start, end=end,
                text=_TEXT, entities=found, engine=Engine(name="test", version="1"),
            )
        )  # fmt: skip
    return made


@contextmanager
def _impatient() -> Iterator[None]:
    """Wait less for what may still arrive than one would in earnest."""
    before = step.BATCH, delivery.SETTLE_S
    try:
        yield
    finally:
        step.BATCH, delivery.SETTLE_S = before


def _through_a_proxy(command: str, *faults: Fault) -> Callable[[Rig, int], Outcome]:
    def run(rig: Rig, _: int) -> Outcome:
        with _impatient():
            job = rig.campaign(command)
            with proxied(rig.url, *(replace(fault) for fault in faults)) as proxy:
                _attempt(job, proxy)
                proxy.settled()
            return rig.outcome(job, struck=proxy.struck > 0)

    return run


def _attempt(job: Job, proxy: Proxy) -> None:
    """One run through the proxy, by a client that does not wait long; it may fail."""
    patience = 3.0

    class Impatient(Client):
        def __init__(self, url: str, key: str) -> None:
            super().__init__(url, key, timeout_s=_TIMEOUT_S, patience_s=patience)

    import tests.fault_children as children

    before = children.Client
    children.Client = Impatient
    try:
        with suppress(StudioError, Unfinished):
            replace(job, url=proxy.url).run()
    finally:
        children.Client = before


def _killed(command: str) -> Callable[[Rig, int], Outcome]:
    def run(rig: Rig, _: int) -> Outcome:
        with _impatient():
            if command not in rig.took_s:
                child = started(rig.campaign(command))
                began = time.monotonic()
                child.join()
                assert child.exitcode == 0
                rig.took_s[command] = time.monotonic() - began
            latest_s = rig.took_s[command]
            for _ in range(_KILLS):
                job = rig.campaign(command)
                child = started(job)
                point_s = rig.chance.uniform(0, latest_s)
                child.join(point_s)
                child.kill()
                child.join()
                if child.exitcode != 0:
                    break
                latest_s = point_s  # it had ended before: an earlier point is drawn
            return rig.outcome(job, struck=child.exitcode == -signal.SIGKILL)

    return run


def _disk_full(rig: Rig, number: int) -> Outcome:
    with _impatient():
        job = rig.campaign("push")
        # Room for the tables and some of the batches; the write-ahead log is what grows.
        child = started(replace(job, room_bytes=210_000 + 80_000 * number))
        child.join()
        return rig.outcome(job, struck=child.exitcode == NO_ROOM)


def _restarted(rig: Rig, _: int) -> Outcome:
    with _impatient():
        job = rig.campaign("push")
        child = started(job)
        ledger = job.folder / "ledger.sqlite3"
        while child.is_alive() and (not ledger.exists() or _done(ledger) == 0):
            time.sleep(0.01)
        struck = child.is_alive()
        server.down(rig.studio)
        server.up(rig.studio)
        child.join()
        return rig.outcome(job, struck=struck)


def _done(ledger: Path) -> int:
    from annotate.errors import UsageError
    from annotate.studio.ledger import Ledger

    with suppress(UsageError):
        return sum(counts.done for counts in Ledger.summary(ledger).values())
    return 0


_EXPORT = r"/exports/$"
_DOWNLOAD = r"/download"

_QUESTION = r"/api/tasks\?"


def _push(name: str, *faults: Fault) -> Scenario:
    return Scenario(name, "push", _through_a_proxy("push", *faults), repetitions=3)


def _pull(name: str, *faults: Fault) -> Scenario:
    return Scenario(name, "pull", _through_a_proxy("pull", *faults), repetitions=3)


SCENARIOS = (
    _push("time-out after the commit", Fault("no answer after", skip=1, times=2)),
    _push("502 before the commit", Fault("502 before", skip=1, times=2)),
    _push("502 after the commit", Fault("502 after", skip=1, times=2)),
    _push("reset in the body, on its way there", Fault("reset in request", times=2)),
    _push("reset in the body, on its way back", Fault("reset in answer", times=2)),
    _push("slow server", Fault("slow", times=6, delay_s=0.7)),
    _push("slow server: carried out when the client has given up", Fault("late", skip=1, delay_s=2.5)),
    _push("slow server: carried out when the batch was sent again", Fault("late", skip=1, delay_s=5.0)),
    _push(
        "502 after the commit, and for every question from then on",
        Fault("502 after", skip=1),
        Fault("502 before", "GET", _QUESTION, skip=1, times=999),
    ),
    _pull("time-out of the export", Fault("no answer after", path=_EXPORT)),
    _pull("502 for the export", Fault("502 after", path=_EXPORT, times=2)),
    _pull("reset in the export's body", Fault("reset in answer", "GET", _DOWNLOAD, times=999)),
    Scenario("kill -9 at a random point", "push", _killed("push"), repetitions=20),
    Scenario("kill -9 at a random point", "pull", _killed("pull"), repetitions=20),
    Scenario("server restarted in the middle", "push", _restarted, repetitions=3, needs_own_server=True),
    Scenario("disk full on the ledger", "push", _disk_full, repetitions=3),
)
