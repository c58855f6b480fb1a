"""The last cells delete and overwrite what the functions use."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved.add("del np\nsum = 0\nlen = None\nnp = 'gone'")
    return solved
