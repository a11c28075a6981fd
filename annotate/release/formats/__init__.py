"""Gold and annotations in the formats of other tools: one module per format, `WRITERS` names them."""

from annotate.release.formats.export import WRITERS, ExportSummary, export
from annotate.release.formats.writer import Part, Sample, Writer

__all__ = ["WRITERS", "ExportSummary", "Part", "Sample", "Writer", "export"]
