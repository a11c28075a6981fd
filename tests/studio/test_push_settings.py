"""Overlap and guideline of a project that is there already: push says what differs, and --migrate changes it."""

from dataclasses import replace
from importlib.resources import files

import pytest

from annotate.errors import UsageError
from annotate.labels import DEFAULT, EntityLabel, Topic
from annotate.studio.codec import result
from annotate.studio.push import PushOptions

MIGRATE = PushOptions(migrate=True)
DRY = replace(MIGRATE, dry_run=True)
SHIPPED = files("annotate").joinpath("guideline.md").read_text("utf-8")
RICH = """# क्या करना है & "क्यों"

3. तीन
4. चार

| बाएँ | दाएँ |
|:--|--:|
| 1 < 2 | &copy; \x01 |

[एक](http://a.example/?x=1&y=2 "T") [दो](ftp://b.example) ![तीन](data:image/png;base64,AAAA)\\
<b>पाँच</b> `a < b` 🙂

---
"""


def there(loop):
    """How the server describes the project."""
    return loop.client.ask("x", "GET", f"/api/projects/{loop.client.project(loop.title).id}/")


@pytest.mark.parametrize(
    "campaign",
    [
        {"guideline": SHIPPED},
        {"guideline": SHIPPED, "labels": replace(DEFAULT, topic=Topic("नागरिकता *कानून* <2019>", help="CAA"))},
        {"guideline": RICH},
        {"guideline": ""},
        {"guideline": " \n"},
    ],
    ids=["shipped", "topic", "what-the-server-takes-out", "none", "white-space"],
)
def test_a_guideline_that_did_not_change(campaign, loop, sentences):
    """What Label Studio makes of its HTML is no difference."""
    loop.write(sentences)
    assert loop.push(**campaign).settings == ()
    assert loop.push(**campaign).settings == ()


def test_what_differs_is_said(loop, sentences):
    """A line for each; the push goes on, and the project keeps what it has."""
    loop.write(sentences[:2])
    loop.push(guideline="# निर्देश\n\nनाम पहचानें।\n")
    before = there(loop)
    loop.write(sentences)
    summary = loop.push(guideline="# निर्देश\n\nहर नाम पहचानें।\n", overlap=2)
    assert (summary.pushed, summary.settings_changed) == (2, False)
    assert summary.settings == (
        "overlap: 1 in the project, 2 here",
        "guideline: the first difference is 'नाम पहचानें।' in the project, 'हर नाम पहचानें।' here",
    )
    for name in ("maximum_annotations", "expert_instruction"):
        assert there(loop)[name] == before[name]


def test_migrate_gives_the_project_the_settings(loop, sentences):
    """Also to tasks that are there: one that a person has submitted waits for a second, and no annotation is lost."""
    loop.write(sentences)
    project = loop.push().project
    tasks = loop.task_ids(project, sentences)
    loop.client.annotate(tasks[sentences[1].id], result(sentences[1]))
    before = there(loop)
    assert not before["show_instruction"]
    wanted = {"guideline": "# निर्देश\n", "overlap": 2}

    would = loop.push(**wanted, options=DRY)
    assert would.settings == ("overlap: 1 in the project, 2 here", "guideline: the project has none")
    assert (would.settings_changed, would.dry_run) == (True, True)
    assert (there(loop)["maximum_annotations"], there(loop)["expert_instruction"]) == (1, "")

    done = loop.push(**wanted, options=MIGRATE)
    assert (done.settings, done.settings_changed) == (would.settings, True)
    after = there(loop)
    assert (after["maximum_annotations"], after["show_instruction"]) == (2, True)
    assert "निर्देश</h1>" in after["expert_instruction"]
    rows = {uid: loop.client.ask("x", "GET", f"/api/tasks/{number}/") for uid, number in tasks.items()}
    assert {row["overlap"] for row in rows.values()} == {2}
    assert not rows[sentences[1].id]["is_labeled"]
    again = loop.push(**wanted, options=MIGRATE)
    assert (again.settings, again.settings_changed, again.already_there) == ((), False, 4)
    assert loop.pull().submitted == 1

    loop.push(guideline="# निर्देश\n", options=MIGRATE)
    assert loop.client.ask("x", "GET", f"/api/tasks/{tasks[sentences[1].id]}/")["is_labeled"]


def test_instructions_that_somebody_switched_off_stay_off(loop, sentences):
    """Their words change, and whether they open by themselves is the project's affair."""
    loop.write(sentences)
    project = loop.push(guideline="एक\n").project
    loop.client.ask("x", "PATCH", f"/api/projects/{project}/", body={"show_instruction": False})
    loop.push(guideline="दो\n", options=MIGRATE)
    assert (there(loop)["expert_instruction"].strip(), there(loop)["show_instruction"]) == ("<p>दो</p>", False)


def test_a_campaign_without_a_guideline_takes_none_away(loop, sentences):
    """What somebody wrote in Label Studio stays."""
    loop.write(sentences)
    loop.push(guideline="एक\n")
    assert loop.push(options=MIGRATE).settings == ()
    assert "एक" in there(loop)["expert_instruction"]


def test_another_page_and_other_settings_at_once(loop, sentences):
    """The refusal names all that --migrate would change, and it changes all of it."""
    loop.write(sentences)
    loop.push()
    more = replace(DEFAULT, entities=(*DEFAULT.entities, EntityLabel("EVENT")))
    with pytest.raises(UsageError) as refused:
        loop.push(labels=more, overlap=3)
    assert "label EVENT is not in the project" in str(refused.value)
    assert "overlap: 1 in the project, 3 here" in str(refused.value)
    assert loop.push(labels=more, overlap=3, options=MIGRATE).settings_changed
    assert loop.push(labels=more, overlap=3).settings == ()
