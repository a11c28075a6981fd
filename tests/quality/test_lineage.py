"""What two releases come from is compared by their manifests."""

from dataclasses import replace

import orjson
import pytest

from annotate.labels import DEFAULT, EntityLabel, Topic
from annotate.quality.diff import diff
from annotate.quality.lineage import Difference, lineage
from annotate.records import Annotation, Engine, Entity, Gold, Resolution, sentence_id
from annotate.release.manifest import MANIFEST, Manifest, sha256_of
from annotate.release.sources import Sources
from annotate.studio.ledger import Ledger
from tests.campaigns import four_sentences
from tests.releases import build

MADE = "2026-03-14T08:00:00Z"


def gold(*texts, label="PER"):
    """One article a text, its first word an entity."""
    return [
        Gold(
            id=sentence_id(f"n-{n}", 0, len(text)),
            article_id=f"n-{n}",
            lang="hi",
            index=0,
            start=0,
            end=len(text),
            text=text,
            entities=(Entity.at(0, text.index(" "), label),),
            resolution=Resolution(method="single", annotators=("asha",)),
        )
        for n, text in enumerate(texts)
    ]


def lines(records):
    return b"".join(record.to_json() + b"\n" for record in records)


@pytest.fixture
def made(tmp_path):
    """Builds a release of gold; options are those of `build`."""

    def make(version, records, **options):
        path = tmp_path / f"gold-{version}.jsonl"
        path.write_bytes(lines(records))
        return build(path, tmp_path / "releases", version, **options).path

    return make


TEXTS = ("मोदी आए।", "राहुल गए।", "सोनिया बोलीं।")


def test_the_same_gold_under_another_version(made):
    """The version is all; neither is built upon the other."""
    a, b = made("1", gold(*TEXTS)), made("2", gold(*TEXTS))
    found = lineage(a, b)
    assert found.differences == (Difference("version", "1", "2"),)
    assert not found.follows
    assert lineage(a, a).differences == ()


def test_gold_that_grew(made):
    """The hash of gold differs, and a release that kept the splits of another was built upon it."""
    a = made("1", gold(*TEXTS))
    b = made("2", gold(*TEXTS, "खड़गे आए।"), earlier=a)
    found = lineage(a, b)
    assert found.follows
    assert not lineage(b, a).follows
    differing = {it.what: (it.before, it.after) for it in found.differences}
    hashes = tuple(Manifest.read(it).inputs[0].sha256 for it in (a, b))
    assert differing == {"version": ("1", "2"), "input gold": hashes}
    shown = next(it.shown for it in found.differences if it.what == "input gold")
    assert shown == f"input gold: {hashes[0][:12]} → {hashes[1][:12]}"


def test_another_label_set(made):
    """Names, order and definitions, and with them the schema."""
    person, org, loc = DEFAULT.entities
    labels = replace(
        DEFAULT,
        version="2",
        entities=(replace(person, name="PERSON"), replace(loc, stance=False), org, EntityLabel("EVENT")),
        stances=(replace(DEFAULT.stances[0], help="otherwise"), *DEFAULT.stances[1:]),
    )
    a, b = made("1", gold(*TEXTS)), made("2", gold(*TEXTS, label="PERSON"), labels=labels)
    differing = {it.what: (it.before, it.after) for it in lineage(a, b).differences}
    assert differing.pop("label set") == ("1", "2")
    assert differing.pop("labels") == ("PER, ORG, LOC", "PERSON, LOC, ORG, EVENT")
    assert differing.pop("label LOC")[1].endswith("; no stance")
    assert differing.pop("stance FAVOR")[1] == "पक्ष में; otherwise"
    assert set(differing) == {"version", "tool schema", "input gold"}


def test_another_topic(made):
    """What sentences as a whole were asked about, with what belongs to it, is part of the definitions."""
    topics = {"1": None, "2": Topic("नागरिकता कानून", help="2019"), "3": Topic("बजट")}
    none, law, budget = (made(v, gold(*TEXTS), labels=replace(DEFAULT, topic=it)) for v, it in topics.items())
    told = "नागरिकता कानून; 2019"
    for before, after, wanted in ((none, law, (None, told)), (law, budget, (told, "बजट"))):
        differing = {it.what: (it.before, it.after) for it in lineage(before, after).differences}
        assert differing["topic"] == wanted


def test_tools_engines_and_settings(made, tmp_path):
    """Whatever the manifest says of versions, engines, settings and inputs is compared, also what one side lacks."""
    sentences = gold(*TEXTS)

    def annotated(version):
        path = tmp_path / f"annotations-{version}.jsonl"
        people = {"annotator": "asha", "created_at": MADE, "updated_at": MADE}
        fields = [
            {f: getattr(it, f) for f in it.sentence().__dataclass_fields__} | {"entities": it.entities}
            for it in sentences
        ]
        path.write_bytes(
            lines(
                Annotation(**it, **people, annotation_id=n, task_id=n, engine=Engine(name="crf", version=version))
                for n, it in enumerate(fields)
            )
        )
        return Sources(annotations=path)

    a = made("1", sentences, sources=annotated("3"))
    b = made(
        "2",
        [replace(it, splitter="9") for it in sentences],
        sources=annotated("4"),
        seed="other",
        fractions=(0.5, 0.25, 0.25),
    )
    differing = {it.what: (it.before, it.after) for it in lineage(a, b).differences}
    assert differing["engine crf"] == ("3", "4")
    assert differing["tool splitter"] == ("unknown", "9")
    assert differing["seed"] == ("annotate-kit", "other")
    assert differing["fractions"] == ("0.8/0.1/0.1", "0.5/0.25/0.25")
    assert "input annotations" in differing
    c = made("3", sentences)
    differing = {it.what: (it.before, it.after) for it in lineage(a, c).differences}
    assert differing["input annotations"] == (sha256_of(tmp_path / "annotations-3.jsonl"), None)
    assert differing["engine crf"] == ("3", None)


def test_the_ledger_is_an_input_by_what_it_holds(made, tmp_path):
    """The manifest has the ledger's digest: the same while nothing is sent, another one when something was."""
    path = tmp_path / "ledger.sqlite3"

    def push(sentences):
        with Ledger.open(path, 1, MADE, "t") as book:
            book.intend(sentences)
            book.settle({it.id: int(it.index) + 1 for it in sentences})

    push(four_sentences()[:2])
    a = made("1", gold(*TEXTS), sources=Sources(ledger=path))
    (told,) = [it for it in Manifest.read(a).inputs if it.role == "ledger"]
    assert (told.file, told.sha256) == ("ledger.sqlite3", Ledger.digest(path))
    with Ledger.open(path, 1, MADE, "t") as book:
        book.pulled(MADE, "reading")
    b = made("2", gold(*TEXTS), sources=Sources(ledger=path))
    assert [it.what for it in lineage(a, b).differences] == ["version"]
    push(four_sentences()[2:])
    c = made("3", gold(*TEXTS), sources=Sources(ledger=path))
    assert lineage(a, c).differences[1:] == (Difference("input ledger", told.sha256, Ledger.digest(path)),)


def test_diff_says_it(made, cli, tmp_path):
    """For two releases, in words and in JSON; not for a gold file."""
    a = made("1", gold(*TEXTS))
    b = made("2", gold(*TEXTS, "खड़गे आए।"), earlier=a)
    ran = cli("diff", a, b)
    assert ran.code == 0
    assert f"lineage: 2 differences; {b} was built upon {a}\n    version: 1 → 2\n" in ran.stdout
    told = orjson.loads(cli("diff", a, b, "--json").stdout)["lineage"]
    assert told["follows"] is True
    assert [it["what"] for it in told["differences"]] == ["version", "input gold"]
    assert diff(tmp_path / "gold-1.jsonl", b).lineage is None
    assert "lineage" not in cli("diff", tmp_path / "gold-1.jsonl", b).stdout
    (b / MANIFEST).write_bytes(b"{}")
    assert cli("diff", a, b).code == 1
