"""Pictures drawn by code: things and places with true soft alpha, from a seed."""
