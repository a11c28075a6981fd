"""What a card says of how gold came about: people, overlap, agreement, and what became of pre-labels."""

from collections.abc import Iterator, Mapping

from annotate.release.manifest import Manifest, TopicAnnotated
from annotate.release.markdown import table

__all__ = ["how_annotated"]

_METHODS = {
    "single": "one person annotated it",
    "agreement": "all who annotated it left the same",
    "author": "marked by the writer of the text",
    "import": "taken from a file of another tool",
}


def how_annotated(manifest: Manifest) -> Iterator[str]:
    """Yield the lines that say it, as far as the manifest knows."""
    people = f"{manifest.annotators} annotator{'' if manifest.annotators == 1 else 's'}"
    yield f"Annotated by {people}; sentences by how their annotations were resolved:"
    yield ""
    rows = [(method, str(count), _METHODS.get(method, "")) for method, count in manifest.methods.items()]
    yield from table(("resolution", "sentences", "which means"), rows)
    if done := manifest.annotated:
        yield ""
        yield f"{done.submitted} annotations were submitted and {done.skipped} skipped."
        overlap = ", ".join(f"{count} by {people}" for people, count in done.overlap.items())
        yield f"Sentences by the number of people who submitted them: {overlap or 'none'}; {done.differing} differ."
        if done.entity_f1 is not None:
            kappa = "" if done.stance_kappa is None else f"; on stance, Cohen's kappa {done.stance_kappa:.2f}"
            yield f"Agreement of pairs of people on entities, F1 {done.entity_f1:.2f}{kappa}."
        if done.topic:
            yield from _about_topic(done.topic)
        if done.engines:
            engines = ", ".join(f"{name} ({count} annotations)" for name, count in done.engines.items())
            yield f"People started from pre-labels of {engines}."
        yield from _corrections(done.corrections, done.topic.corrections if done.topic else {})
    else:
        yield ""
        yield "The annotations themselves were not at hand when this release was built, so agreement is not stated."
        if manifest.prelabels:
            for name, count in manifest.prelabels.engines.items():
                yield f"{count} sentences had pre-labels of {name}."
            yield from _corrections(manifest.prelabels.corrections, manifest.prelabels.topic)


def _about_topic(topic: TopicAnnotated) -> Iterator[str]:
    yield f"{topic.answers} annotations say where the sentence as a whole stands toward the topic."
    if topic.compared:
        kappa = "" if topic.kappa is None else f"; Cohen's kappa {topic.kappa:.2f}"
        yield f"Of {topic.compared} pairs of such answers by two people, {topic.same} are the same{kappa}."


def _corrections(corrections: Mapping[str, Mapping[str, int]], topic: Mapping[str, int]) -> Iterator[str]:
    if corrections:
        yield "What became of the proposed entities, by proposed label, and how many stances were changed:"
        yield ""
        whats = ("kept", "retyped", "respanned", "removed")
        head = ("label", "proposed", *whats, "added", "stances changed")
        rows = [
            (
                *(name, str(row["proposed"])),
                *(_share(row[what], row["proposed"]) for what in whats),
                *(str(row["added"]), _share(row["stance"], row["final"])),
            )
            for name, row in corrections.items()
        ]
        if topic:
            shares = (_share(topic[what], topic["proposed"]) for what in whats)
            rows.append(("toward the topic", str(topic["proposed"]), *shares, str(topic["added"]), ""))
        yield from table(head, rows)


def _share(count: int, of: int) -> str:
    return f"{count} ({count / of:.0%})" if of else str(count)
