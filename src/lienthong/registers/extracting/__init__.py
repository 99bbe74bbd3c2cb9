"""Extracts from registers: papers that say what an entry says, signed with the seal of the agency that keeps it."""
