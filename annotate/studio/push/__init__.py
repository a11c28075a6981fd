"""The arrow `push`: pre-labelled sentences become tasks of a Label Studio project, each exactly once."""

from annotate.studio.push.campaign import Campaign
from annotate.studio.push.step import PushOptions, PushSummary, push

__all__ = ["Campaign", "PushOptions", "PushSummary", "push"]
