"""Takes over tasks that the ledger does not know, because it was lost: the pre-labels they show are read off them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from annotate.labels import LabelSet
from annotate.records import Prelabeled
from annotate.studio.client import Client, Project
from annotate.studio.codec import alike, proposed
from annotate.studio.ledger import Ledger
from annotate.studio.push.removal import listed
from annotate.studio.snapshot import snapshot

__all__ = ["adopt"]


def adopt(client: Client, project: Project, book: Ledger, labels: LabelSet, found: Mapping[int, Prelabeled]) -> None:
    """Write into the ledger that the server has these, each with the pre-labels that its task shows.

    A task whose prediction is gone, or cannot be read, is taken to show what is in the file.

    Args:
        client: the server.
        project: where the tasks are.
        book: the ledger.
        labels: the label set of the campaign.
        found: by task id the sentences, as they are in the file.

    Raises:
        StudioError: the server failed; the same call goes on.
    """
    topic = labels.topic.text if labels.topic else None
    shown = dict(found)
    with snapshot(client, project.id, [listed(sorted(found))], predictions=True) as taken:
        for task in taken.tasks:
            if record := found.get(task["id"]):
                shown[task["id"]] = _shown(task, record, topic)
    known = {*labels.entity_names, *labels.stance_names}
    # Labels that are not those of now are those of before a migration, of which the ledger was told.
    book.intend((record for record in shown.values() if not known >= _names(record)), epoch=0)
    book.intend(record for record in shown.values() if known >= _names(record))
    book.settle({record.id: number for number, record in shown.items()})


def _shown(task: Mapping[str, Any], record: Prelabeled, topic: str | None) -> Prelabeled:
    """The sentence and the pre-labels of a task; the record itself where the task shows just that."""
    text = task["data"].get("text")
    if isinstance(text, str) and len(text) == len(record.text):
        record = replace(record, text=text)
    newest_first = sorted(task["predictions"], key=lambda one: -int(one["id"]))
    shown = [found for one in newest_first if (found := proposed(one, record, topic))]
    return record if not shown or any(alike(it, record) for it in shown) else shown[0]


def _names(record: Prelabeled) -> set[str]:
    names = {entity.label for entity in record.entities} | {stance.label for stance in record.stances}
    return names | ({record.topic_stance.label} if record.topic_stance else set())
