"""Correspondence of simulated agencies: what comes in, who settles it, what goes out."""
