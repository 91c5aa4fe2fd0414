"""`python -m pipeline` is `vermeld`."""

from pipeline.cli import app

app()
