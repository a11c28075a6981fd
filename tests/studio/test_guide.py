"""The guide's commands, in the guide's order, on a Label Studio of their own."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from annotate.check import records
from annotate.records import Prelabeled
from annotate.studio import server
from annotate.studio.client import Client
from annotate.studio.codec import result

GUIDE = Path(__file__).parents[2] / "docs" / "guide.md"


def commands(page: str) -> list[str]:
    """The lines that a console block shows after its prompt."""
    blocks = re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]


@pytest.mark.studio
def test_the_guide_runs(tmp_path, corpus):
    """Every command of the guide succeeds, and what it publishes loads."""
    here = tmp_path
    campaign = tmp_path / "campaign"
    try:
        for command in commands(GUIDE.read_text("utf-8")):
            if command.startswith("cd "):
                here = here / command.removeprefix("cd ")
                # Ten articles are enough to fill every split, and quicker than all.
                lines = corpus.articles.read_text("utf-8").splitlines(keepends=True)
                (here / "articles" / "news.jsonl").write_text("".join(lines[:10]), "utf-8")
                continue
            if command.startswith("annotate migrate"):
                (rules,) = re.findall(r"```toml\n(version.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
                (tmp_path / "rules.toml").write_text(rules, "utf-8")
            if command.startswith("annotate pull"):
                accept(campaign)
            assert command.startswith("annotate ")
            shell = command.replace("annotate", f"{shlex.quote(sys.executable)} -m annotate", 1)
            ran = subprocess.run(
                shell, shell=True, cwd=here, capture_output=True, text=True, check=False, env=os.environ
            )
            assert (command, ran.returncode) == (command, 0), ran.stderr
        published = json.loads((tmp_path / "published" / "manifest.json").read_text("utf-8"))
        assert published["version"] == "0.1.0"
    finally:
        server.down(campaign / "studio")


def accept(campaign: Path) -> None:
    """Submit every pre-label as it is, as somebody would who agrees with all of them."""
    state = server.status(campaign / "studio")
    sentences = list(records(campaign / "work" / "prelabeled.jsonl", Prelabeled))
    with Client(str(state.url), server.api_key(campaign / "studio")) as client:
        project = client.project("Hindi news")
        assert project is not None
        tasks = client.find(project.id, [sentence.id for sentence in sentences])
        assert len(tasks) == len(sentences)
        for sentence in sentences:
            client.annotate(tasks[sentence.id], result(sentence))
