"""Vermeld: who, which country and which organisation Dutch news mentions.

Data flows one way: read, clean, recognise, link, count. Each stage is the module of that name.
"""

__version__ = "0.1.0"
