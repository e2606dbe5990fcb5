"""People in the loop: candidates are made, a person says which are good, an adapter learns again.

The method's data scheme at small scale: what is kept counts more, what is rejected is left out, and
original data is mixed in. Where every picture comes from is kept beside it. Nothing here judges by
itself: filters only flag.
"""
