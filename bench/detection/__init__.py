"""Compares how vedette and its peers detect the scans of labelled logs."""
