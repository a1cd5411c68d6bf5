"""What ships with vedette besides code: demo logs, and queries in AQL."""
