"""One module for each implementation; its `make_step` returns a function that does one step."""
