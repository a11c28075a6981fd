"""Versions of what this room computes; they change whenever any result can change."""

__all__ = ["SPLITTER_VERSION", "TOKENIZER_VERSION"]

SPLITTER_VERSION = "2"
TOKENIZER_VERSION = "3"
