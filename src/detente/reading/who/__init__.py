"""Who: names and words for parties, and which party each stands for."""
