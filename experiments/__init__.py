"""Experiments: definition, assignment, delivery, statistics, verdict."""
