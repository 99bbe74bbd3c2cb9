"""Pages of registers for officers. None of them knows a register: each is drawn from its declaration."""
