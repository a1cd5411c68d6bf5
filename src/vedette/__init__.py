"""vedette finds the people who are scanning you, from the logs you already have."""

__version__ = "0.1.0"
