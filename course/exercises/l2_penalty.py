"""l2_penalty: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def layers(rng, *shapes):
    return [rng.normal(scale=2.0, size=shape) for shape in shapes]


@probe("takes half of strength times the sum of squares", points=1, rtol=1e-6)
def one_layer(l2_penalty, rng):
    yield "the penalty with strength 1", l2_penalty(layers(rng, (4, 3)), 1.0)
    yield "the penalty with strength 0.3", l2_penalty(layers(rng, (4, 3)), 0.3)
    yield "the penalty with strength 5", l2_penalty(layers(rng, (2, 5)), 5.0)
    yield "the penalty with strength 0", l2_penalty(layers(rng, (2, 6)), 0.0)


@probe("adds up the weights of all layers, whatever their sizes", points=1, rtol=1e-6)
def several_layers(l2_penalty, rng):
    sizes, others = [(5, 4), (4, 6), (6, 2)], [(2, 3, 4), (5,), (1, 1)]
    yield "the penalty of two layers of one size", l2_penalty(layers(rng, (3, 3), (3, 3)), 0.7)
    yield "the penalty of three layers", l2_penalty(layers(rng, *sizes), 0.7)
    yield "the penalty of arrays with one and three axes", l2_penalty(layers(rng, *others), 0.7)


@probe("returns one number, leaves the weights as they were, and keeps nothing between calls",
       points=1, rtol=1e-6)  # fmt: skip
def clean_calls(l2_penalty, rng):
    weights = layers(rng, (3, 2), (2, 4))
    copies = [weight.copy() for weight in weights]
    yield "the penalty", l2_penalty(weights, 0.4)
    same = [np.array_equal(now, then) for now, then in zip(weights, copies, strict=False)]
    yield "weights unchanged", all(same) and len(weights) == 2
    yield "the penalty of other weights", l2_penalty(layers(rng, (3, 2), (2, 4)), 0.4)
    yield "the penalty of the first weights again", l2_penalty(copies, 0.4)


@probe("works for many layers, float32, and parts of larger arrays", points=1, hidden=True,
       rtol=1e-4)  # fmt: skip
def unusual_weights(l2_penalty, rng):
    num_layers, size = (int(n) for n in rng.integers(4, 8, size=2))
    wide, strength = rng.normal(size=(size, 2 * size)), rng.uniform(0.1, 0.9)
    sizes = rng.integers(1, 9, size=(num_layers, 2))
    single = [weight.astype(np.float32) for weight in layers(rng, (size, 3), (3, 2))]
    yield "the penalty of many layers", l2_penalty(layers(rng, *sizes), strength)
    yield "the penalty of float32 weights", l2_penalty(single, 0.3)
    yield "the penalty of parts of arrays", l2_penalty([wide[:, ::2], wide.T], 1e-4)


SUM = "sum((weight**2).sum().item() for weight in weights)"
WHOLE = f"0.5 * strength * {SUM}"
BUGS = [
    Edit("no_half", "0.5 * strength", "strength",
         hint="Your penalty is twice too large: a factor one half belongs to it. The 2 of the derivative "
         "will cancel it."),
    Edit("no_strength", "0.5 * strength", "0.5",
         hint="strength changes nothing in your result. The penalty is multiplied by it."),
    Edit("strength_squared", "0.5 * strength", "0.5 * strength**2",
         hint="strength gets squared (perhaps together with the weights). Multiply by it once."),
    Edit("half_inside_the_square", WHOLE,
         "strength * sum(((weight / 2) ** 2).sum().item() for weight in weights)",
         hint="The half gets squared together with the weights, and becomes a quarter."),
    Edit("divided_by_strength", "0.5 * strength *", "0.5 / max(strength, 1e-12) *",
         hint="You divide by strength. The penalty grows with it."),
    Edit("mean_of_the_squares", "(weight**2).sum()", "(weight**2).mean()",
         hint="You average the squares of a layer. Add them up: a layer with more weights pays more."),
    Edit("mean_over_the_layers", WHOLE, f"{WHOLE} / len(weights)",
         hint="You average over the layers. Their penalties are added up."),
    Edit("divided_by_the_rows", WHOLE,
         "0.5 * strength * sum((w**2).sum().item() / len(w) for w in weights)",
         hint="You divide by the number of rows. The rows of a weight matrix are no batch, and the batch "
         "size plays no part."),
    Edit("root_of_the_sum", WHOLE, f"0.5 * strength * {SUM} ** 0.5",
         hint="You take the root: that is the length of the weights. The penalty uses its square."),
    Edit("length_of_each_layer", "(weight**2).sum().item()", "np.linalg.norm(weight).item()",
         hint="np.linalg.norm takes a root. The penalty adds up squares, without a root."),
    Edit("absolute_values", "(weight**2).sum()", "np.abs(weight).sum()",
         hint="You add up absolute values, which is the L1 penalty. L2 adds up squares."),
    Edit("no_square", "(weight**2).sum()", "weight.sum()",
         hint="You add up the weights themselves, so that positive and negative ones cancel. Square them "
         "first."),
    Edit("square_of_the_sum", "(weight**2).sum().item()", "weight.sum().item() ** 2",
         hint="You add up first and square then. Square every entry, then add up."),
    Edit("square_of_the_sum_of_all", WHOLE,
         "0.5 * strength * sum(weight.sum().item() for weight in weights) ** 2",
         hint="You add up first and square then. Square every entry, then add up."),
    Edit("fourth_power", "(weight**2).sum().item()", "(weight**2).sum().item() ** 2",
         hint="You square twice: every entry, and the sum of a layer again."),
    Edit("largest_square", "(weight**2).sum()", "(weight**2).max()",
         hint="You take the largest square of a layer. All squares are added up."),
    Edit("last_layer_only", "for weight in weights", "for weight in weights[-1:]",
         hint="Only the last layer counts in your result. If you have a loop, add to the penalty with "
         "+= instead of setting it."),
    Edit("first_layer_only", "for weight in weights", "for weight in weights[:1]",
         hint="Only the first layer counts in your result. Is the return statement inside the loop?"),
    Edit("without_the_first_layer", "for weight in weights", "for weight in weights[1:]",
         hint="The first layer's weights are missing in your sum; lists count from 0."),
    Edit("without_the_last_layer", "for weight in weights", "for weight in weights[:-1] or weights",
         hint="The last layer's weights are missing in your sum."),
    Edit("matrices_only", "for weight in weights", "for weight in weights if weight.ndim == 2",
         hint="You leave out arrays that are no matrices. All that is in the list counts, whatever its "
         "number of axes."),
    Edit("no_vectors", "for weight in weights", "for weight in weights if weight.ndim > 1",
         hint="You leave out arrays with one axis. Whoever calls has left the biases out already: all "
         "that is in the list counts."),
    Edit("first_row_only", "(weight**2).sum()", "(weight[0] ** 2).sum()",
         hint="You use the first row of each array only. All entries count."),
    Edit("first_column_only", "(weight**2).sum()", "(weight[..., 0] ** 2).sum()",
         hint="You use the first column of each array only. All entries count."),
    Edit("negative", WHOLE, f"-{WHOLE}",
         hint="Your penalty is negative: large weights would make the loss smaller."),
    Edit("penalty_of_each_layer", WHOLE, "[0.5 * strength * (w**2).sum().item() for w in weights]",
         hint="You return a penalty for each layer. The task asks for one number: their sum."),
    Edit("sum_over_the_rows", WHOLE, "0.5 * strength * sum((w**2).sum(axis=0) for w in weights)",
         hint="Your sum runs over axis 0 only, and an array is left. Add up all entries."),
    Edit("gradient_returned", WHOLE, "[strength * weight for weight in weights]",
         hint="That is the penalty's gradient, the next exercise. Here the penalty itself is asked."),
    Edit("one_array_of_all", WHOLE, "0.5 * strength * (np.array(weights) ** 2).sum().item()",
         hint="Layers have different shapes, so they don't fit into one array. Go through the list and "
         "add up."),
]  # fmt: skip


@bug("After your call the caller's weights are no longer the same (**=, out=..., pop and append do "
     "that). Make new arrays, and leave the list as it is.")  # fmt: skip
def in_place(weights, strength):
    total = 0.0
    for weight in weights:
        weight **= 2
        total += weight.sum().item()
    return 0.5 * strength * total


@bug("You multiply each matrix by itself as matrices. Square the entries one by one.")
def matrix_product(weights, strength):
    return 0.5 * strength * sum(float(np.sum(w.T @ w)) for w in weights)


@alternative
def entry_by_entry(weights, strength):
    penalty = 0.0
    for weight in weights:
        for w in weight.ravel():
            penalty += strength / 2 * float(w) ** 2
    return penalty


@alternative
def by_dot_products(weights, strength):
    return strength * sum([np.vdot(w, w) for w in weights]) / 2


@alternative
def all_in_one_vector(weights, strength):
    flat = np.concatenate([np.ravel(w) for w in weights]).astype(float)
    return float(0.5 * strength * np.linalg.norm(flat) ** 2)


@alternative
def by_einsum_and_abs(weights, strength):
    total = np.float64(0)
    for weight in reversed(weights):
        total += np.einsum("i,i->", weight.flatten(), weight.flatten())
    return np.multiply(total, strength * 0.5)
