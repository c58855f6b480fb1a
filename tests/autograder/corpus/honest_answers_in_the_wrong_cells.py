"""Functions were typed into test cells and given cells, the answer into cells around its own."""

POINTS = [5, 5, 5, 7]
REPAIRS = ["softmax_check was changed", "softmax was found in another cell than its own"]
ANSWER = "the order is lost"


def submission(solved, untouched):
    untouched["softmax_check"] = solved["softmax"] + "\n\ncheck(softmax)"
    untouched["log_softmax_check"] = solved["log_softmax"]
    imports = next(cell["id"] for cell in untouched.cells if cell["cell_type"] == "code")
    untouched[imports] += "\n\n" + solved["cross_entropy"]
    untouched["cross_entropy"] = (
        untouched["cross_entropy"] + "\n\n" + solved["cross_entropy_backward"]
    )
    untouched.add("And the order is lost.", after="squares_for_exponentials", kind="markdown")
    return untouched
