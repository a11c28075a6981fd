"""Push and pull beside the SDK's own import and export: ratios within one run, on a Label Studio of its own (SQLite).

    python benchmarks/studio_sync.py [--tasks N] [--rounds N] [--json FILE]

Every measured piece of work is a process of its own, and both sides take turns. The SDK gets its tasks ready-made; ours
starts from the file, checks it twice and keeps a ledger. Memory is what a process takes at its peak above what it takes
when everything is imported.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from annotate.records import Prelabeled

BATCH = 1000
EDITS = 10
TEXT = "किम जोंग उन ने पुतिन के फैसले का समर्थन किया, जबकि दिल्ली में कांग्रेस ने मोदी का विरोध किया।"
NAMES = (("किम जोंग उन", "PER"), ("पुतिन", "PER"), ("कांग्रेस", "ORG"), ("मोदी", "PER"))


class Place(NamedTuple):
    """A server, and where the files are."""

    url: str
    key: str
    folder: Path


class Measured(NamedTuple):
    """One piece of work."""

    took_s: float
    peak_mb: float  # above what is taken when everything is imported


def main() -> int:
    """Measure and print; the figures go to a file as well."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    from annotate.studio import server

    with tempfile.TemporaryDirectory(prefix="annotate-bench-") as name:
        folder = Path(name)
        started = server.up(folder / "studio")
        try:
            place = Place(started.server.url, server.api_key(folder / "studio"), folder)
            figures = measure(place, options.tasks, options.rounds)
        finally:
            server.down(folder / "studio")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), "utf-8")
    return 0


def measure(place: Place, size: int, rounds: int) -> dict[str, object]:
    """All figures, printed as they come."""
    write(place.folder / "prelabeled.jsonl", size)
    raw_push, our_push = [], []
    for number in range(rounds):
        pairs = [(raw_push, raw_import, f"raw {number}"), (our_push, our_import, f"ours {number}")]
        for figures, work, title in pairs[:: 1 if number % 2 else -1]:
            figures.append(child(work, place, title))
    push = ratios(raw_push, our_push)
    print(f"push: {size / median(m.took_s for m in our_push):.0f} tasks/s, {told(push)} times the SDK's import_tasks")
    title = f"ours {rounds - 1}"
    annotated_at = annotate_all(place, title)
    raw_export, full = [], []
    for _ in range(rounds):
        raw_export.append(child(raw_snapshot, place, title))
        full.append(child(our_full_pull, place, title))
    if (early := annotated_at + 75 - time.monotonic()) > 0:
        time.sleep(early)  # a pull asks again for the last minute before the one before, which all of this was in
        full.append(child(our_full_pull, place, title))
        raw_export.append(child(raw_snapshot, place, title))
    pull = ratios(full, raw_export)
    print(f"full pull: {median(m.took_s for m in full):.1f} s, {told(pull)} times the raw export snapshot")
    incremental = []
    for number in range(rounds):
        edit(place, title, number)
        incremental.append(child(our_pull, place, title))
    share = [one.took_s / median(m.took_s for m in full) for one in incremental]
    print(f"pull after {EDITS} edits: {median(m.took_s for m in incremental):.2f} s, {told(share)} of the full pull")
    peaks = {
        "push": max(m.peak_mb for m in our_push),
        "full pull": max(m.peak_mb for m in full),
        "pull": max(m.peak_mb for m in incremental),
    }
    print("memory above the imports, MB:", ", ".join(f"{name} {peak:.0f}" for name, peak in peaks.items()))
    return {
        "tasks": size,
        "rounds": rounds,
        "push": {"sdk_s": seconds(raw_push), "ours_s": seconds(our_push), "speed_ratio": push},
        "full_pull": {"snapshot_s": seconds(raw_export), "ours_s": seconds(full), "time_ratio": pull},
        "incremental_pull": {"ours_s": seconds(incremental), "share_of_full": share},
        "peak_mb": peaks,
    }


def ratios(above: Sequence[Measured], below: Sequence[Measured]) -> list[float]:
    """Times of the first over times of the second, of each round."""
    return [a.took_s / b.took_s for a, b in zip(above, below, strict=True)]


def seconds(measured: Sequence[Measured]) -> list[float]:
    """How long each took."""
    return [round(one.took_s, 3) for one in measured]


def told(values: Sequence[float]) -> str:
    """Median and spread."""
    return f"{median(values):.3f} ({min(values):.3f}–{max(values):.3f})"


def write(path: Path, size: int) -> None:
    """A `prelabeled` file of sentences with four entities and two stances each."""
    with path.open("wb") as out:
        out.writelines(sentence(number).to_json() + b"\n" for number in range(size))


def sentence(number: int) -> "Prelabeled":
    """One sentence of such a file, by its number from 0."""
    from annotate.records import Engine, Entity, Prelabeled, Stance, sentence_id

    entities = [Entity.at(TEXT.index(name), TEXT.index(name) + len(name), label, 0.9) for name, label in NAMES]
    stances = (
        Stance(target=entities[1].id, holder=entities[0].id, label="FAVOR", score=0.8),
        Stance(target=entities[3].id, holder=entities[2].id, label="AGAINST", score=0.8),
    )
    article, index = f"article-{number // 20}", number % 20
    start = index * (len(TEXT) + 1)
    return Prelabeled(
        id=sentence_id(article, start, start + len(TEXT)), article_id=article, lang="hi", index=index,
        start=start, end=start + len(TEXT), text=TEXT, entities=tuple(entities), stances=stances,
        engine=Engine(name="rules", version="1"),
    )  # fmt: skip


def child(work: Callable[[Place, str], Callable[[], None]], place: Place, title: str) -> Measured:
    """Do a piece of work in a fresh process: `work` gets ready, what it returns is measured."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_measured, args=(there, work, place, title))
    process.start()
    there.close()
    try:
        return Measured(*here.recv())
    finally:
        process.join()


def _measured(pipe: Any, work: Callable[[Place, str], Callable[[], None]], place: Place, title: str) -> None:
    import httpx  # noqa: F401
    import jsonschema_rs  # noqa: F401
    import label_studio_sdk  # noqa: F401

    from annotate.studio import pull, push  # noqa: F401

    ready = work(place, title)
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak starts from here
    before = _memory("VmRSS")
    began = time.perf_counter()
    ready()
    took_s = time.perf_counter() - began
    pipe.send((took_s, _memory("VmHWM") - before))


def _memory(field: str) -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def raw_import(place: Place, title: str) -> Callable[[], None]:
    """The SDK's import of tasks that are ready."""
    from annotate.labels import DEFAULT
    from annotate.studio.codec import task
    from annotate.studio.interface import interface
    from annotate.studio.push.choice import shown

    sdk = _sdk(place)
    project = sdk.projects.create(title=title, label_config=interface(DEFAULT)).id
    sentences = shown(place.folder / "prelabeled.jsonl", None, DEFAULT, 2)
    tasks = [task(one.record, one.context) for one in sentences]

    def work() -> None:
        for at in range(0, len(tasks), BATCH):
            sdk.projects.import_tasks(project, request=tasks[at : at + BATCH], return_task_ids=True)

    return work


def our_import(place: Place, title: str) -> Callable[[], None]:
    """A push, from the file to the ledger."""
    from annotate.studio.client import Client
    from annotate.studio.push import Campaign, push

    client = Client(place.url, place.key)
    source, ledger = place.folder / "prelabeled.jsonl", place.folder / f"{title}.sqlite3"
    return lambda: _none(push(source, client, ledger, campaign=Campaign(project=title)))


def raw_snapshot(place: Place, title: str) -> Callable[[], None]:
    """An export snapshot made, downloaded and decoded by the SDK and the standard library, and nothing done with it."""
    sdk = _sdk(place)
    project = next(p.id for p in sdk.projects.list(title=title) if p.title == title)
    options = {"drafts": {"only_id": True}, "predictions": {"only_id": True}}

    def work() -> None:
        made = sdk.projects.exports.create(
            project, title="raw", serialization_options={**options, "annotations__completed_by": {"only_id": False}}
        )
        while sdk.projects.exports.get(project, made.id).status != "completed":
            time.sleep(0.05)
        json.loads(b"".join(sdk.projects.exports.download(project, made.id)))

    return work


def our_pull(place: Place, title: str, *, full: bool = False) -> Callable[[], None]:
    """A pull, from the server to the files."""
    from annotate.studio.client import Client
    from annotate.studio.pull import pull

    client = Client(place.url, place.key)
    out, quarantine = place.folder / "annotations.jsonl", place.folder / "quarantine.jsonl"
    ledger = place.folder / f"{title}.sqlite3"
    return lambda: _none(pull(out, quarantine, client, ledger, project=title, full=full))


def our_full_pull(place: Place, title: str) -> Callable[[], None]:
    """A pull of everything."""
    return our_pull(place, title, full=True)


def annotate_all(place: Place, title: str) -> float:
    """Accept every pre-label, as the server does it in one go; when that was done."""
    from annotate.studio.client import Client

    with Client(place.url, place.key, timeout_s=600) as client:
        project = client.project(title)
        assert project is not None
        params = {"id": "predictions_to_annotations", "project": project.id}
        every = {"selectedItems": {"all": True, "excluded": []}}
        client.ask("annotating", "POST", "/api/dm/actions", params=params, body=every)
    return time.monotonic()


def edit(place: Place, title: str, seed: int) -> None:
    """Change some annotations."""
    from annotate.studio.client import Client

    del title
    lines = (place.folder / "annotations.jsonl").read_bytes().splitlines()
    with Client(place.url, place.key) as client:
        for line in random.Random(seed).sample(lines, EDITS):
            number = json.loads(line)["annotation_id"]
            client.ask("editing", "PATCH", f"/api/annotations/{number}/", body={"result": []})


def _sdk(place: Place) -> Any:
    from label_studio_sdk import LabelStudio

    return LabelStudio(base_url=place.url, api_key=place.key, timeout=600)


def _none(_: object) -> None:
    """A piece of work gives nothing back."""


if __name__ == "__main__":
    sys.exit(main())
