"""What the functions accept: a decorator, and small checks to give to it.

The checks stand outside the functions, so that a body is the formula alone. A message says
what was expected, what came, and what to do next.
"""
