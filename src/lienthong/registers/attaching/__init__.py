"""Files that entries have: taking them in, holding them as long as any state of an entry has them, giving them out."""
