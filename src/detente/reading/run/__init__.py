"""Running it all: over groups of reports, in one process or several, with what is kept."""
