"""When: the words that say when ("on Tuesday"), and which event each of them dates."""
