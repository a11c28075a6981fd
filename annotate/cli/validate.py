"""`annotate validate`: everything that is wrong with files of records."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import orjson
import typer

from annotate.cli.options import AsJson, Root, settings
from annotate.errors import UsageError
from annotate.jsonl import name_of

__all__ = ["validate"]


def validate(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="JSONL files of records, - is stdin; or folders of releases.")
    ],
    kind: Annotated[
        str | None,
        typer.Option(help="What the files hold (article, sentence, prelabeled, annotation, gold); by default seen."),
    ] = None,
    articles: Annotated[
        Path | None, typer.Option(help="Articles as JSONL, against which the sentences' texts are compared.")
    ] = None,
    root: Root = None,
    as_json: AsJson = False,
) -> None:
    """Check files of records and list every fault.

    First the schema is checked, then offsets, texts, ids, stance targets and aksharas. Every fault is listed with
    file, line, id and reason; the exit code is 1 when there is one. Files of articles given beside files of sentences
    are what these are compared with. A folder is a release, or another NER dataset with tokens and ner_tags, as Parquet
    files or from save_to_disk: the gate of build is applied to it, near-duplicates across splits included.
    """
    from annotate import check
    from annotate.release.audit import audit
    from annotate.schema import KINDS

    if kind is not None and kind not in KINDS:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(KINDS)}", param_hint="--kind")
    here = settings(root)
    folders = [path for path in files if path.is_dir()]
    records = [path for path in files if path not in folders]
    sources = [*records, articles] if articles else records
    texts = check.article_texts(path for path in sources if str(path) != "-")
    if articles is None and not texts and here.read_articles.is_file():
        texts = check.article_texts([here.read_articles])
    if str(articles) == "-":
        raise UsageError("articles cannot come from stdin, which is read once")
    faults = [
        fault for path in records for fault in check.faults(path, KINDS[kind] if kind else None, here.labels, texts)
    ]
    faults += [fault for folder in folders for fault in audit(folder)]
    if as_json:
        rows = [{**fault._asdict()} for fault in faults]
        typer.echo(orjson.dumps({"files": list(map(name_of, files)), "faults": rows}).decode())
    else:
        for fault in faults:
            typer.echo(str(fault))
        counts = ", ".join(f"{count} {reason}" for reason, count in Counter(f.reason for f in faults).most_common())
        typer.echo(f"{len(files)} files: {f'{len(faults)} faults ({counts})' if faults else 'no faults'}", err=True)
    if faults:
        raise typer.Exit(1)
