"""The table of faults in a page of the documentation."""

from collections.abc import Sequence
from typing import NamedTuple

from tests.faults import SCENARIOS, Scenario

__all__ = ["BEGIN", "END", "Row", "written"]

BEGIN, END = "<!-- faults -->\n", "<!-- end of faults -->\n"


class Row(NamedTuple):
    """One row: what was done, how often it struck, and what was lost and doubled over all repetitions."""

    scenario: Scenario
    struck: int
    lost: int
    doubled: int

    @property
    def withstood(self) -> bool:
        """Whether every repetition struck, and nothing came of it."""
        return self.struck == self.scenario.repetitions and not self.lost and not self.doubled


def written(page: str, rows: Sequence[Row]) -> str:
    """The page with these rows in its table, in the order of the scenarios; rows that were not run stay as they are."""
    before, _, rest = page.partition(BEGIN)
    former, _, after = rest.partition(END)
    lines = {tuple(line.split(" | ")[:2]): line for line in former.splitlines()[2:]}
    for one, struck, lost, doubled in rows:
        lines[_key(one)] = f"| {one.command} | {one.name} | {struck} | {lost} | {doubled} |"
    table = ["| command | what goes wrong | times | lost | twice |", "|---|---|---|---|---|"]
    table += [lines[_key(one)] for one in SCENARIOS if _key(one) in lines]
    return before + BEGIN + "\n".join(table) + "\n" + END + after


def _key(scenario: Scenario) -> tuple[str, str]:
    return f"| {scenario.command}", scenario.name
