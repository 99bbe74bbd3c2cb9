"""Pages of checking, signing and issuing drafts."""
