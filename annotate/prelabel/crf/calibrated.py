"""From what the model says of its finds to probabilities that hold on text it was not trained on."""

from collections.abc import Sequence
from math import exp, log
from typing import NamedTuple

__all__ = ["AS_IT_IS", "Calibration", "fitted"]

_EDGE = 1e-4  # scores are kept this far from 0 and 1, where the logarithm has no end
_STEPS = 50


class Calibration(NamedTuple):
    """A logistic curve over the log-odds of a score."""

    slope: float
    offset: float

    def __call__(self, score: float) -> float:
        """The probability that a find with this score is right."""
        return _sigmoid(self.slope * _log_odds(score) + self.offset)


AS_IT_IS = Calibration(1.0, 0.0)


def fitted(judged: Sequence[tuple[float, bool]]) -> Calibration:
    """Fit the curve to scores and whether each find was right; fewer than ten right or wrong ones leave it as it is.

    Source: Platt 1999, with his smoothed targets, by Newton's method.
    """
    right = sum(is_right for _, is_right in judged)
    wrong = len(judged) - right
    if min(right, wrong) < 10:
        return AS_IT_IS
    targets = {True: (right + 1) / (right + 2), False: 1 / (wrong + 2)}
    points = [(_log_odds(score), targets[is_right]) for score, is_right in judged]
    slope, offset = AS_IT_IS
    for _ in range(_STEPS):
        to_slope = to_offset = 0.0
        curve_ss, curve_so, curve_oo = 1e-6, 0.0, 1e-6
        for odds, target in points:
            share = _sigmoid(slope * odds + offset)
            weight = share * (1 - share)
            to_slope += (share - target) * odds
            to_offset += share - target
            curve_ss += weight * odds * odds
            curve_so += weight * odds
            curve_oo += weight
        spread = curve_ss * curve_oo - curve_so * curve_so
        slope -= (curve_oo * to_slope - curve_so * to_offset) / spread
        offset -= (curve_ss * to_offset - curve_so * to_slope) / spread
    # The last digits differ between machines; the model's bytes shall not.
    return Calibration(round(slope, 4), round(offset, 4))


def _log_odds(score: float) -> float:
    inside = min(max(score, _EDGE), 1 - _EDGE)
    return log(inside / (1 - inside))


def _sigmoid(value: float) -> float:
    return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))
