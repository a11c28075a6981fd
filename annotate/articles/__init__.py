"""Articles from files: text, JSONL, CSV, Parquet and HTML, checked and told apart as they stream by."""

from annotate.articles.looking import Looked, Terms, look
from annotate.articles.portions import Portion
from annotate.articles.reading import Articles, Duplicate, read
from annotate.articles.sources import SUFFIXES

__all__ = ["SUFFIXES", "Articles", "Duplicate", "Looked", "Portion", "Terms", "look", "read"]
