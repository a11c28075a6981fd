"""Gold becomes a release: a folder that `datasets.load_dataset` loads, leak-free, described and verified."""

from annotate.release.bio import bio_tags
from annotate.release.build import BuildSummary, build, latest, newest
from annotate.release.publish import PublishSummary, publish
from annotate.release.publish_hub import publish_to_hub
from annotate.release.verify import verify

__all__ = [
    "BuildSummary",
    "PublishSummary",
    "bio_tags",
    "build",
    "latest",
    "newest",
    "publish",
    "publish_to_hub",
    "verify",
]
