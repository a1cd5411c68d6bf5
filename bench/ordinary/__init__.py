"""Ordinary networks with labelled truth: odd but honest clients, and scanners that hide among them."""
