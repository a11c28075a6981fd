"""An embedded Label Studio that keeps its projects in Debian's PostgreSQL."""

import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from annotate.errors import UsageError
from annotate.studio import server
from annotate.studio.client import Client
from annotate.studio.server.postgres import Database
from tests.studio.embedded import everything_on_command_lines

PASSWORD = "p@ss/word:Z%9-not-to-be-seen"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite:///x",
        "postgresql://host/name",
        "postgresql://u:secret@host",
        "postgresql://u@h:x/n",
        "postgresql://[",
    ],
)
def test_what_is_no_address(url):
    """It is refused, and not repeated, since it may hold a password."""
    with pytest.raises(UsageError) as caught:
        Database.of(url, {})
    assert "secret" not in str(caught.value)


def test_the_password_comes_from_the_address_or_the_environment():
    """Percent signs are decoded; what is shown of a database has no password in it."""
    there = Database.of("postgresql://u%40x:a%2Fb@[::1]:5433/n%20m", {"PGPASSWORD": "other"})
    assert there == Database("::1", 5433, "n m", "u@x", "a/b")
    assert Database.of("postgres://u@h/n", {"PGPASSWORD": "other"}) == Database("h", 5432, "n", "u", "other")
    assert "a/b" not in repr(there)
    assert Database.from_note(json.loads(json.dumps(there.note()))) == there


@pytest.fixture
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A cluster of its own on loopback, in a folder of the system's temporary ones, run by a user who is not root."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert programs, "this test needs Debian's package postgresql; make test installs it"
    programs_at = programs[-1].parent
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/annotate-pg.XXXXXX"], text=True).strip())
    who: dict[str, object] = {}
    if os.getuid() == 0:
        other = pwd.getpwnam("postgres")
        os.chown(folder, other.pw_uid, other.pw_gid)
        who = {"user": other.pw_uid, "group": other.pw_gid, "extra_groups": []}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    secret = folder / "password"
    secret.write_text(PASSWORD, "utf-8")
    if who:
        os.chown(secret, pwd.getpwnam("postgres").pw_uid, -1)
    made = ("--pgdata", folder / "data", "--auth=scram-sha-256", "--username=annotate", "--pwfile", secret, "--no-sync")
    subprocess.run([programs_at / "initdb", *made], check=True, capture_output=True, cwd=folder, **who)
    settings = ("-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off")
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [programs_at / "postgres", "-D", folder / "data", "-p", str(port), *settings],
            cwd=folder,
            stdout=log,
            stderr=log,
            **who,
        )
    try:
        wait = [programs_at / "pg_isready", "--quiet", "-h", "127.0.0.1", "-p", str(port)]
        for _ in range(200):
            if subprocess.run(wait, check=False).returncode == 0:
                break
            assert running.poll() is None, (folder / "log").read_text("utf-8")
            with pytest.raises(subprocess.TimeoutExpired):
                running.wait(0.1)
        yield Database("127.0.0.1", port, "postgres", "annotate", PASSWORD)
    finally:
        running.terminate()  # a smart shutdown waits for clients, and the server that used it is down by now
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        shutil.rmtree(folder)


def started_with_the_password_in_sight(address: str, here: Path) -> tuple[subprocess.CompletedProcess[str], set[str]]:
    """Up with an address that holds the password, and the other command lines on which it stood meanwhile."""
    line = [sys.executable, "-m", "annotate", "studio", "up", "--json", "--database", address]
    showing: set[str] = set()
    with subprocess.Popen(line, cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as command:
        while command.poll() is None:
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                with suppress(OSError):
                    text = unquote(path.read_bytes().decode("utf-8", "replace"))
                    showing |= {text} if PASSWORD in text else set()
            with suppress(subprocess.TimeoutExpired):
                command.wait(0.02)
        out, err = command.communicate()
    own = unquote("\0".join(line)) + "\0"  # also of a child that is about to become another program
    return subprocess.CompletedProcess(line, command.returncode, out, err), showing ^ {own}


def files_with(words: list[bytes], folder: Path) -> list[Path]:
    """The files of a folder that hold one of the words, logs too."""
    return [f for f in folder.rglob("*") if f.is_file() and any(word in f.read_bytes() for word in words)]


def test_projects_are_kept_in_postgresql(cli, postgres, sentences, tmp_path):
    """Up, push, down, up again with what is remembered: the tasks are there, and the password is nowhere to be seen."""
    here = tmp_path / "campaign"
    assert cli("init", here, "--name", "postgres").code == 0
    (here / "work" / "prelabeled.jsonl").write_bytes(b"".join(s.to_json() + b"\n" for s in sentences))
    address = f"postgresql://{postgres.user}@{postgres.host}:{postgres.port}/{postgres.name}"
    env = {"PGPASSWORD": PASSWORD}
    try:
        first, showing = started_with_the_password_in_sight(address.replace("@", f":{quote(PASSWORD, safe='')}@"), here)
        assert first.returncode == 0, first.stderr
        assert showing == set()
        assert PASSWORD not in unquote(everything_on_command_lines())
        # The same database, so PGPASSWORD is the same password.
        ran = [cli("studio", "up", "--database", address, env=env, cwd=here)]
        assert (ran[0].code, "was running" in ran[0].stderr) == (0, True)
        ran += [cli(*words, cwd=here) for words in (("push", "--json"), ("push", "--json"), ("studio", "down"))]
        assert [one.code for one in ran] == [0, 0, 0, 0], [one.stderr for one in ran]
        assert json.loads(ran[1].stdout)["pushed"] == json.loads(ran[2].stdout)["already_there"] == 4
        other = cli("studio", "up", "--database", address.replace("/postgres", "/other"), env=env, cwd=here)
        assert (other.code, "keeps what it was first started with" in other.stderr) == (2, True)
        ran += [other, cli("studio", "up", "--json", cwd=here)]
        assert ran[-1].code == 0, ran[-1].stderr
        url = json.loads(ran[-1].stdout)["server"]["url"]
        with Client(url, server.api_key(here / "studio")) as client:
            project = client.project("postgres")
            assert project is not None
            assert project.tasks == 4
    finally:
        server.down(here / "studio")
    assert not (here / "studio" / "data" / "label_studio.sqlite3").exists()
    assert not [one for one in (first, *ran) if PASSWORD in unquote(one.stdout + one.stderr)]
    account = json.loads((here / "studio" / "credentials.json").read_text("utf-8"))
    assert first.stderr.count(account["password"]) == 1  # when the account is made, and never again
    assert not [one for one in ran if account["password"] in one.stdout + one.stderr]
    assert not [one for one in (first, *ran) if account["token"] in one.stdout + one.stderr]
    assert account["password"] not in first.stdout
    secrets = [account["password"].encode(), account["token"].encode()]
    assert [f.name for f in files_with(secrets, here)] == ["credentials.json"]
    forms = [json.dumps(PASSWORD)[1:-1].encode(), quote(PASSWORD, safe="").encode()]
    holding = files_with(forms, here)
    assert [f.name for f in holding] == ["database.json"]
    assert holding[0].stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("option", "variable", "warned"),
    [
        pytest.param("postgresql://u:geheim@h/n", None, True, id="in-the-option"),
        pytest.param("postgresql://u@h/n", None, False, id="not-in-the-option"),
        pytest.param(None, "postgresql://u:geheim@h/n", False, id="in-the-environment"),
    ],
)
def test_a_password_on_the_command_line_is_warned_of(cli, tmp_path, option, variable, warned):
    """One line names the variable, and does not repeat the password; what nobody sees is not warned of."""
    (tmp_path / "annotate.toml").write_text("", "utf-8")
    words = ("--database", option) if option else ()
    env = {"ANNOTATE_DATABASE_URL": variable} if variable else {}
    ran = cli("studio", "up", "--host", "nowhere", *words, env=env)  # the host is refused before anything starts
    lines = ran.stderr.splitlines()
    assert (ran.code, len(lines)) == (2, 1 + warned)
    assert ("ANNOTATE_DATABASE_URL" in lines[0]) == warned
    assert "geheim" not in ran.stderr


@pytest.mark.parametrize("command", [("studio", "up"), ("run", "articles.jsonl")], ids=" ".join)
def test_the_address_may_come_from_the_environment(cli, tmp_path, command):
    """A command line is seen by everybody on the machine; the environment is not, and the message repeats nothing."""
    (tmp_path / "annotate.toml").write_text('backend = "rules"\nstance = "rules"\n', "utf-8")
    (tmp_path / "articles.jsonl").write_text('{"text": "राम गया।"}\n', "utf-8")
    ran = cli(*command, env={"ANNOTATE_DATABASE_URL": "mysql://u:geheim@h/n"})
    assert ran.code == 2
    assert "postgresql://" in ran.stderr
    assert "geheim" not in ran.stderr + ran.stdout
