"""One language for data: a list of fields, declared once, gives the form, its checks, typed values, JSON and display.

definition.py    what every field has, and the registry of types       types/           the types, a class each
field_list.py    `FieldList`: a list checked and compiled as a whole    expressions.py   CEL, texts with ${…}
cleaning.py      `clean`: from what was typed to typed values           data.py          JSON, merging, names
forms.py         `take`: what a posted form holds                       pages.py         `Form`, `display_html`
display.py       `display`, `diff`: data for people to read             schema.py        JSON Schema
code_lists.py    the kind code-list, and the published lists            reference.py     the reference of fields
"""
