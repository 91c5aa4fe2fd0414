"""What cleaning needs: repairs, zones, dates, sources, stories."""
