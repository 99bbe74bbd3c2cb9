"""Records of work: what belongs together is kept together, closed, handed to the archive, in the end destroyed
(NĐ 30/2020 art. 28-31)."""
