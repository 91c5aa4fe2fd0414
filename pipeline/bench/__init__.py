"""`make bench`: how fast, in how much memory, and beside what. Figures to quote are the ratios of one run."""
