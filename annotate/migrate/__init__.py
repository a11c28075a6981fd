"""The command `migrate`: another label set for a campaign that is under way, in all its files at once."""
