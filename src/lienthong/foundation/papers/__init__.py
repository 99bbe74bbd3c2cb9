"""Official papers as PDF/A-2b: `papers.render("cases/receipt", data, at=clock.now())`."""

from lienthong.foundation.papers.rendering import BrokenTemplate, PaperTooLarge, render

__all__ = ["BrokenTemplate", "PaperTooLarge", "render"]
