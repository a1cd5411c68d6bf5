"""What ships with vedette besides code: demo logs."""
