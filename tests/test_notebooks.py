"""The notebooks run from a clean kernel, and are stored without what they print."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))

# In a process of its own: Jupyter's own warnings are not this project's.
RUN = (
    "import sys, nbformat; from nbclient import NotebookClient;"
    "NotebookClient(nbformat.read(sys.argv[1], 4), timeout=300, kernel_name='python3',"
    " resources={'metadata': {'path': sys.argv[2]}}).execute()"
)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(notebook, tmp_path):
    """Every cell runs, in order, in a folder that holds nothing else."""
    ran = subprocess.run([sys.executable, "-c", RUN, notebook, tmp_path], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs(notebook):
    """What a cell prints is not part of the file, so a change of it shows only what was written."""
    cells = nbformat.read(notebook, 4).cells
    assert [c for c in cells if c.cell_type == "code" and (c.outputs or c.execution_count is not None)] == []
