"""Weights learnt by CRFsuite: a linear-chain CRF with L1 and L2 penalties, by L-BFGS (Okazaki 2007)."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from annotate.train.settings import Settings, StanceSettings

__all__ = ["fitted_weights"]

Chain = tuple[Sequence[Sequence[str]], Sequence[str]]  # what is known of each place, and the label of each


def fitted_weights(chains: Iterable[Chain], settings: Settings | StanceSettings, *, transitions: bool) -> bytes:
    """The bytes of CRFsuite's model file.

    Args:
        chains: what to learn from, taken one by one; chains of one make it a multinomial logistic regression.
        settings: penalties, how often a feature must occur, iterations at most.
        transitions: whether pairs of labels that never follow each other have a weight too.
    """
    import pycrfsuite

    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    for items, labels in chains:
        trainer.append(items, labels)
    trainer.set_params(
        {
            "c1": settings.c1,
            "c2": settings.c2,
            "feature.minfreq": settings.minfreq,
            "max_iterations": settings.iterations,
            "feature.possible_transitions": transitions,
        }
    )
    with TemporaryDirectory() as folder:
        weights = Path(folder) / "weights"
        trainer.train(str(weights))
        return weights.read_bytes()
