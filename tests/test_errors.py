"""Errors carry the exit code that the contract gives their kind, and a message that a user can act on."""

import pickle

import pytest

from annotate.errors import (
    AnnotateError,
    BackendError,
    DataError,
    Fault,
    HubError,
    MissingExtra,
    ReaderGone,
    Reason,
    ServiceError,
    StudioError,
    Unfinished,
    UsageError,
)

FAULT = Fault("work/gold.jsonl", 812, "s41:0-64", Reason.UNKNOWN_LABEL, "'PERS' (known: PER, ORG, LOC)")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(DataError([FAULT]), 1, id="data"),
        pytest.param(UsageError("x"), 2, id="usage"),
        pytest.param(MissingExtra("label-studio", "studio"), 2, id="extra"),
        pytest.param(ServiceError("x"), 3, id="service"),
        pytest.param(StudioError("x"), 3, id="studio"),
        pytest.param(BackendError("x"), 3, id="backend"),
        pytest.param(HubError("x"), 3, id="hub"),
        pytest.param(Unfinished("x"), 4, id="unfinished"),
        pytest.param(ReaderGone(), 0, id="reader-gone"),
    ],
)
def test_exit_codes(error, code):
    """Every error is one of ours and exits as the contract says."""
    assert isinstance(error, AnnotateError)
    assert error.exit_code == code


def test_every_error_is_tested():
    """No kind of error stands outside the table above."""

    def below(kind):
        return {kind}.union(*map(below, kind.__subclasses__()))

    ours = {kind for kind in below(AnnotateError) if kind.__module__ == "annotate.errors"}
    assert ours == {
        *(AnnotateError, DataError, UsageError, MissingExtra, ServiceError, StudioError, HubError, Unfinished),
        *(BackendError, ReaderGone),
    }


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        pytest.param(FAULT, "work/gold.jsonl:812: s41:0-64: unknown-label: 'PERS' (known: PER, ORG, LOC)", id="full"),
        pytest.param(
            FAULT._replace(id=""), "work/gold.jsonl:812: unknown-label: 'PERS' (known: PER, ORG, LOC)", id="no-id"
        ),
        pytest.param(Fault("a.txt", 0, "", Reason.EMPTY_ARTICLE, ""), "a.txt: empty-article", id="whole-file"),
    ],
)
def test_a_fault_is_one_line(fault, line):
    """A fault reads file:line: id: reason: found, without the parts it has not."""
    assert str(fault) == line


def test_a_data_error_keeps_its_faults():
    """A data error has all its faults in order, and its message is one line for each."""
    faults = [FAULT, FAULT._replace(line=900), FAULT._replace(line=901, id="")]
    error = DataError(iter(faults))
    assert error.faults == tuple(faults)
    assert str(error).splitlines() == [str(fault) for fault in faults]


def test_a_missing_extra_says_what_to_install():
    """The message is one line with the command that brings the package."""
    assert str(MissingExtra("label-studio", "studio")) == (
        "label-studio is not installed; pip install 'annotate-kit[studio]' brings it"
    )


@pytest.mark.parametrize(
    ("status", "refused"),
    [
        (None, False),
        (400, True),
        (401, True),
        (404, True),
        (408, False),
        (409, False),
        (412, False),
        (413, True),
        (429, False),
        (500, False),
        (502, False),
        (504, False),
    ],
)
def test_refused(status, refused):
    """Only an answer that blames the request itself tells that the server did nothing."""
    assert StudioError("x", status).refused is refused
    assert HubError("x", status).refused is refused


def test_reasons_are_kebab_case():
    """The reasons are words that tools can filter on."""
    assert all(reason.value.replace("-", "").isalpha() and reason.value.islower() for reason in Reason)


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(DataError([FAULT, FAULT]), id="data"),
        pytest.param(UsageError("x"), id="usage"),
        pytest.param(MissingExtra("label-studio", "studio"), id="extra"),
        pytest.param(StudioError("x", 404), id="studio"),
        pytest.param(Unfinished("x"), id="unfinished"),
    ],
)
def test_errors_cross_processes(error):
    """An error of a worker process arrives with its kind, message and faults."""
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
