"""What the house holds about a person, given to that person as an archive.

A room that holds something about people says so in a file `personal_data.py` that is found when Django starts:

    @holds("ho-so")                                  # the name of its part in the archive
    def dossiers(account_id: int) -> Part:
        return Part({"ho_so": [...]}, [Enclosed("ho-so/…/ban-ve.pdf", file)])

The archive is made by a job, because it may be large, and kept for a few days for its owner alone.
"""
