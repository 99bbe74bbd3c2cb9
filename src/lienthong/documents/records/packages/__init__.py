"""Packages that a record of work goes to an archive in: E-ARK SIP 2.2 with METS, PREMIS 3 and the metadata of
NĐ 30/2020 App. VI; how they are described, written, read and checked."""
