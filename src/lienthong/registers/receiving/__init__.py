"""Results of dossiers that are written into registers, and answers that registers spare applicants.

models.py   what came, and what came of it      finding.py   entries by what tells them from others
proposing.py   from what was said to a form's raw data      services.py   writing, laying before people, settling
room.py   what the room makes known to procedures
"""
