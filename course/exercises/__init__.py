"""One file for each exercise; its name is the function's name."""
