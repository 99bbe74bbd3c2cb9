"""Incoming and outgoing documents of agencies, and the way they take inside an agency (NĐ 30/2020)."""
