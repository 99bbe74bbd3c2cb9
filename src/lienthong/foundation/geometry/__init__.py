"""Places on the map as plain values: read, checked, measured, drawn, cut. Pure: no database, no clock, no request.

shape.py      `Geometry`: GeoJSON as a value         zones.py     VN-2000 and its zones, to WGS 84 and back
reading.py    from GeoJSON, WKT and tables of points  validity.py  what is wrong with it, and where
measures.py   areas and lengths                       sketch.py    a small drawing with a scale
cutting.py    split and union that lose nothing       tiles.py     vector tiles
columns.py    the column of a bounding box

shapely and pyproj take a second to load and are needed on few pages: they are imported inside the functions that use
them.
"""
