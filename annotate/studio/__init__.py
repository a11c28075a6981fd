"""Label Studio: the labelling page, tasks and results, push and pull, and an embedded server."""
