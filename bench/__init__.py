"""Benchmarks: a generator of logs of any size, and one script that runs vedette beside its peers on them."""
