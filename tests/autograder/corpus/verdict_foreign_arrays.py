"""Returns the right numbers as objects, words, complex numbers, dates and fields."""

POINTS = [0, 0, 0, 0]


def submission(solved, untouched):
    solved["softmax"] = solved["softmax"].replace("return exp /", "return object_of(exp /") + ")"
    solved.add("def object_of(values):\n    return values.astype(object)", after="")
    solved["log_softmax"] = solved["log_softmax"].replace("return shifted", "return 0j + shifted")
    solved["cross_entropy"] = solved["cross_entropy"].replace(
        "return -log_probs[rows, targets].mean().item()",
        "loss = -log_probs[rows, targets].real.mean().item()\n"
        "    kinds = (str(loss), [loss], np.array([loss]), (loss,), {'loss': loss},\n"
        "             complex(loss), np.array(loss).astype('V8'), np.timedelta64(3), True,\n"
        "             b'1', iter([loss]))\n"
        "    return kinds[len(targets) % len(kinds)]",
    )
    return solved
