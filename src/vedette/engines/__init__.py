"""The only doors to SQL: one file per engine."""
