"""Names shown to strangers: enough to compare with a paper in the hand, not enough to learn a name from it."""


def masked(name: str) -> str:
    """ "Nguyễn Thị Ngọc Huyền" is "Nguyễn T•• N••• H••••": the first word, and of the others their first letters."""
    first, *others = name.split() or [""]
    if not others:
        return first[:1] + "•" * max(len(first) - 1, 0)
    return " ".join([first, *(word[0] + "•" * (len(word) - 1) for word in others)])
