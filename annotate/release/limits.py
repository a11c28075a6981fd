"""What who uses a release must know: what its makers say, what it lacks, and what was waived."""

from collections.abc import Iterator

from annotate.release.features import TOPIC
from annotate.release.gate import Check
from annotate.release.manifest import Manifest
from annotate.release.splits import SPLITS

__all__ = ["TOWARD", "lacking", "limits"]

TOWARD = "toward the topic"
_FEW = 30  # examples in test, below which a score says little
_WAIVED = {
    Check.OFF_BORDER: (
        "some entities do not end where tokens do; `spans` keeps them exactly, `ner` tags every token they touch."
    ),
    Check.LEAKAGE: "an earlier release parted near-duplicates, which stay parted.",
    Check.UNRESOLVED: "sentences that annotators left differently are not in the data.",
    Check.CLASS_MISSING: "train may have no example of a class.",
}


def lacking(manifest: Manifest) -> dict[str, list[str]]:
    """By split, the labels of which it has no example, as the card writes them; stances only where there are any."""
    return {
        split: names
        for split, held in _held(manifest).items()
        if (names := [f"`{name}` {kind}".strip() for (kind, name), count in held.items() if not count])
    }


def limits(manifest: Manifest) -> Iterator[str]:
    """Yield the items of a list in Markdown."""
    yield from (f"- {limit}" for limit in manifest.credit.limits)
    if "stance" in manifest.configs:
        yield "- Stance is what the sentence itself takes or reports, not the article around it."
    yield "- Entities are flat: none lies inside another."
    for split in SPLITS:
        if split not in manifest.counts:
            yield f"- There is no {split} split."
    for split, names in lacking(manifest).items():
        yield f"- Without an example in {split}: {', '.join(names)}."
    test = _held(manifest).get(SPLITS[2], {})
    few = [f"{f'`{name}` {kind}'.strip()} {count}" for (kind, name), count in test.items() if 0 < count < _FEW]
    if few:
        yield f"- Rare in test, where scores move much with each example: {', '.join(few)}."
    if "pre-labels" in manifest.tools:
        yield "- People corrected what an engine had proposed, which draws them toward it."
    if manifest.snapped:
        yield f"- Entities that were widened to the borders of tokens: {manifest.snapped}."
    if manifest.left_out:
        named = f"{len(manifest.left_out)}, which `manifest.json` names"
        yield f"- Articles left out, since near-duplicates would stand in two splits: {named}."
    for check in manifest.allowed:
        yield f"- The check `{check}` was waived: {_WAIVED[Check(check)]}"


def _held(manifest: Manifest) -> dict[str, dict[tuple[str, str], int]]:
    """By split, how many examples there are of each class that the release is about."""
    found: dict[str, dict[tuple[str, str], int]] = {}
    for split, counts in manifest.counts.items():
        found[split] = {("", name): count for name, count in counts.entities.items()}
        if "stance" in manifest.configs:
            found[split] |= {("", name): count for name, count in counts.stances.items()}
        if TOPIC in manifest.configs:
            found[split] |= {(TOWARD, name): count for name, count in counts.topics.items()}
    return found
