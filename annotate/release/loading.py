"""What `datasets` makes of a release folder, as JSON on stdout: `python -m annotate.release.loading FOLDER CONFIG…`."""

import sys
from typing import Any

import orjson

from annotate.release.features import as_list_notation
from annotate.release.tables import content_of

__all__ = ["loaded"]


def loaded(release: str, config: str) -> dict[str, Any]:
    """Load a config and say of each split how many rows came, with which features and which content hash."""
    from datasets import load_dataset

    return {
        split: {
            "rows": len(rows),
            "features": as_list_notation(rows.features.to_dict()),
            "content": content_of(iter(rows), rows.column_names),
        }
        for split, rows in load_dataset(release, config).items()
    }


if __name__ == "__main__":
    folder, *configs = sys.argv[1:]
    sys.stdout.buffer.write(orjson.dumps({config: loaded(folder, config) for config in configs}))
