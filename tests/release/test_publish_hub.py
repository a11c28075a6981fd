"""The step `publish`, to a stand-in of the Hugging Face Hub, by the real client."""

import os
import shutil
import signal
import subprocess
import sys
from importlib import import_module

import pytest
from huggingface_hub import constants

from annotate.errors import DataError, HubError, Unfinished, UsageError
from annotate.release.hub import Hub
from annotate.release.manifest import Credit, Manifest
from annotate.release.publish_hub import publish_to_hub
from tests.hub_stand_in import DROP, HOLD, READER, WRITER, Blob, serving
from tests.releases import build

# The Hub's own client uploads in a manner that its HTTP library calls old.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload raw bytes:DeprecationWarning")

REPO = "owner/hindi-news"
COMMIT = f"POST /api/datasets/{REPO}/commit/main$"
TAG = f"POST /api/datasets/{REPO}/tag/"
CREATE = "POST /api/repos/create$"


@pytest.fixture
def hub():
    """A stand-in without repositories."""
    with serving() as stand_in:
        yield stand_in


@pytest.fixture
def here(hub, monkeypatch):
    """This process speaks to the stand-in with a token that may write; loading afresh is left to other tests."""
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    monkeypatch.setenv("HF_TOKEN", WRITER)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    module = import_module("annotate.release.publish_hub")
    monkeypatch.setattr(module, "verify", Manifest.read)
    monkeypatch.setattr(module, "verify_published", lambda *_: None)
    return hub


@pytest.fixture
def releases(small_releases, monkeypatch):
    """Two versions of a small dataset; the second has no config `stance`. What else is built is not loaded."""
    monkeypatch.setattr(import_module("annotate.release.build"), "verify", Manifest.read)
    return small_releases


@pytest.fixture
def annotate(hub, releases, tmp_path):
    """Start `annotate publish` of version 1.0 in a process of its own, speaking to the stand-in."""
    running = []

    def start(*options, token=WRITER):
        environment = {
            **os.environ,
            "HF_ENDPOINT": hub.url,
            "HF_HUB_DISABLE_XET": "1",
            "HF_TOKEN": token,
            "HF_HOME": str(tmp_path / "home"),
        }
        running.append(
            subprocess.Popen(
                [sys.executable, "-m", "annotate", "publish", releases / "1.0", "--to", f"hub:{REPO}", *options],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


def publish(releases, version="1.0", **options):
    """Publish and do not wait between attempts."""
    waits = []
    return publish_to_hub(releases / version, REPO, pause=waits.append, **options), waits


def contents(commit):
    """The files of a commit with their bytes, without what the Hub put there."""
    return {name: blob.content for name, blob in commit.files.items() if name != ".gitattributes"}


def on_disk(release):
    """The files of a release folder with their bytes."""
    return {path.relative_to(release).as_posix(): path.read_bytes() for path in release.rglob("*") if path.is_file()}


def test_published_and_loaded_back(annotate, hub, releases):
    """The command makes a private dataset, one commit and a tag, loads the tag with nothing cached and says so."""
    first = annotate()
    _, said = first.communicate(timeout=120)
    assert first.returncode == 0
    repo = hub.repos[REPO]
    assert repo.private
    assert repo.tags == {"v1.0": repo.branches["main"]}
    assert len(repo.commits) == 2  # the Hub's own, and ours
    assert contents(repo.at("v1.0")) == on_disk(releases / "1.0")
    assert "hindi-news 1.0 published → hub:owner/hindi-news, tag v1.0" in said
    assert "loaded back and compared with the manifest: 3 rows in ner, stance, spans" in said
    assert any("/resolve/" in asked and "ner/train.parquet" in asked for asked in hub.asked)
    # Once more: nothing is written, it is loaded again.
    written, asked = list(hub.written), len(hub.asked)
    again = annotate("--json")
    out, _ = again.communicate(timeout=120)
    assert again.returncode == 0
    assert '"unchanged":true' in out
    assert hub.written == written
    assert any("ner/train.parquet" in it for it in hub.asked[asked:])


def test_other_rows_on_the_hub_are_found(annotate, hub, releases):
    """What arrives is compared with the manifest: rows that somebody changed under the tag are faults."""
    annotate().communicate(timeout=120)
    repo = hub.repos[REPO]
    commit = repo.at("v1.0")
    spans = (releases / "1.1" / "spans" / "train.parquet").read_bytes()
    commit.files["spans/train.parquet"] = Blob(spans, large=True)
    again = annotate()
    _, err = again.communicate(timeout=120)
    assert again.returncode == 1
    assert f"{REPO}@v1.0: mismatch: spans/train: content loaded as" in err


def test_what_cannot_be_loaded_back_is_unfinished(annotate, hub):
    """When the published files cannot be fetched, the command says so and leaves with 4; the next one goes on."""
    hub.trouble(r"(GET|HEAD) /datasets/\S+/resolve/\S+README.md", 403, times=50)
    first = annotate()
    _, err = first.communicate(timeout=120)
    assert first.returncode == 4
    assert "v1.0 is there, but it could not be loaded back" in err
    assert hub.repos[REPO].tags


@pytest.mark.parametrize(
    ("request_", "after", "commits", "tags"),
    [
        pytest.param(CREATE, False, None, None, id="before-the-repository"),
        pytest.param(COMMIT, False, 1, 0, id="before-the-commit"),
        pytest.param(COMMIT, True, 2, 0, id="after-the-commit"),
        pytest.param(TAG, False, 2, 0, id="between-commit-and-tag"),
        pytest.param(TAG, True, 2, 1, id="after-the-tag"),
    ],
)
def test_killed(annotate, hub, releases, request_, after, commits, tags):
    """Killed at any point, the same command goes on: in the end there are one commit and one tag, none twice."""
    hub.trouble(request_, HOLD, after=after)
    first = annotate()
    assert hub.held.wait(timeout=60)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    hub.let_go()
    repo = hub.repos.get(REPO)
    assert (commits, tags) == ((len(repo.commits), len(repo.tags)) if repo else (None, None))
    second = annotate()
    second.communicate(timeout=120)
    assert second.returncode == 0
    repo = hub.repos[REPO]
    assert len(repo.commits) == 2
    assert repo.tags == {"v1.0": repo.branches["main"]}
    assert contents(repo.at("v1.0")) == on_disk(releases / "1.0")


def test_next_version(here, releases):
    """The next version is one commit more; files it has not are gone, other people's stay, the old tag too."""
    publish(releases)
    repo = here.repos[REPO]
    head = repo.at("main")
    repo.commit("a licence", {**head.files, "LICENSE": Blob(b"CC BY", large=False)})
    summary, _ = publish(releases, "1.1")
    assert (summary.replaced, summary.revision, summary.commit) == ("1.0", "v1.1", repo.branches["main"])
    assert contents(repo.at("v1.1")) == {**on_disk(releases / "1.1"), "LICENSE": b"CC BY"}
    assert contents(repo.at("v1.0")) == on_disk(releases / "1.0")
    assert len(repo.commits) == 4
    written = list(here.written)
    assert publish(releases)[0].unchanged
    assert here.written == written


def test_public_when_asked_for(here, releases):
    """A new dataset is public only when that was asked for; one that is there keeps what it is."""
    publish(releases, private=False)
    assert not here.repos[REPO].private
    publish(releases, "1.1", private=True)
    assert not here.repos[REPO].private


def test_tag_with_other_content_is_refused(here, releases, article, write, tmp_path):
    """A tag never changes: other content under a version that is there is refused before anything is written."""
    publish(releases)
    written = list(here.written)
    other = build(write(article("a2", "[मोदी|PER] आए।"), "other.jsonl"), tmp_path / "b", "1.0", fractions=(1, 0, 0))
    with pytest.raises(UsageError, match=r"v1\.0 is there with other content"):
        publish_to_hub(other.path, REPO)
    here.repos[REPO].commit("emptied", {})
    here.repos[REPO].tags["v1.1"] = here.repos[REPO].branches["main"]
    with pytest.raises(UsageError, match=r"v1\.1 is there with other content"):
        publish(releases, "1.1")
    assert here.written == written


def test_another_card_of_the_same_content(here, releases, article, write, tmp_path):
    """What stands under the tag stays as it is, and the summary names the files that would be otherwise."""
    assert publish(releases)[0].kept == ()
    written = list(here.written)
    credit = Credit(authors=("The Institute",))
    gold = write(article("a1", "[मोदी|PER] आए।"))
    other = build(gold, tmp_path / "b", "1.0", fractions=(1, 0, 0), credit=credit)
    done = publish_to_hub(other.path, REPO)
    assert (done.unchanged, done.kept) == (True, ("README.md", "croissant.json", "manifest.json"))
    assert here.written == written


def test_foreign_repositories_are_left_alone(here, releases, article, write, tmp_path):
    """A repository with somebody's files, or with another dataset, is refused as it is."""
    publish(releases)
    renamed = build(
        write(article("a2", "[मोदी|PER] आए।"), "x.jsonl"), tmp_path / "c", "2.0", name="other", fractions=(1, 0, 0)
    )
    with pytest.raises(UsageError, match="holds the dataset 'hindi-news', not 'other'"):
        publish_to_hub(renamed.path, REPO)
    here.repos[REPO].commit("foreign", {"data.csv": Blob(b"1", large=False)})
    with pytest.raises(UsageError, match=r"holds data\.csv and no release"):
        publish(releases, "1.1")
    assert len(here.repos[REPO].tags) == 1


def test_repository_made_by_hand_is_taken(here, releases):
    """A repository that was made in the browser, with a card, takes the release."""
    Hub(REPO).create(private=True)
    repo = here.repos[REPO]
    repo.commit("card", {**repo.at("main").files, "README.md": Blob(b"---\nlicense: mit\n---\n", large=False)})
    assert publish(releases)[0].revision == "v1.0"
    assert contents(repo.at("v1.0")) == on_disk(releases / "1.0")


@pytest.mark.parametrize(
    ("request_", "status", "message"),
    [
        pytest.param(r"GET \S+hindi-news$", 401, "does not accept the token in HF_TOKEN", id="401-look"),
        pytest.param(CREATE, 401, "does not accept the token in HF_TOKEN", id="401-create"),
        pytest.param(CREATE, 403, "the token in HF_TOKEN may not do this", id="403-create"),
        pytest.param(COMMIT, 401, "does not accept the token in HF_TOKEN", id="401-commit"),
        pytest.param(COMMIT, 403, "the token in HF_TOKEN may not do this", id="403-commit"),
        pytest.param(COMMIT, 404, "there is no such repository", id="404-commit"),
        pytest.param(COMMIT, 413, "413", id="413-commit"),
        pytest.param(TAG, 403, "the token in HF_TOKEN may not do this", id="403-tag"),
    ],
)
def test_refusals(here, releases, request_, status, message):
    """What the Hub refuses is not asked again; the message names the address, the status and the way on."""
    here.trouble(request_, status, times=4)
    with pytest.raises(HubError, match=message) as caught:
        publish(releases)
    assert caught.value.status == status
    assert str(caught.value).startswith(f"{here.url}/datasets/{REPO}: cannot ")
    assert WRITER not in str(caught.value)


@pytest.mark.parametrize("status", [409, 412, 429, 500, 502, 503, DROP])
@pytest.mark.parametrize("after", [False, True], ids=["without-effect", "with-effect"])
@pytest.mark.parametrize("request_", [COMMIT, TAG], ids=["commit", "tag"])
def test_trouble_that_passes(here, releases, request_, after, status):
    """An answer that does not say whether it was done leads to a look, and to one commit and one tag in the end."""
    here.trouble(request_, status, after=after, times=2)
    summary, waits = publish(releases)
    repo = here.repos[REPO]
    assert len(repo.commits) == 2
    assert repo.tags == {"v1.0": summary.commit}
    assert contents(repo.at("v1.0")) == on_disk(releases / "1.0")
    assert len(waits) == (1 if after else 2)


@pytest.mark.parametrize("status", [429, 500, DROP])
def test_trouble_that_stays(here, releases, status):
    """What fails again and again is a failure of the server, or unfinished once something was written."""
    here.trouble(r"GET \S+hindi-news$", status, times=3)
    with pytest.raises(HubError, match="cannot look for it"):
        publish(releases)
    assert here.written == []
    here.trouble(TAG, status, times=3)
    with pytest.raises(Unfinished, match="the same command goes on"):
        publish(releases)
    assert publish(releases)[0].revision == "v1.0"
    assert len(here.repos[REPO].commits) == 2


def test_busy_hub_writes_nothing(here, releases):
    """A Hub that is too busy for the commit has done nothing, so it is its failure and not unfinished work."""
    Hub(REPO).create(private=True)
    here.trouble(COMMIT, 429, times=3)
    with pytest.raises(HubError, match="too many requests"):
        publish(releases)


def test_somebody_commits_in_between(here, releases):
    """When main moves after it was looked at, the commit is refused by the Hub and made again on top."""
    Hub(REPO).create(private=True)
    repo = here.repos[REPO]
    answer, moved = here.answer, []

    def meddle(method, path, *rest):
        if path.endswith("/commit/main") and not moved:
            moved.append(repo.commit("meanwhile", {**repo.at("main").files, "README.md": Blob(b"x", large=False)}))
        return answer(method, path, *rest)

    here.answer = meddle
    summary, waits = publish(releases)
    assert len(waits) == 1
    assert repo.at(summary.commit).parent == moved[0].oid
    assert contents(repo.at("v1.0")) == on_disk(releases / "1.0")


def test_nobody_answers(here, releases, monkeypatch, unused_port):
    """A Hub that cannot be reached is said to be so."""
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{unused_port}")
    with pytest.raises(HubError, match="no answer: ConnectError"):
        publish(releases)


@pytest.fixture
def unused_port():
    """A port of this machine where nobody answers."""
    from socket import create_server

    with create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_token_that_may_only_read(here, releases, monkeypatch):
    """A token without the right to write is refused by the Hub, not by us."""
    monkeypatch.setenv("HF_TOKEN", READER)
    with pytest.raises(HubError, match="403: the token in HF_TOKEN may not do this"):
        publish(releases)


def test_unknown_token(here, releases, monkeypatch):
    """A token that nobody knows is no missing repository."""
    monkeypatch.setenv("HF_TOKEN", "hf_nobody")
    with pytest.raises(HubError, match="401: the Hub does not accept the token in HF_TOKEN") as caught:
        publish(releases)
    assert "hf_nobody" not in str(caught.value)


@pytest.mark.parametrize("token", [None, "", " "])
def test_no_token(releases, monkeypatch, token):
    """Without HF_TOKEN nothing is asked; a token that lies in a file is not looked for."""
    monkeypatch.delenv("HF_TOKEN", raising=False)
    if token is not None:
        monkeypatch.setenv("HF_TOKEN", token)
    with pytest.raises(UsageError, match="HF_TOKEN is not set"):
        publish(releases)


@pytest.mark.parametrize("name", ["news", "a/b/c", "/news", "owner/", "owner/..", "owner/a b", ""])
def test_names(releases, monkeypatch, name):
    """A dataset on the Hub is called owner/name."""
    monkeypatch.setenv("HF_TOKEN", WRITER)
    with pytest.raises(UsageError, match="hub:owner/name"):
        publish_to_hub(releases / "1.0", name)


def test_card_that_the_hub_does_not_accept(here, article, write, tmp_path, releases):
    """A licence that the Hub does not know is a fault of the card; nothing is committed."""
    release = build(
        write(article("a1", "मोदी आए।"), "l.jsonl"), tmp_path / "l", "1.0", license="not-a-license", fractions=(1, 0, 0)
    )
    with pytest.raises(DataError, match=r"README\.md: schema: the Hub does not accept its YAML"):
        publish_to_hub(release.path, REPO)
    assert not here.repos[REPO].tags
    assert len(here.repos[REPO].commits) == 1


def test_broken_release_is_not_published(hub, small_releases, tmp_path, monkeypatch):
    """A release that does not hold what its manifest says never reaches the Hub."""
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    monkeypatch.setenv("HF_TOKEN", WRITER)
    release = shutil.copytree(small_releases / "1.0", tmp_path / "1.0")
    (release / "ner" / "train.parquet").write_bytes(b"")
    with pytest.raises(DataError, match="its SHA-256 is not the one"):
        publish_to_hub(release, REPO)
    assert hub.asked == []
