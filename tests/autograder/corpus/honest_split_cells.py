"""Cells were cut in two, by an editor that copies a cell's name and by one that does not."""

import copy

POINTS = [5, 5, 5, 7]
REPAIRS = ["softmax was there 3 times", "log_softmax was split", "cross_entropy was split"]


def submission(solved, untouched):
    place = solved.cells.index(solved.cell("softmax"))
    lines = solved["softmax"].split("\n")
    pieces = ["\n".join(lines[:3]), "\n".join(lines[3:-1]), lines[-1]]
    solved["softmax"] = pieces[0]
    for i in (1, 2):
        piece = copy.deepcopy(solved.cell("softmax")) | {"id": f"cut-{i}", "source": pieces[i]}
        solved.cells.insert(place + i, piece)
    whole, last = solved["log_softmax"].rsplit("\n", 1)  # readable without its last line
    solved["log_softmax"] = whole
    solved.add(last, after="log_softmax")
    whole = solved["cross_entropy"]  # in the middle of a line
    cut = whole.rindex("log_probs")
    solved["cross_entropy"] = whole[:cut]
    solved.add(whole[cut:], after="cross_entropy")
    return solved
