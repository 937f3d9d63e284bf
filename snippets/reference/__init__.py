"""Arithmetic of the reference pages."""
