"""Documents on paper by NĐ 30/2020 App. I, and the registers of them as they are printed."""

from lienthong.documents.papers.laying_out import Box, Laid, lay_out

__all__ = ["Box", "Laid", "lay_out"]
