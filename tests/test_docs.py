"""What the documentation says is what the toolkit does."""

import importlib.util
import re
from pathlib import Path

import pytest
import typer

from annotate.cli import app
from annotate.labels import DEFAULT
from annotate.studio.instruction import instruction

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "datasets").glob("*/*.md")]


def reference():
    spec = importlib.util.spec_from_file_location("reference", ROOT / "docs" / "reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def names(command, above=()):
    for name, below in getattr(command, "commands", {}).items():
        if getattr(below, "commands", None):
            yield from names(below, (*above, name))
        else:
            yield " ".join((*above, name))


def test_the_reference_is_what_the_commands_say():
    """docs/cli.md is made from the commands' own help; `make docs` makes it again."""
    assert (ROOT / "docs" / "cli.md").read_text("utf-8") == reference().page()


def test_the_stance_guideline_is_what_annotators_read():
    """docs/guidelines-stance.md is made from the guideline, and all of it stands in Label Studio's instructions."""
    page = (ROOT / "docs" / "guidelines-stance.md").read_text("utf-8")
    assert page == reference().stance_page()
    body = page[page.index("## रुख") :]
    shown = instruction((ROOT / "annotate" / "guideline.md").read_text("utf-8"))
    assert instruction(body).removeprefix("<br>") in shown


def test_the_stance_guideline_has_thirty_worked_examples():
    """Each example has a target in bold, a label and a reason in both languages; every label is there."""
    page = (ROOT / "docs" / "guidelines-stance.md").read_text("utf-8")
    rows = [row.split(" | ") for row in re.findall(r"^\| (\d+ \| .*) \|$", page, re.MULTILINE)]
    assert [int(row[0]) for row in rows] == list(range(1, 31))
    assert all(len(row) == 5 and row[1].count("**") == 2 and " · " in row[4] for row in rows)
    assert {row[2] for row in rows} == set(DEFAULT.stance_names)


@pytest.mark.parametrize("name", tuple(names(typer.main.get_command(app))))
def test_every_command_is_shown_at_work(name):
    """The guide or the README has an example of each command."""
    shown = (ROOT / "docs" / "guide.md").read_text("utf-8") + (ROOT / "README.md").read_text("utf-8")
    assert re.search(rf"annotate {name}\b", shown)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    """A link to a file of the project names one that is there."""
    targets = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text("utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_the_python_of_the_readme_prints_what_it_says():
    """Each expression's value is the comment below it."""
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    lines = [line for line in block.splitlines() if line]
    scope = {}
    expected = []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if after.startswith("# "):
            expected.append((repr(eval(line, scope)), after.removeprefix("# ")))
        elif not line.startswith("#"):
            exec(line, scope)
    assert [value for value, _ in expected] == [comment for _, comment in expected]
    assert len(expected) == 2


def test_every_dependency_is_explained():
    """docs/dependencies.md has a row for each package of pyproject.toml."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    packages = {re.split(r"[^A-Za-z0-9_-]", name)[0] for name in wanted}
    stubs = {name for name in packages if "stubs" in name or name.startswith("types-")}
    assert [name for name in sorted(packages - stubs) if name not in page] == []
