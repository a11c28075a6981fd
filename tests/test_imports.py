"""`import annotate` is light: what is heavy is loaded by the step that needs it."""

import json
import subprocess
import sys

import pytest

import annotate

# What takes long to import, and what only some commands need.
HEAVY = {
    *("label_studio_sdk", "label_studio", "django", "datasets", "pandas", "pyarrow", "numpy", "huggingface_hub"),
    *("jsonschema", "jsonschema_rs", "trafilatura", "lxml", "rensa", "markdown_it"),
    *("httpx", "requests", "urllib3", "ssl", "http", "socket", "asyncio", "multiprocessing", "sqlite3", "subprocess"),
    *("typer", "click", "rich"),
}


def dragged_in(code):
    """The top-level modules that a fresh interpreter has after this code and had not before."""
    script = (
        f"import sys; before = set(sys.modules)\n{code}\n"
        "import json; print(json.dumps(sorted({name.partition('.')[0] for name in set(sys.modules) - before})))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    return set(json.loads(done.stdout))


def test_the_package_is_light():
    """`import annotate` loads orjson and the standard library, and nothing heavy of either."""
    modules = dragged_in("import annotate")
    assert modules & HEAVY == set()
    assert modules - set(sys.stdlib_module_names) == {"annotate", "orjson"}


def test_text_and_records_stay_light():
    """Splitting, tokenizing and pre-labelling a text by rules need no heavy library either."""
    code = (
        "import annotate\n"
        "from annotate.split import sentences\n"
        "article = annotate.Article(id='n', text='मोदी ने कहा। राहुल आए।', lang='hi')\n"
        "assert len(list(annotate.prelabel(sentences(article), backend='rules', stance='rules'))) == 2\n"
        "assert len(annotate.split(article.text)) == 2\n"
        "assert annotate.tokenize(article.text)"
    )
    assert dragged_in(code) - set(sys.stdlib_module_names) == {"annotate", "orjson"}


def test_the_model_needs_numbers_only():
    """The default engines load numpy and the small C library that runs the models, and none of the heavy ones."""
    code = (
        "import annotate\n"
        "from annotate.split import sentences\n"
        "article = annotate.Article(id='n', text='मोदी ने कहा। राहुल आए।', lang='hi')\n"
        "assert len(list(annotate.prelabel(sentences(article)))) == 2"
    )
    modules = dragged_in(code)
    others = {name for name in modules - set(sys.stdlib_module_names) if "cython" not in name}
    assert others == {"annotate", "orjson", "numpy", "pycrfsuite"}
    assert modules & (HEAVY - {"numpy"}) == set()


def test_the_command_line_is_light():
    """The command loads typer, and what a step needs only when the step runs."""
    modules = dragged_in("import annotate.cli")
    assert modules & HEAVY <= {"typer", "subprocess"}


@pytest.mark.parametrize("name", annotate.__all__)
def test_every_public_name_is_there(name):
    """Each name of the public API can be got, also one that is loaded only then, and is listed."""
    assert getattr(annotate, name) is not None
    assert name in dir(annotate)


def test_a_name_that_is_not_there():
    """Asking for another name is the AttributeError that Python users know."""
    with pytest.raises(AttributeError, match="module 'annotate' has no attribute 'spilt'"):
        annotate.spilt  # noqa: B018


def test_what_is_typed_is_what_is_there():
    """Names that are loaded late are the very objects that type checkers see."""
    from annotate.quality.resolve import resolve
    from annotate.split.step import split_files

    assert annotate.resolve is resolve
    assert annotate.split_files is split_files
