"""The release of the shipped corpus that is checked in."""

from annotate.release import build, verify
from annotate.release.manifest import Manifest


def contents(release):
    """Every file of a release with its bytes."""
    return {path.relative_to(release).as_posix(): path.read_bytes() for path in release.rglob("*") if path.is_file()}


def test_it_is_what_build_makes(corpus, tmp_path):
    """Built again from the corpus, it has the same bytes in every file; `make release` renews it."""
    from annotate.release.sources import Sources

    standing = corpus.folder / "release"
    version = Manifest.read(standing).version
    again = build(corpus.gold, tmp_path, version, sources=Sources(articles=corpus.articles))
    assert contents(standing) == contents(again.path)


def test_it_loads_and_is_free_of_leaks(corpus):
    """It loads as its manifest says, every article is in one split, and no check was waived."""
    manifest = verify(corpus.folder / "release")
    assert set(manifest.counts) == {"train", "validation", "test"}
    assert (manifest.report.shared_articles, manifest.report.near_duplicate_pairs) == (0, 0)
    assert (manifest.allowed, manifest.left_out, manifest.snapped) == ((), {}, 0)
