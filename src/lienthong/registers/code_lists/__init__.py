"""Code lists as people and programs read them: declarations of the foundation, here with pages and an API.

queries.py      lists, editions, who uses a list       converting.py   what old codes and names became
tree.py         a list as a tree, one branch open      downloads.py    lists and conversions as files
"""
