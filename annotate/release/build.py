"""The step `build`: gold in, a release folder out, complete and verified or not there at all."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import version as version_of
from pathlib import Path
from typing import NamedTuple

import orjson

from annotate.errors import DataError, UsageError
from annotate.jsonl import STDIO, beside, name_of, rereadable
from annotate.labels import DEFAULT, LabelSet
from annotate.records import Gold
from annotate.release.card import CARD, card, citation, summary
from annotate.release.census import Census, SplitCounts, SplitReport
from annotate.release.chart import CHART, chart
from annotate.release.croissant import CROISSANT, croissant
from annotate.release.duplicates import METHOD
from annotate.release.example import examples
from annotate.release.features import configs
from annotate.release.gate import Check, checks_named, leaks, missing_classes
from annotate.release.limits import lacking
from annotate.release.manifest import MANIFEST, Credit, Input, Manifest, sha256_of
from annotate.release.sources import Known, Sources
from annotate.release.split_by import DATE, SOURCE, assign_by
from annotate.release.splits import ARTICLE, FRACTIONS, SEED, SPLITS, Assignment, check_fractions
from annotate.release.spool import Spool, write
from annotate.release.survey import Survey, survey
from annotate.release.verify import verify
from annotate.schema import load
from annotate.split import TOKENIZER_VERSION
from annotate.workspace import DATASET_NAME, is_dataset_name

__all__ = ["BuildSummary", "build", "latest", "newest"]

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSummary:
    """What `build` made, or found made already."""

    path: Path
    name: str
    version: str
    unchanged: bool  # the version stood there with the same content and was left alone
    configs: tuple[str, ...]
    counts: Mapping[str, SplitCounts]  # by split
    report: SplitReport
    left_out: Mapping[str, str]  # article id -> why
    snapped: int
    content: str
    warnings: tuple[str, ...]


def build(
    gold: Path,
    out: Path,
    version: str,
    *,
    labels: LabelSet = DEFAULT,
    name: str = "hindi-news",
    license: str = "cc-by-4.0",
    seed: str = SEED,
    fractions: Sequence[float] = FRACTIONS,
    split_by: str = ARTICLE,
    snap: bool = False,
    allow: Collection[str] = (),
    earlier: Path | None = None,
    sources: Sources | None = None,
    credit: Credit | None = None,
) -> BuildSummary:
    """Turn a file of gold records into the release folder `out/version`.

    The folder is written beside its place, loaded in a fresh process, and only then given its name. The same input
    gives the same bytes.

    Args:
        gold: gold records; `-` is stdin.
        out: the folder of releases.
        version: names the release, and its folder.
        labels: the label set; its order is that of the class ids.
        name: what the dataset is called.
        license: an identifier the Hugging Face Hub knows, such as "cc-by-4.0".
        seed: another seed spreads articles differently over the splits.
        fractions: shares of train, validation and test.
        split_by: what is kept together: `article`, `source`, or `date` for the newest articles in test.
        snap: widen entities that do not end where tokens do, instead of refusing them.
        allow: names of checks to waive (`Check`); the card says which.
        earlier: a release folder whose articles keep their splits.
        sources: what gold comes from, for the gate, the card and the lineage.
        credit: who made the dataset and how they want it cited.

    Raises:
        DataError: with every reason against the release; nothing is written then.
        UsageError: the version exists with other content, is no good name for a folder, or another argument is wrong.
    """
    if not _VERSION.fullmatch(version):
        raise UsageError(f"version {version!r}: letters, digits and . + _ - are allowed, a letter or digit first")
    if not is_dataset_name(name):
        raise UsageError(f"name {name!r}: {DATASET_NAME}")
    check_fractions(fractions)
    waived = checks_named(allow)
    sources = sources or Sources()
    guideline = sources.text()
    if split_by in (SOURCE, DATE) and not sources.articles:
        raise UsageError(f"split-by {split_by}: articles say it, and none are given; --articles names their file")
    before = _before(earlier, split_by)
    homes = before.homes if before else {}
    with rereadable(gold) as file, beside(out / version) as folder:
        known = sources.look(labels)
        shown = name_of(gold)
        order = configs(labels)
        with Spool(folder, labels) as spool:
            wanted = frozenset(known.differing)
            found = survey(file, shown, labels, spool, texts=known.texts, wanted=wanted, snap=snap, allow=waived)
            assignment = _passed(found, known, _Plan(shown, labels, waived, before, seed, fractions, split_by))
            census = Census(found, assignment.splits, spool, labels)
            tables = list(write(spool, assignment.splits, folder))
        prelabels = sources.compare(file, labels)
        engines = known.engines or tuple(prelabels.engines if prelabels else ())
        # Of rules, what stands behind the colon is which of them.
        named = {name.partition(":")[0] if name.startswith("rules:") else name for name in found.engines}
        engines = engines or tuple(f"{name}, of unknown version" for name in sorted(named))
        inputs = [Input("gold", "<stdin>" if gold == STDIO else gold.name, sha256_of(file)), *sources.inputs()]
        if earlier:
            inputs.append(Input("earlier", f"{earlier.absolute().name}/{MANIFEST}", sha256_of(earlier / MANIFEST)))
        manifest = Manifest(
            name=name,
            version=version,
            license=license,
            labels=labels,
            inputs=tuple(inputs),
            tools=_tools(census, labels, engines),
            split_by=split_by,
            split_rule=assignment.rule,
            seed=seed,
            fractions=tuple(fractions),
            languages=dict(sorted(census.languages.items())),
            methods=dict(sorted(census.methods.items())),
            annotators=len(census.annotators),
            annotated=known.annotated,
            snapped=found.snapped,
            allowed=tuple(sorted(waived)),
            counts=census.counts(),
            report=census.report(len(assignment.leaks), len(assignment.clusters)),
            tables=tuple(sorted(tables, key=lambda t: (order.index(t.config), SPLITS.index(t.split)))),
            articles=assignment.splits,
            left_out=assignment.left_out,
            files={},
            credit=credit or Credit(),
            origins=known.origins_of(assignment.splits),
            prelabels=prelabels,
            absent={name: split for name, split in homes.items() if name not in assignment.splits},
        )
        manifest = _seal(manifest, folder, guideline)
        standing = _place(folder, out / version, manifest)
    return BuildSummary(
        path=out / version,
        name=name,
        version=version,
        unchanged=standing is not None,
        configs=tuple(manifest.configs),
        counts=manifest.counts,
        report=manifest.report,
        left_out=manifest.left_out,
        snapped=manifest.snapped,
        content=manifest.content,
        warnings=(*_warnings(manifest), *_kept(manifest, standing)),
    )


def latest(out: Path, version: str) -> Path | None:
    """The newest release in a folder that is older than `version`, by the numbers in their names; None without one."""
    return max(
        (it for it in _releases(out) if _age(it.name) < _age(version)), key=lambda it: _age(it.name), default=None
    )


def newest(out: Path) -> Path:
    """The newest release in a folder, by the numbers in their names.

    Raises:
        UsageError: there is none.
    """
    if found := max(_releases(out), key=lambda it: _age(it.name), default=None):
        return found
    raise UsageError(f"{out}: holds no release; annotate build makes one")


def _before(earlier: Path | None, split_by: str) -> Manifest | None:
    """The manifest of the release before, whose rule this one must follow, since its articles stay."""
    if earlier is None:
        return None
    before = Manifest.read(earlier)
    if before.split_by != split_by:
        raise UsageError(
            f"{earlier}: was split by {before.split_by}, and its articles stay where they are; "
            f"split by {before.split_by} again, or start anew in another folder of releases"
        )
    return before


class _Plan(NamedTuple):
    """How a release is to be made."""

    shown: str  # how messages name the gold file
    labels: LabelSet
    waived: frozenset[Check]
    before: Manifest | None
    seed: str
    fractions: Sequence[float]
    split_by: str


def _passed(found: Survey, known: Known, plan: _Plan) -> Assignment:
    """Where every article goes, when nothing speaks against the release.

    Raises:
        DataError: with every reason that does.
        UsageError: there is no record.
    """
    faults = list(found.faults)
    assignment = Assignment({}, {}, (), ())
    if found.articles:
        try:
            assignment = assign_by(
                plan.split_by,
                found.articles,
                found.pairs,
                known.origins,
                seed=plan.seed,
                fractions=plan.fractions,
                earlier=plan.before.homes if plan.before else None,
                earlier_rule=plan.before.split_rule if plan.before else None,
            )
        except DataError as error:
            faults.extend(fault._replace(file=known.articles or fault.file) for fault in error.faults)
        else:
            train: Counter[str] = Counter()
            for article, held in found.articles.items():
                if assignment.splits.get(article) == SPLITS[0]:
                    train.update(held)
            if Check.LEAKAGE not in plan.waived:
                faults.extend(leaks(plan.shown, assignment.leaks, assignment.splits))
            if Check.CLASS_MISSING not in plan.waived:
                faults.extend(missing_classes(plan.shown, train, plan.labels, found.mentioned))
    if Check.UNRESOLVED not in plan.waived:
        faults.extend(known.unresolved(found.met))
    if faults:
        raise DataError(faults)
    if not found.articles:
        raise UsageError(f"{plan.shown}: holds no gold record, so there is nothing to release")
    return assignment


def _tools(census: Census, labels: LabelSet, engines: Sequence[str]) -> dict[str, str]:
    schema = sha256(orjson.dumps(load(Gold, labels), option=orjson.OPT_SORT_KEYS)).hexdigest()
    return {
        "annotate-kit": version_of("annotate-kit"),
        "schema": f"gold sha256:{schema[:16]}",
        "splitter": ", ".join(sorted(census.splitters)) or "unknown",
        "tokenizer": TOKENIZER_VERSION,
        **({"pre-labels": "; ".join(engines)} if engines else {}),
        "duplicates": f"{METHOD} rensa-{version_of('rensa')}",
        "pyarrow": version_of("pyarrow"),
    }


def _seal(manifest: Manifest, folder: Path, guideline: str) -> Manifest:
    """Write card, picture, Croissant and manifest into the folder, the manifest with the hashes of all other files."""
    sizes = {table.file: (folder / table.file).stat().st_size for table in manifest.tables}
    hashes = {file: sha256_of(folder / file) for file in sizes}
    about = "\n\n".join(filter(None, [summary(manifest), manifest.credit.description]))
    beside = {
        CARD: card(manifest, sizes, guideline, examples(folder, manifest)).encode(),
        CHART: chart(f"{manifest.name} {manifest.version}", manifest.counts, manifest.labels).encode(),
        CROISSANT: croissant(manifest, sizes, hashes, citation(manifest), about),
    }
    for file, content in beside.items():
        (folder / file).write_bytes(content)
    sealed = replace(manifest, files={file: sha256_of(folder / file) for file in sorted([*beside, *sizes])})
    (folder / MANIFEST).write_bytes(sealed.to_json())
    return sealed


def _place(folder: Path, path: Path, manifest: Manifest) -> Manifest | None:
    """Verify the finished folder and give it its name, or verify what stands there with the same content.

    Returns:
        The manifest of what stood there; None where nothing did.

    Raises:
        DataError: the folder, or what stands there, does not load as its manifest says.
        UsageError: something else stands there.
    """
    if path.exists():
        if (path / MANIFEST).is_file() and Manifest.read(path).content == manifest.content:
            return verify(path)
        raise UsageError(f"{path}: exists with other content, and a version never changes; choose another version")
    verify(folder)
    folder.rename(path)
    return None


def _kept(manifest: Manifest, standing: Manifest | None) -> Iterator[str]:
    if standing and (files := manifest.unlike(standing)):
        yield f"{', '.join(files)}: others stood there and stay; another version takes these along"


def _warnings(manifest: Manifest) -> Iterator[str]:
    for split in SPLITS:
        if split not in manifest.counts:
            yield f"{split} has no article and is left out; more articles, other fractions or another seed fill it"
    borne = any(label.stance for label in manifest.labels.entities)
    for config in configs(manifest.labels):
        missing = [s for s in manifest.counts if all(t.split != s for t in manifest.of_config(config))]
        if missing and (config != "stance" or borne):
            yield f"{config} has no row in {', '.join(missing)}"
    for split, names in lacking(manifest).items():
        if split != SPLITS[0]:
            yield f"{split} has no example of {', '.join(names).replace('`', '')}, so nothing can be measured there"
    for article, why in manifest.left_out.items():
        yield f"article {article} is left out: {why}"


def _releases(out: Path) -> list[Path]:
    return [folder for folder in out.glob("*") if (folder / MANIFEST).is_file() and not folder.name.startswith(".")]


def _age(version: str) -> list[tuple[int, str]]:
    """A sort key that puts 0.10 after 0.9, and 1.0 after 1.0rc1."""
    parts = re.findall(r"\d+|[A-Za-z]+", version)
    return [*((int(part), "") if part.isdigit() else (-1, part) for part in parts), (0, "")]
