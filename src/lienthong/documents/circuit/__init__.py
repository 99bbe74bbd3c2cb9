"""Checking and signing drafts: who has them before them in which order, the signatures, then number, seal and issue
(NĐ 30/2020 art. 13-18)."""
