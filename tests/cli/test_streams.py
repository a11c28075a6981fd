"""Streams that close or fill, and signals: the exit codes of the contract, and nothing left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.eventually import eventually

COMMAND = (sys.executable, "-m", "annotate")


@pytest.fixture
def many(tmp_path, corpus):
    """More articles than a pipe holds sentences of."""
    path = tmp_path / "many.jsonl"
    lines = corpus.articles.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line.replace(b'"id":"', f'"id":"{n}'.encode(), 1) for n in range(20) for line in lines))
    return path


def test_a_reader_that_has_enough(many, tmp_path):
    """`annotate split … | head -1` is done when head is, and says nothing."""
    split = subprocess.Popen(
        [*COMMAND, "split", many, "-o", "-"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    )
    assert split.stdout.readline().startswith(b'{"id":')
    split.stdout.close()
    errors = split.stderr.read()
    split.stderr.close()
    assert (split.wait(), errors) == (0, b"")


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM], ids=lambda kind: kind.name)
def test_an_interrupted_command_leaves_nothing_half_written(tmp_path, kind, corpus):
    """Ctrl-C and a request to end are exit 4: the same command goes on."""
    with subprocess.Popen(
        [*COMMAND, "split", "-", "-o", "out.jsonl"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        # A run in the background may have been told to ignore Ctrl-C, and its children would be deaf to it too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    ) as split:
        split.stdin.write(corpus.articles.read_bytes())
        split.stdin.flush()
        # Python hears a signal between two steps or in a wait that it is in, not one that comes right before the wait.
        assert eventually(lambda: list(tmp_path.glob(".out.jsonl.*")) and _waits_for_input(split.pid), 60)
        split.send_signal(kind)
        errors = split.stderr.read()
    assert (split.returncode, errors) == (4, b"interrupted; the same command goes on\n")
    assert list(tmp_path.iterdir()) == []


def _waits_for_input(pid):
    """Tell whether a process is in the system call that reads its stdin."""
    number, first, *_ = [*Path(f"/proc/{pid}/syscall").read_text().split(), ""]
    return number in ("0", "63") and first == "0x0"  # on x86-64 and on aarch64


def test_a_full_device_under_the_summary(tmp_path, corpus):
    """What was written stands, and the exit code says that the summary did not get out."""
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [*COMMAND, "split", corpus.articles, "-o", "out.jsonl", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            check=False,
        )
    assert ran.returncode == 2
    assert b"Traceback" not in ran.stderr
    assert (tmp_path / "out.jsonl").stat().st_size > 0


@pytest.mark.parametrize(
    ("closed", "arguments", "code"),
    [
        pytest.param(1, ("split", "ARTICLES", "-o", "-"), 2, id="stdout"),
        pytest.param(0, ("split", "-", "-o", "out.jsonl"), 2, id="stdin"),
        pytest.param(2, ("split", "ARTICLES", "-o", "out.jsonl"), 0, id="stderr"),
    ],
)
def test_a_closed_stream(tmp_path, corpus, closed, arguments, code):
    """A stream that whoever started us closed is a mistake where it is needed, and nothing where it is not."""
    named = [str(corpus.articles) if argument == "ARTICLES" else argument for argument in arguments]
    ran = subprocess.run(
        [*COMMAND, *named],
        cwd=tmp_path,
        stdin=None if closed == 0 else subprocess.DEVNULL,
        stdout=None if closed == 1 else subprocess.PIPE,
        stderr=None if closed == 2 else subprocess.PIPE,
        preexec_fn=lambda: os.close(closed),
        check=False,
    )
    assert ran.returncode == code
    assert b"Traceback" not in (ran.stderr or b"")
