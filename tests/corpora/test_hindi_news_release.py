"""The release of the shipped corpus that is checked in."""

from annotate.release import verify
from annotate.release.manifest import Manifest


def contents(release):
    """Every file of a release with its bytes."""
    return {path.relative_to(release).as_posix(): path.read_bytes() for path in release.rglob("*") if path.is_file()}


def test_it_is_what_build_makes(corpus, cli, tmp_path):
    """Built again from the corpus, it has the same bytes in every file; `make release` renews it."""
    standing = corpus.folder / "release"
    version = Manifest.read(standing).version
    given = ("--articles", corpus.articles, "-w", corpus.folder, "-o", tmp_path, "--version", version)
    built = cli("build", corpus.gold, *given)
    assert built.code == 0, built.stderr
    assert contents(standing) == contents(tmp_path / version)


def test_its_card_says_what_the_corpus_is(corpus):
    """That its articles are synthetic is a limit which no count tells."""
    limits = (corpus.folder / "release" / "README.md").read_text("utf-8").partition("## Limits")[2]
    assert limits.lstrip().startswith("- The articles are synthetic.")


def test_it_loads_and_is_free_of_leaks(corpus):
    """It loads as its manifest says, every article is in one split, and no check was waived."""
    manifest = verify(corpus.folder / "release")
    assert set(manifest.counts) == {"train", "validation", "test"}
    assert (manifest.report.shared_articles, manifest.report.near_duplicate_pairs) == (0, 0)
    assert (manifest.allowed, manifest.left_out, manifest.snapped) == ((), {}, 0)
