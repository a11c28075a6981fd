"""What `export --format label-studio` writes is what Label Studio itself takes, shows and gives back."""

from dataclasses import fields, replace

import orjson
import pytest

from annotate.check import records
from annotate.labels import DEFAULT
from annotate.records import Annotation, Engine, Gold, Labeled, Prelabeled
from annotate.release.formats import export, import_gold
from annotate.studio.instruction import instruction
from annotate.studio.interface import interface
from annotate.studio.snapshot import snapshot


@pytest.fixture(scope="module")
def gold(corpus):
    """The sentences of two articles of the shipped corpus."""
    found = list(records(corpus.gold, Gold))
    articles = {it.article_id: None for it in found}
    wanted = list(articles)[:2]
    return [it for it in found if it.article_id in wanted]


def claims(record):
    """Entities and stances of a sentence that are not merely neutral, in an order of their own."""
    entities = sorted((e.start, e.end, e.label) for e in record.entities)
    return entities, sorted((s.target, s.holder or "", s.label) for s in record.stances if s.label != "NEUTRAL")


def test_imported_by_the_server(loop, gold, tmp_path):
    """The same spans, stances and holders are exported by the server, and pulled once push has met the tasks."""
    source = tmp_path / "gold.jsonl"
    source.write_bytes(b"".join(record.to_json() + b"\n" for record in gold))
    export(source, tmp_path / "tasks.json", "label-studio")
    project = loop.client.create_project(loop.title, interface(DEFAULT), instruction(""), 1)
    tasks = orjson.loads((tmp_path / "tasks.json").read_bytes())
    answer = loop.client.ask("importing", "POST", f"/api/projects/{project.id}/import", body=tasks)
    assert (answer["task_count"], answer["annotation_count"]) == (len(gold), len(gold))

    with snapshot(loop.client, project.id) as taken:
        (tmp_path / "theirs.json").write_bytes(orjson.dumps(list(taken.tasks)))
    import_gold(tmp_path / "theirs.json", tmp_path / "back.jsonl", "label-studio")
    back = {record.id: claims(record) for record in records(tmp_path / "back.jsonl", Gold)}
    assert back == {record.id: claims(record) for record in gold}

    engine = Engine(name="test", version="1")
    sentences = [{f.name: getattr(it, f.name) for f in fields(Labeled)} for it in gold]
    loop.write([Prelabeled(**{**it, "entities": (), "stances": ()}, engine=engine) for it in sentences])
    summary = loop.push()
    assert (summary.found_on_server, summary.pushed) == (len(gold), 0)
    assert loop.pull().submitted == len(gold)
    pulled = {record.id: claims(record) for record in records(loop.annotations, Annotation)}
    assert pulled == {record.id: claims(record) for record in gold}


def test_read_by_the_converter_of_the_sdk(gold, tmp_path):
    """Label Studio's own converter finds every span and stance at its place."""
    from label_studio_sdk.converter import Converter

    source = tmp_path / "gold.jsonl"
    source.write_bytes(b"".join(replace(record, splitter=None).to_json() + b"\n" for record in gold))
    export(source, tmp_path / "tasks.json", "label-studio")
    tasks = orjson.loads((tmp_path / "tasks.json").read_bytes())
    for number, task in enumerate(tasks, 1):  # as the server numbers them
        task["id"] = number
        task["annotations"][0] |= {"id": number, "completed_by": {"id": 1, "email": "a@example.org"}}
    (tmp_path / "tasks.json").write_bytes(orjson.dumps(tasks))
    converter = Converter(config=interface(DEFAULT), project_dir=None, download_resources=False)
    converter.convert_to_json_min(str(tmp_path / "tasks.json"), str(tmp_path / "min"), is_dir=False)
    rows = orjson.loads((tmp_path / "min" / "result.json").read_bytes())
    assert [row["text"] for row in rows] == [record.text for record in gold]
    for row, record in zip(rows, gold, strict=True):
        found = sorted((it["start"], it["end"], it["labels"][0]) for it in row.get("label", ()))
        assert found == claims(record)[0]
        chosen = row.get("stance", [])
        assert len(chosen if isinstance(chosen, list) else [chosen]) == len({s[0] for s in claims(record)[1]})
