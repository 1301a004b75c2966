"""The text as it stands: its parse, and questions about clauses and noun phrases."""
