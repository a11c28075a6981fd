"""What was pushed to which project and what came back, in SQLite: the memory that makes a push exactly-once."""

from annotate.studio.ledger.book import Counts, Ledger, Pushed, Returned

__all__ = ["Counts", "Ledger", "Pushed", "Returned"]
