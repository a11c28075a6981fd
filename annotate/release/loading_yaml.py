"""The part of a card's YAML that `datasets` loads by: which files are which config and split, and their columns."""

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.labels import LabelSet
from annotate.release.features import as_card, configs, features
from annotate.release.spool import Table, content_of

__all__ = ["loading_yaml"]


def loading_yaml(tables: Sequence[Table], labels: LabelSet, download_bytes: Mapping[str, int]) -> dict[str, Any]:
    """The keys `configs` and `dataset_info` of a folder of tables; the first config that has rows is the default.

    Args:
        tables: what lies in the folder.
        labels: the label set, whose frozen order is that of the classes.
        download_bytes: size of each table's file by its path in the folder.
    """
    of = {config: [table for table in tables if table.config == config] for config in configs(labels)}
    there = [config for config in of if of[config]]
    return {
        "configs": [_config(config, of[config], labels, default=not at) for at, config in enumerate(there)],
        "dataset_info": [_info(config, of[config], labels, download_bytes) for config in there],
    }


def _config(config: str, tables: Sequence[Table], labels: LabelSet, *, default: bool) -> dict[str, Any]:
    return {
        "config_name": config,
        **({"default": True} if default else {}),
        # `datasets` finds its cache by this YAML alone: without the hash it would serve the rows of an older release.
        "description": f"sha256:{content_of(config, labels, tables)}",
        "data_files": [{"split": table.split, "path": table.file} for table in tables],
    }


def _info(config: str, tables: Sequence[Table], labels: LabelSet, download_bytes: Mapping[str, int]) -> dict[str, Any]:
    return {
        "config_name": config,
        "features": as_card(features(config, labels)),
        "splits": [{"name": t.split, "num_bytes": t.arrow_bytes, "num_examples": t.rows} for t in tables],
        "download_size": sum(download_bytes[table.file] for table in tables),
        "dataset_size": sum(table.arrow_bytes for table in tables),
    }
