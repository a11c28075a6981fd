"""Webhooks become pulls."""

from threading import Event

from annotate.errors import StudioError
from annotate.studio.backend.puller import Puller

PATIENCE_S = 10


def test_one_pull_for_a_burst():
    """What comes while a pull runs leads to one more, however much it is."""
    began, go_on, done = Event(), Event(), []
    second = Event()

    def pull():
        began.set()
        assert go_on.wait(PATIENCE_S)
        done.append(1)
        if len(done) == 2:
            second.set()
        return f"pull {len(done)}"

    said = []
    puller = Puller(pull, said.append, settle_s=0)
    puller.start()
    puller.ask()
    assert began.wait(PATIENCE_S)
    for _ in range(20):
        puller.ask()
    go_on.set()
    assert second.wait(PATIENCE_S)
    assert puller.stop(PATIENCE_S)
    assert said == ["pull 1", "pull 2"]


def test_a_failed_pull_is_tried_again():
    """A server that fails for a moment costs no annotation; nobody has to ask again."""
    tries, there = [], Event()

    def pull():
        tries.append(1)
        if len(tries) < 3:
            raise (StudioError("no answer"), OSError("no space"))[len(tries) - 1]
        there.set()
        return "pulled"

    said = []
    puller = Puller(pull, said.append, settle_s=0, pause_s=0.01)
    puller.start()
    puller.ask()
    assert there.wait(PATIENCE_S)
    assert puller.stop(PATIENCE_S)
    assert said == [
        "pull failed, and is tried again: no answer",
        "pull failed, and is tried again: OSError: no space",
        "pulled",
    ]


def test_stopping_waits_for_the_pull():
    """A pull that is under way when the service ends comes to its end; none begins after that."""
    began, go_on, said = Event(), Event(), []

    def pull():
        began.set()
        assert go_on.wait(PATIENCE_S)
        return "pulled"

    puller = Puller(pull, said.append, settle_s=0)
    puller.start()
    puller.ask()
    assert began.wait(PATIENCE_S)
    assert not puller.stop(0.05)
    go_on.set()
    assert puller.stop(PATIENCE_S)
    assert said == ["pulled"]


def test_a_puller_that_never_pulled_stops_at_once():
    """Nobody asked, nothing is pulled."""
    said = []
    puller = Puller(lambda: "pulled", said.append)
    puller.start()
    assert puller.stop(PATIENCE_S)
    assert said == []
