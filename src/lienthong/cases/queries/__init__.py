"""Reads of dossiers, each limited to what the asking person may see."""

from lienthong.cases.queries.gates import NoSuchDossier, dossier_for, may_see, no_such_dossier, scope_of, visible_to

__all__ = ["NoSuchDossier", "dossier_for", "may_see", "no_such_dossier", "scope_of", "visible_to"]
