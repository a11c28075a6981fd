"""The hash of what a table says."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.release.content import ContentHash

SCHEMA = pa.schema(
    [
        ("text", pa.string()),
        ("number", pa.int32()),
        ("words", pa.list_(pa.string())),
        ("places", pa.list_(pa.list_(pa.int32()))),
        ("things", pa.list_(pa.struct([("name", pa.string()), ("cue", pa.list_(pa.int32()))]))),
    ]
)
LARGE = pa.schema(
    [
        ("text", pa.large_string()),
        ("number", pa.int64()),
        ("words", pa.large_list(pa.large_string())),
        ("places", pa.large_list(pa.list_(pa.int64()))),
        ("things", pa.list_(pa.struct([("name", pa.large_string()), ("cue", pa.large_list(pa.int64()))]))),
    ]
)
WORDS = st.text("कख😀 a", max_size=3)
NUMBERS = st.integers(-3, 3)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "text": st.none() | WORDS,
            "number": st.none() | NUMBERS,
            "words": st.none() | st.lists(WORDS, max_size=3),
            "places": st.lists(st.lists(NUMBERS, max_size=2), max_size=2),
            "things": st.lists(
                st.fixed_dictionaries({"name": WORDS, "cue": st.none() | st.lists(NUMBERS, max_size=2)}), max_size=2
            ),
        }
    ),
    min_size=1,
    max_size=6,
)


def content(*batches):
    """The hash of batches."""
    found = ContentHash()
    for batch in batches:
        found.add(batch)
    return found.hexdigest()


@given(ROWS, st.integers(0, 6))
def test_batches_and_types_do_not_show(rows, cut):
    """Cut anywhere, in other batches or wider types, the same rows have the same hash."""
    whole = pa.RecordBatch.from_pylist(rows, SCHEMA)
    assert content(whole) == content(whole.slice(0, cut), whole.slice(cut))
    assert content(whole) == content(*(pa.RecordBatch.from_pylist([row], SCHEMA) for row in rows))
    assert content(whole) == content(pa.RecordBatch.from_pylist(rows, LARGE))


@given(ROWS, ROWS)
def test_other_rows_have_another_hash(rows, others):
    """What differs in any value, null or length has another hash."""
    first, second = (pa.RecordBatch.from_pylist(these, SCHEMA) for these in (rows, others))
    assert (content(first) == content(second)) == (rows == others)


@pytest.mark.parametrize(
    ("rows", "others"),
    [
        pytest.param([["ab", "c"]], [["a", "bc"]], id="where-words-end"),
        pytest.param([["a"], ["b"]], [["a", "b"], []], id="where-lists-end"),
        pytest.param([None], [[]], id="null-and-empty"),
        pytest.param([[""]], [[]], id="empty-word"),
    ],
)
def test_borders_count(rows, others):
    """The same letters with other borders are other content."""
    kind = pa.schema([("words", pa.list_(pa.string()))])
    assert content(pa.RecordBatch.from_pydict({"words": rows}, kind)) != content(
        pa.RecordBatch.from_pydict({"words": others}, kind)
    )


def test_unknown_types_are_refused():
    """A type that no column has is an error, not left out."""
    with pytest.raises(TypeError, match="x: no column"):
        content(pa.RecordBatch.from_pydict({"x": [1.5]}))
