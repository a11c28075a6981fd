"""Engines that are made elsewhere: spaCy and transformers models, and services that answer over HTTP."""
