"""Gold written by hand in a line, and one release of the shipped corpus that the tests look at."""

import re
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from random import Random

import pytest

from annotate.records import Entity, Gold, Resolution, Stance, sentence_id
from annotate.release import BuildSummary, build
from annotate.release.manifest import Manifest
from annotate.schema import shipped

Said = Sequence[tuple[str, str, str | None]]  # target, stance, holder; by surface text
# fmt: off
WORDS = [
    "सरकार", "जनता", "अदालत", "नदी", "बाज़ार", "किसान", "मौसम", "पुलिस", "चुनाव", "स्कूल", "अस्पताल",
    "सड़क", "बिजली", "पानी", "गाँव", "शहर", "मंत्री", "नेता", "खेल", "टीम", "मैच", "जीत", "हार", "कीमत",
    "बैंक", "कंपनी", "निवेश", "समझौता", "बैठक", "यात्रा", "घोषणा", "आरोप", "जाँच", "फैसला", "सुनवाई",
    "याचिका", "वकील", "गवाह", "रिपोर्ट", "आँकड़ा", "महीना",
]
# fmt: on


@pytest.fixture
def article() -> Callable[..., list[Gold]]:
    """Make the gold of an article from its sentences, in which "[मोदी|PER]" marks an entity."""
    return _article


@pytest.fixture
def prose() -> Callable[[int], list[str]]:
    """Make ten sentences of Hindi words, other ones for every number."""
    return _prose


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write gold records to a file."""

    def write(records: Iterable[Gold], name: str = "gold.jsonl") -> Path:
        path = tmp_path / name
        path.write_bytes(b"".join(record.to_json() + b"\n" for record in records))
        return path

    return write


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The gold of the shipped corpus."""
    return shipped("hindi-news") / "gold.jsonl"


@pytest.fixture(scope="session")
def released(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> BuildSummary:
    """A release of the shipped corpus; not to be changed."""
    return build(corpus, tmp_path_factory.mktemp("releases"), "1.0")


@pytest.fixture(scope="session")
def small_releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of a small dataset, not to be changed; the second has no config `stance`."""
    folder = tmp_path_factory.mktemp("small")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("annotate.release.build"), "verify", Manifest.read)
        for number, text in enumerate(["[मोदी|PER] आए।", "वह गए।"]):
            gold = folder / f"{number}.jsonl"
            gold.write_bytes(b"".join(record.to_json() + b"\n" for record in _article("a1", text)))
            build(gold, folder / "releases", f"1.{number}", fractions=(1, 0, 0), allow=["class-missing"])
    return folder / "releases"


def _article(name: str, *sentences: str | tuple[str, Said]) -> list[Gold]:
    records, at = [], 0
    for index, sentence in enumerate(sentences):
        marked, said = (sentence, ()) if isinstance(sentence, str) else sentence
        text, entities = _unmark(marked)
        by_surface = {text[entity.start : entity.end]: entity.id for entity in reversed(entities)}
        end = at + len(text)
        records.append(
            Gold(
                id=sentence_id(name, at, end),
                article_id=name,
                lang="hi",
                index=index,
                start=at,
                end=end,
                text=text,
                entities=tuple(entities),
                stances=tuple(
                    Stance(target=by_surface[target], label=label, holder=by_surface[holder] if holder else None)
                    for target, label, holder in said
                ),
                resolution=Resolution(method="single", annotators=("क",)),
            )
        )
        at = end + 1
    return records


def _unmark(marked: str) -> tuple[str, list[Entity]]:
    text, entities = "", []
    for plain, surface, label in re.findall(r"([^\[]*)(?:\[([^|]+)\|(\w+)\])?", marked):
        text += plain
        if surface:
            entities.append(Entity.at(len(text), len(text) + len(surface), label))
            text += surface
    return text, entities


def _prose(number: int) -> list[str]:
    random = Random(number)
    return [" ".join(random.choices(WORDS, k=15)) + "।" for _ in range(10)]
