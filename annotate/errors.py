"""What can go wrong, sorted by what the reader can do about it; the class carries the exit code.

AnnotateError
├── DataError          1   records break the contract; `faults` lists every one, in file order
├── UsageError         2   the command cannot be run as it was asked for
│   └── MissingExtra       a package of an extra is not installed
├── ServiceError       3   a server or the network failed
│   ├── StudioError        Label Studio
│   ├── BackendError       a service that pre-labels
│   └── HubError           Hugging Face Hub
├── Unfinished         4   stopped part-way; the same command goes on
└── ReaderGone         0   whoever read the output has enough, as `head` does
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

__all__ = [
    "AnnotateError",
    "BackendError",
    "DataError",
    "Fault",
    "HubError",
    "MissingExtra",
    "ReaderGone",
    "Reason",
    "ServiceError",
    "StudioError",
    "Unfinished",
    "UsageError",
]


class Reason(StrEnum):
    """Which rule a record breaks. The values are part of the contract: tools filter on them."""

    BROKEN_JSON = "broken-json"
    WRONG_ENCODING = "wrong-encoding"
    NOT_A_RECORD = "not-a-record"
    SCHEMA = "schema"
    UNKNOWN_LABEL = "unknown-label"
    UNKNOWN_LANGUAGE = "unknown-language"
    EMPTY_ARTICLE = "empty-article"
    MISSING_FIELD = "missing-field"
    DUPLICATE_ID = "duplicate-id"
    WRONG_ID = "wrong-id"
    WRONG_TEXT = "wrong-text"
    OFFSET_OUT_OF_TEXT = "offset-out-of-text"
    EMPTY_SPAN = "empty-span"
    SPLITS_AKSHARA = "splits-akshara"
    DANGLING_TARGET = "dangling-target"
    DANGLING_HOLDER = "dangling-holder"
    DUPLICATE_STANCE = "duplicate-stance"
    OVERLAP = "overlap"
    OFF_TOKEN_BORDER = "off-token-border"  # noqa: S105 - a token of text
    BAD_RESULT = "bad-result"
    UNKNOWN_TASK = "unknown-task"
    UNREADABLE = "unreadable"
    MISMATCH = "mismatch"
    LEAKAGE = "leakage"
    UNRESOLVED = "unresolved-disagreement"
    CLASS_MISSING = "class-missing"
    WRONG_TAG = "wrong-tag"


class Fault(NamedTuple):
    """One broken record: where it is, which rule it breaks, what was found."""

    file: str
    line: int  # 1-based; 0 when the fault is the whole file's
    id: str  # "" when the record has none that can be read
    reason: Reason
    found: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (where, self.id, self.reason.value, self.found) if part)


class AnnotateError(Exception):
    """Base of everything the toolkit raises on purpose; `str()` of it is meant for the user."""

    exit_code = 1


class DataError(AnnotateError):
    """Records break the contract. `faults` names every one of them, in file order."""

    exit_code = 1

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)  # what it was made from, so that it can go from one process to another

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


class UsageError(AnnotateError):
    """The command cannot be run as it was asked for: a missing file, an unknown name, no workspace."""

    exit_code = 2


class MissingExtra(UsageError):
    """A package that belongs to an extra is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        self.package, self.extra = package, extra
        super().__init__(package, extra)

    def __str__(self) -> str:
        return f"{self.package} is not installed; pip install 'annotate-kit[{self.extra}]' brings it"


class ServiceError(AnnotateError):
    """A server or the network failed; `status` is the HTTP status if there was an answer."""

    exit_code = 3

    def __init__(self, message: str, status: int | None = None) -> None:
        self.message, self.status = message, status
        super().__init__(message, status)

    def __str__(self) -> str:
        return self.message

    @property
    def refused(self) -> bool:
        """Whether the server certainly did nothing, and will not next time: it says that the request itself is wrong.

        Without an answer, or with a server error, the request may have been carried out all the same.
        """
        return self.status is not None and 400 <= self.status < 500 and self.status not in (408, 409, 412, 425, 429)


class StudioError(ServiceError):
    """Label Studio did not answer, refused, or answered what it should not.

    `unreached` says that nobody took the request, so that it cannot have been carried out.
    """

    def __init__(self, message: str, status: int | None = None, *, unreached: bool = False) -> None:
        super().__init__(message, status)
        self.unreached = unreached


class BackendError(ServiceError):
    """A service that pre-labels did not answer, refused, or answered what it should not."""


class HubError(ServiceError):
    """The Hugging Face Hub did not answer, refused, or answered what it should not."""


class Unfinished(AnnotateError):
    """The work stopped part-way; the same command goes on where it stopped."""

    exit_code = 4


class ReaderGone(AnnotateError):
    """Whoever read the output closed it before its end, as `head` does; there is nobody left to tell."""

    exit_code = 0
