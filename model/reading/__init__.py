"""Reading an advertisement: the numbers in it, what each is, and what kind of offer it may be.

Pure and deterministic: tables and code over the text, no network, no memory. What is not said is
not read: a number without a reason for a role has none. Contacts and names are blotted out before
anything is read; a reason is a word of our own lists and never a piece of the text beyond.
"""

from model.reading.base import FAMILIES, MAX_TEXT, ROLES, Family, Number, Reading
from model.reading.read import read

__all__ = ["FAMILIES", "MAX_TEXT", "ROLES", "Family", "Number", "Reading", "read"]
