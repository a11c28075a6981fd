"""What was pushed to which project and what came back, in SQLite: the memory that makes a push exactly-once."""

from annotate.studio.ledger.book import Ledger, Pushed
from annotate.studio.ledger.looks import Counts, Passed
from annotate.studio.ledger.migrating import migrated
from annotate.studio.ledger.returns import Returned

__all__ = ["Counts", "Ledger", "Passed", "Pushed", "Returned", "migrated"]
