"""A folder for `datasets.load_dataset`: the tables of a release in one split, and a card that says how to load them.

It is no release: nothing is split, gated, counted or hashed beyond what loading needs.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from annotate.errors import Reason, UsageError
from annotate.labels import NEUTRAL, LabelSet
from annotate.records import Labeled
from annotate.release.formats.writer import Batch, Part, Writer
from annotate.release.loading_yaml import loading_yaml
from annotate.release.spool import Spool, write
from annotate.schema import Complaint

if TYPE_CHECKING:
    from annotate.release.sheet import Sheet

__all__ = ["HUGGINGFACE", "write_folder"]

_SPLIT = "train"
_BODY = """
# {name}

Sentences with named entities and the stance toward them, exported by annotate-kit in one split.
Offsets are Unicode code points (Python string indices), half-open.

```python
from datasets import load_dataset

{loading}
```
"""


def write_folder(batches: Iterable[Batch], folder: Path, name: str, labels: LabelSet) -> None:
    """Write `ner`, `stance` and `spans`, as far as they have rows, and the card.

    Args:
        batches: the sentences.
        folder: an empty folder.
        name: what the folder will be called.
        labels: the label set, whose frozen order is that of the classes.
    """
    from huggingface_hub import DatasetCardData

    articles: dict[str, str] = {}
    with Spool(folder, labels) as spool:
        for sheet in _sheets(batches, labels):
            articles.update((record["article_id"], _SPLIT) for record in sheet.records)
            spool.add(sheet)
        tables = list(write(spool, articles, folder))
    if not tables:
        raise UsageError("there is no sentence to export, and a dataset without rows does not load")
    sizes = {table.file: (folder / table.file).stat().st_size for table in tables}
    yaml = DatasetCardData(**loading_yaml(tables, labels, sizes)).to_yaml(line_break="\n")
    loading = "\n".join(f'{it.config} = load_dataset("{name}", "{it.config}", split="{_SPLIT}")' for it in tables)
    card = f"---\n{yaml}\n---\n{_BODY.format(name=name, loading=loading)}"
    (folder / "README.md").write_text(card, "utf-8")


def _sheets(batches: Iterable[Batch], labels: LabelSet) -> Iterator["Sheet"]:
    from annotate.release.sheet import NOBODY, Sheet

    for batch in batches:
        sheet = Sheet(batch.records, batch.tokens, labels)
        if NOBODY in sheet.stance_labels:
            raise UsageError(f"the labels have no {NEUTRAL} for entities about which nothing was said")
        yield sheet


def _refuses(record: Labeled) -> Iterator[Complaint]:
    for entity in record.entities:
        said = sorted({stance.label for stance in record.stances if stance.target == entity.id})
        if len(said) > 1:
            found = f"{entity.id} is {' and '.join(said)}, and a row of the config stance has one of them"
            yield Complaint(Reason.DUPLICATE_STANCE, found)


HUGGINGFACE = Writer(write_folder=write_folder, lacks=frozenset({Part.ANNOTATORS}), on_tokens=True, refuses=_refuses)
