"""Measuring what the reader finds, and what becomes of it in a case, against coding by hand."""
