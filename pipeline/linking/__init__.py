"""What linking needs: names and their spellings, roles and offices, what stands around a name."""
