"""Gold and annotations in the formats of other tools, and back: `WRITERS` and `READERS` name them."""

from annotate.release.formats.export import WRITERS, ExportSummary, export
from annotate.release.formats.importing import READERS, ImportSummary, import_gold
from annotate.release.formats.writer import Batch, Part, Sample, Writer

__all__ = [
    "READERS",
    "WRITERS",
    "Batch",
    "ExportSummary",
    "ImportSummary",
    "Part",
    "Sample",
    "Writer",
    "export",
    "import_gold",
]
