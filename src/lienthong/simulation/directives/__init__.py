"""Directives of simulated leaders: given, carried out, followed and judged."""
