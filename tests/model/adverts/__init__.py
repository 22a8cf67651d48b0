"""Advertisements in our own words, read by hand, and how well they are read by the code.

``python -m tests.model.adverts`` prints it for each half that is there. Fields of an advert are
said in :mod:`tests.model.adverts.score`.
"""
