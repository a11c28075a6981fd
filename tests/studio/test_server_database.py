"""The empty database that a new Label Studio starts on: how it is kept, and what may not be used as one."""

import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from annotate.errors import StudioError
from annotate.studio.server import database as server_database
from annotate.studio.waiting import Deadline

TABLES = ("django_migrations", "htx_user", "authtoken_token", "organization", "project", "django_session")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of the user's, for one test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = server_database.cached_path()
    assert path is not None
    return path


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A small file that passes for a migrated database without accounts."""
    path = tmp_path / "template.sqlite3"
    with closing(sqlite3.connect(path)) as database, database:
        for table in TABLES:
            database.execute(f"CREATE TABLE {table} (id INTEGER)")
        database.execute("INSERT INTO django_migrations VALUES (1)")
    path.chmod(0o600)
    return path


@pytest.fixture
def builds(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Puts a program in the place of Label Studio's migrations that takes no time and counts its runs in a file."""
    runs = tmp_path / "runs"
    runs.write_text("", "utf-8")
    code = (
        "import os, shutil\n"
        f"open({str(runs)!r}, 'a').write('x')\n"
        f"shutil.copy({str(template)!r}, os.environ['LABEL_STUDIO_BASE_DATA_DIR'] + '/label_studio.sqlite3')\n"
    )
    monkeypatch.setattr(server_database, "command", lambda *arguments: [sys.executable, "-c", code])
    return runs


def accounts(path: Path) -> int:
    """How many rows of people, keys and organisations a real database holds."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        tables = ("htx_user", "authtoken_token", "organization", "token_blacklist_outstandingtoken", "django_session")
        return sum(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)


def test_made_by_label_studio_itself(cache, tmp_path):
    """A damaged one in the cache is replaced by a real one: migrated, without accounts or keys, for the owner alone."""
    cache.parent.mkdir(parents=True, mode=0o700)
    cache.write_bytes(b"half a file")
    (cache.parent / ".new-left-by-a-killed-build").mkdir()
    target = tmp_path / "label_studio.sqlite3"
    server_database.make(target, Deadline(180))
    assert server_database.is_template(cache)
    assert cache.read_bytes() == target.read_bytes()
    assert accounts(target) == 0
    assert [stat.S_IMODE(path.stat().st_mode) for path in (cache, target)] == [0o600, 0o600]
    assert sorted(path.suffix for path in cache.parent.iterdir()) == [".lock", ".sqlite3"]


def test_made_once(cache, builds, template, tmp_path):
    """The second folder gets a copy of what was made for the first."""
    for name in ("one", "two"):
        server_database.make(tmp_path / name, Deadline(30))
    assert builds.read_text("utf-8") == "x"
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes() == template.read_bytes()


def test_no_place_for_a_cache(monkeypatch, builds, template, tmp_path):
    """Where no cache folder can be made, the database is made in place, each time."""
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    for name in ("one", "two"):
        server_database.make(tmp_path / name, Deadline(30))
        assert (tmp_path / name).read_bytes() == template.read_bytes()
    assert builds.read_text("utf-8") == "xx"


def test_a_relative_cache_folder_is_ignored(monkeypatch, tmp_path):
    """XDG_CACHE_HOME counts only when it is absolute, as its specification says."""
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    monkeypatch.setenv("HOME", str(tmp_path))
    path = server_database.cached_path()
    assert path is not None
    assert path.parent == tmp_path / ".cache" / "annotate-kit"


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("raise SystemExit('no room')", id="nothing-made"),
        pytest.param(
            "import os, shutil, sys; shutil.copy({template!r}, os.environ['LABEL_STUDIO_BASE_DATA_DIR'] + "
            "'/label_studio.sqlite3'); sys.exit('no room')",
            id="ends-with-an-error",
        ),
    ],
)
def test_label_studio_fails(cache, template, tmp_path, monkeypatch, code):
    """When the migrations fail, the message says what Label Studio said, and nothing is kept."""
    line = [sys.executable, "-c", code.replace("{template!r}", repr(str(template)))]
    monkeypatch.setattr(server_database, "command", lambda *arguments: line)
    with pytest.raises(StudioError, match="no room"):
        server_database.make(tmp_path / "target", Deadline(30))
    assert not (tmp_path / "target").exists()
    assert [path.suffix for path in cache.parent.iterdir()] == [".lock"]


def test_no_time_left(cache, tmp_path, monkeypatch):
    """A build that takes too long is ended, and nothing is kept."""
    monkeypatch.setattr(server_database, "command", lambda *_: [sys.executable, "-c", "import time; time.sleep(60)"])
    with pytest.raises(StudioError, match=r"within 0\.2 s"):
        server_database.make(tmp_path / "target", Deadline(0.2))
    assert [path.suffix for path in cache.parent.iterdir()] == [".lock"]


def test_template(template):
    """Migrated, without accounts, and ours alone: that is one."""
    assert server_database.is_template(template)


@pytest.mark.parametrize("table", TABLES[1:])
def test_an_account_in_it(template, table):
    """With a row where people, keys or their work would be, it is none."""
    with closing(sqlite3.connect(template)) as database, database:
        database.execute(f"INSERT INTO {table} VALUES (1)")
    assert not server_database.is_template(template)


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o602])
def test_others_could_have_written_it(template, mode):
    """A file that others may read or write is none."""
    template.chmod(mode)
    assert not server_database.is_template(template)


def test_no_template(template, tmp_path):
    """A missing file, a folder, a link, an empty file, an empty database and a truncated one are none."""
    link = tmp_path / "link"
    link.symlink_to(template)
    empty = tmp_path / "empty"
    empty.touch(0o600)
    bare = tmp_path / "bare"
    with closing(sqlite3.connect(bare)) as database, database:
        database.execute("CREATE TABLE django_migrations (id INTEGER)")
    bare.chmod(0o600)
    cut = tmp_path / "cut"
    shutil.copyfile(template, cut)
    cut.chmod(0o600)
    with cut.open("r+b") as stream:
        stream.truncate(5000)
    candidates = [tmp_path / "missing", tmp_path, link, empty, bare, cut]
    assert [server_database.is_template(path) for path in candidates] == [False] * 6
