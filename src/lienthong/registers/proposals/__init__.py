"""Changes that somebody proposes and somebody else approves: of one entry, or the same change of many.

contents.py   what is proposed, as it is kept, and how it differs     proposing.py  proposing, completing, withdrawing
policy.py     who may see and decide, at which desks it lies          deciding.py   approving, refusing, giving back
applying.py   writing what was approved                               together.py   the same change of many entries
reading.py    proposals as they are shown                             forgetting.py what is kept for how long
"""
