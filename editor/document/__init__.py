"""What a picture is: immutable values made of numpy arrays.

Documents, layers, tiles, recipes, and what differs between two documents. Knows nothing of Qt,
files, threads, history or models. Every change makes a new value that shares what stayed the same.
"""
