"""Correct functions show progress bars, plots and tables."""

POINTS = [5, 5, 5, 7]


def submission(solved, untouched):
    solved["softmax"] = (
        "from tqdm.auto import tqdm\nfrom IPython.display import clear_output\n\n"
        "def softmax(logits):\n    probs = np.zeros_like(logits)\n"
        "    for i in tqdm(range(len(logits)), desc='rows'):\n        clear_output(wait=True)\n"
        "        e = np.exp(logits[i] - logits[i].max())\n        probs[i] = e / e.sum()\n"
        "    display(probs)\n    fig, ax = plt.subplots()\n    ax.plot(probs)\n    plt.show()\n"
        "    return probs"
    )
    return solved
