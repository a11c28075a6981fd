"""Articles from files: text, JSONL, CSV, Parquet and HTML, checked and told apart as they stream by."""

from annotate.articles.reading import Articles, Duplicate, read
from annotate.articles.sources import SUFFIXES

__all__ = ["SUFFIXES", "Articles", "Duplicate", "read"]
