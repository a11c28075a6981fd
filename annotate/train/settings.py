"""What can be chosen about a training."""

from dataclasses import dataclass

__all__ = ["Settings", "StanceSettings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How the weights are found; the defaults are those of the model that comes with the package."""

    c1: float = 0.3  # of the L1 penalty, which leaves out features
    c2: float = 0.02  # of the L2 penalty
    minfreq: int = 2  # how often a feature must occur
    iterations: int = 90  # of L-BFGS at most
    folds: int = 10  # of the jackknife
    as_annotated: bool = False  # leave the entities of CoNLL files as they are, see `annotate.train.examples.ours`


@dataclass(frozen=True, slots=True)
class StanceSettings:
    """How the weights of a stance model are found; the defaults are those of the model that comes with the package."""

    c1: float = 0.05  # of the L1 penalty, which leaves out features
    c2: float = 3.0  # of the L2 penalty
    minfreq: int = 2  # how often a feature must occur
    iterations: int = 120  # of L-BFGS at most
    copies: int = 2  # of each sentence with words that are unknown, see `annotate.train.stance_unknown`
    unknown: float = 0.5  # share of telling words that are unknown in a copy
    folds: int = 5  # of articles, for calibration and threshold
    holder_threshold: float = 0.5  # how likely a holder must be
