"""Models learnt from labelled data: the arrow from a release back to better pre-labels."""
