"""What registers make public, for everybody: pages, files to take along, a catalogue for programs.

declared.py   what a register says of itself   sets.py        a register as a data set, and finding one
making.py     files, made once a day           catalogue.py   the catalogue as DCAT-AP, written by rdf.py
"""
