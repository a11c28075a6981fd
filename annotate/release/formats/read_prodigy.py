"""Reads Prodigy's JSONL: what `export` wrote, or anybody's examples of `ner.manual` and the like."""

from collections.abc import Iterator

from annotate.errors import Fault, Reason
from annotate.jsonl import name_of, read
from annotate.records import Entity, Span, Stance
from annotate.release.formats.reader import Draft, Job, draft, place, topic_of

__all__ = ["read_prodigy"]

_FIELDS = ("id", "article_id", "lang", "index", "start", "end", "kind")


def read_prodigy(job: Job) -> Iterator[Draft | Fault]:
    """Yield a record per accepted example, or why it cannot be read; a text is one sentence."""
    file = name_of(job.source)
    for line in read(job.source):
        if line.fault:
            yield line.fault
            continue
        row = line.data
        if row.get("answer", "accept") != "accept":
            job.lost["examples that were not accepted"] += 1
            continue
        try:
            meta = row.get("meta") or {}
            ours = all(field in meta for field in _FIELDS)
            sentence = {field: meta[field] for field in _FIELDS} if ours else place(row["text"], job.lang)
            job.lost["relations"] += len(row.get("relations") or ())
            entities, stances = [], []
            for span in row.get("spans") or ():
                entity = Entity.at(span["start"], span["end"], span["label"])
                entities.append(entity)
                for said in span.get("stances") or ():
                    cue = said.get("cue")
                    stances.append(
                        Stance(
                            target=entity.id,
                            label=said["label"],
                            holder=said.get("holder"),
                            cue=Span(*cue) if cue else None,
                        )
                    )
            who = [row["_annotator_id"]] if row.get("_annotator_id") else []
            sentence["text"] = row["text"]
            yield draft((file, line.number), sentence, entities, stances, who, topic_stance=topic_of(job, meta))
        except (KeyError, TypeError, AttributeError) as error:
            yield Fault(file, line.number, "", Reason.SCHEMA, f"not an example of Prodigy: {error!r}")
