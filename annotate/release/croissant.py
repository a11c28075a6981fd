"""The release as Croissant: JSON-LD that data catalogues and `mlcroissant` read.

Source: the Croissant format specification 1.0 of MLCommons.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from annotate.release.features import Feature, features
from annotate.release.manifest import Manifest
from annotate.release.spool import Table

__all__ = ["CROISSANT", "croissant"]

CROISSANT = "croissant.json"

# The context that the specification gives; names on the left are used below.
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "equivalentProperty": "cr:equivalentProperty",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(
    manifest: Manifest, sizes: Mapping[str, int], hashes: Mapping[str, str], citation: str, description: str
) -> bytes:
    """Write the Croissant file of a release: its Parquet files, and one record set per config and split.

    Args:
        manifest: what the release holds.
        sizes: bytes of each table's file.
        hashes: SHA-256 of each table's file.
        citation: how to cite it, as BibTeX.
        description: what it is.
    """
    data = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": manifest.name,
        "description": description,
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "version": manifest.version,
        "license": manifest.license,
        "inLanguage": sorted(manifest.languages),
        "citeAs": citation,
        "distribution": [_file(table, sizes, hashes) for table in manifest.tables],
        "recordSet": [_records(manifest, table) for table in manifest.tables],
    }
    return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _file(table: Table, sizes: Mapping[str, int], hashes: Mapping[str, str]) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": table.file,
        "name": table.file,
        "contentUrl": table.file,
        "contentSize": f"{sizes[table.file]} B",
        "encodingFormat": "application/x-parquet",
        "sha256": hashes[table.file],
    }


def _records(manifest: Manifest, table: Table) -> dict[str, Any]:
    name = f"{table.config}/{table.split}"
    # Croissant 1.0 has no column of lists of structs; such are named in the description.
    columns = features(table.config, manifest.labels)
    nested = [column for column, feature in columns.items() if "_type" not in _inner(feature)]
    beside = f" Columns with structures, not described here: {', '.join(nested)}." if nested else ""
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"{table.rows} rows of the config {table.config}, split {table.split}.{beside}",
        "key": {"@id": f"{name}/id"},
        "field": [_field(name, column, feature, table) for column, feature in columns.items() if column not in nested],
    }


def _field(name: str, column: str, feature: Feature, table: Table) -> dict[str, Any]:
    inner, repeated = _inner(feature), isinstance(feature, list)
    return {
        "@type": "cr:Field",
        "@id": f"{name}/{column}",
        "name": column,
        "description": _meaning(column, inner),
        "dataType": _type(inner),
        **({"repeated": True} if repeated else {}),
        "source": {"fileObject": {"@id": table.file}, "extract": {"column": column}},
    }


def _inner(feature: Feature) -> Feature:
    """What the lists of a column hold in the end."""
    return _inner(feature[0]) if isinstance(feature, list) else feature


def _type(feature: Feature) -> str:
    return "sc:Text" if feature.get("dtype") == "string" else "sc:Integer"


def _meaning(column: str, feature: Feature) -> str:
    if feature["_type"] != "ClassLabel":
        return f"column {column}"
    return f"column {column}, classes " + ", ".join(f"{at} {name}" for at, name in enumerate(feature["names"]))
