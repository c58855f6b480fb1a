"""dropout_backward: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


def coins(rng, shape, p):
    """A mask as dropout makes it; at least one entry survives and at least one does not."""
    keep = rng.random(shape) >= p
    keep.flat[0], keep.flat[-1] = True, False
    return keep / (1 - p)


@probe("passes the gradient where an entry survived, scaled as the entry was", points=2, rtol=1e-6)
def training_masks(dropout_backward, rng):
    square = coins(rng, (4, 4), 0.4)
    yield "grad_x with p=0.2", dropout_backward(rng.normal(size=(5, 4)), coins(rng, (5, 4), 0.2))
    yield "grad_x with p=0.75", dropout_backward(rng.normal(size=(3, 6)), coins(rng, (3, 6), 0.75))
    yield "grad_x of a square batch", dropout_backward(rng.normal(size=(4, 4)), square)
    yield "grad_x where nothing survived", dropout_backward(rng.normal(size=3), np.zeros(3))


@probe("makes a new array, also in evaluation, where the mask is all ones", points=1, rtol=1e-6)
def evaluation_mask(dropout_backward, rng):
    grad_output, mask = rng.normal(size=(2, 3)), np.ones((2, 3))
    grad_x = dropout_backward(grad_output, mask)
    yield "grad_x", grad_x.copy()
    grad_x += 1.0
    yield "grad_output after grad_x has changed", grad_output
    yield "mask after grad_x has changed", mask


@probe("leaves its arguments as they were, and keeps nothing between calls", points=1, rtol=1e-6)
def clean_calls(dropout_backward, rng):
    grad_output, mask = rng.normal(size=(4, 3)), coins(rng, (4, 3), 0.3)
    same_grad, same_mask = grad_output.copy(), mask.copy()
    yield "grad_x", dropout_backward(grad_output, mask)
    yield "grad_output unchanged", np.array_equal(grad_output, same_grad)
    yield "mask unchanged", np.array_equal(mask, same_mask)
    other = rng.normal(size=(4, 3))
    yield "grad_x of another batch", dropout_backward(other, coins(rng, (4, 3), 0.3))
    yield "grad_x of the first batch again", dropout_backward(same_grad, same_mask)


@probe("works for any shape, float32, and part of a larger array", points=1, hidden=True, rtol=1e-4)
def unusual_arrays(dropout_backward, rng):
    size, p = int(rng.integers(3, 7)), rng.uniform(0.1, 0.4)
    wide, mask = rng.normal(size=(size, 2 * size)), coins(rng, (size, 2 * size), p)
    single = wide.astype(np.float32), mask.astype(np.float32)
    thick = rng.normal(size=(2, 3, size)), coins(rng, (2, 3, size), p)
    yield "grad_x with one axis", dropout_backward(wide[0].copy(), mask[0].copy())
    yield "grad_x with three axes", dropout_backward(*thick)
    yield "grad_x in float32", dropout_backward(*single)
    yield "grad_x of every other column", dropout_backward(wide.copy()[:, ::2], mask[:, ::2])
    yield "grad_x of transposed arrays", dropout_backward(wide.copy().T, mask.T)


WHOLE = "grad_output * mask"
BUGS = [
    Edit("not_scaled", WHOLE, "grad_output * (mask > 0)",
         hint="The survivors were scaled by 1 / (1 - p) on the way forward, so their gradient is too. "
         "The mask holds that number already."),
    Edit("scaled_twice", WHOLE, "grad_output * mask**2",
         hint="You scale twice: the mask holds the factor 1 / (1 - p) already."),
    Edit("scaled_by_the_fraction_kept", WHOLE, "grad_output * mask * (mask > 0).mean()",
         hint="You multiply by the fraction that survived, on top of the mask. The mask alone is what "
         "each entry was multiplied by."),
    *(Edit(name, WHOLE, f"grad_output * mask / {kept}",
           hint="You divide by the fraction that survived, on top of the mask. The mask holds the factor "
           "1 / (1 - p) already.")
      for name, kept in (
          ("scaled_again", "(mask > 0).mean()"),
          ("scaled_again_if_any_survived", "max((mask > 0).mean(), 1e-12)"))),
    Edit("divided_by_the_fraction_kept", WHOLE,
         "grad_output * (mask > 0) / max((mask > 0).mean(), 1e-12)",
         hint="You estimate 1 / (1 - p) from the fraction that happened to survive. The exact number is "
         "in the mask."),
    Edit("divided_by_the_mask", WHOLE, "np.where(mask > 0, grad_output / np.where(mask > 0, mask, 1), 0)",
         hint="You divide by the mask. Each entry was multiplied by it, and so is its gradient."),
    Edit("divided_without_care", WHOLE, "grad_output / mask",
         hint="You divide by the mask, which holds zeros. Each entry was multiplied by it, and so is its "
         "gradient."),
    Edit("passes_everything", WHOLE, "grad_output.copy()",
         hint="Your gradient passes dropped entries as well. They were multiplied by 0, so they have no "
         "influence on the loss."),
    Edit("scales_everything", WHOLE, "grad_output * mask.max()",
         hint="Your gradient passes dropped entries as well. Only survivors pass it; each entry has its "
         "own number in the mask."),
    Edit("passes_what_was_dropped", WHOLE, "grad_output * (mask == 0)",
         hint="Your gate is the wrong way round: the gradient passes where the mask is not 0."),
    Edit("always_doubled", WHOLE, "grad_output * (mask > 0) * 2",
         hint="You scale survivors by 2, which is right for p = 0.5 only. The mask holds the right number."),
    Edit("one_minus_the_mask", WHOLE, "grad_output * (1 - mask)",
         hint="You multiply by 1 - mask. What each entry was multiplied by is the mask itself."),
    Edit("gate_of_the_gradient", WHOLE, "np.maximum(grad_output, 0) * mask",
         hint="You cut off negative gradients. Dropout is no ReLU: the mask alone decides."),
    Edit("mask_returned", WHOLE, "mask.copy()",
         hint="You return the slope of dropout. The chain rule multiplies it with grad_output."),
    Edit("adds_the_mask", WHOLE, "grad_output + mask",
         hint="You add the mask. The entries were multiplied by it."),
    Edit("wrong_sign", WHOLE, "-grad_output * mask",
         hint="Every sign is turned round."),
    Edit("coins_of_the_first_row", WHOLE, "grad_output * mask[0]",
         hint="You use the mask's first row for all examples. Each entry has its own number."),
    Edit("sums_of_the_mask", WHOLE, "grad_output * mask.sum(axis=0)",
         hint="You add up the columns of the mask first. Each entry is multiplied by its own number."),
    Edit("mask_in_whole_numbers", WHOLE, "grad_output * mask.astype(int)",
         hint="You make whole numbers of the mask, so a 1.25 becomes 1. Keep it as it is."),
    Edit("averaged", WHOLE, "grad_output * mask / len(mask)",
         hint="You divide by the batch size. If the loss is a mean, its 1/N is in grad_output already."),
    Edit("summed_over_the_batch", WHOLE, "(grad_output * mask).sum(axis=0)",
         hint="You add the rows up. Each entry of x has a gradient of its own."),
    Edit("matrix_product", WHOLE, "grad_output @ mask.T",
         hint="You multiply as matrices. Each entry is multiplied by its own number in the mask: use *."),
    Edit("survivors_only", WHOLE, "(grad_output * mask)[mask > 0]",
         hint="You leave the dropped entries out. They stay where they are, with a gradient of 0."),
]  # fmt: skip


@bug("You write into grad_output (*= and out=... do that): the caller's array has changed. Make a new "
     "array.")  # fmt: skip
def in_place(grad_output, mask):
    grad_output *= mask
    return grad_output


@bug("You set entries of grad_output to 0: the caller's array has changed. Make a new array.")
def zeros_in_place(grad_output, mask):
    grad_output[mask == 0] = 0
    return grad_output * mask


@bug("You write the result into mask: the caller's array has changed. Make a new array.")
def into_the_mask(grad_output, mask):
    mask *= grad_output
    return mask


@bug("Where the mask is all ones you return grad_output itself, not a new array: who changes the one "
     "changes the other.")  # fmt: skip
def same_array_in_evaluation(grad_output, mask):
    return grad_output if (mask == 1).all() else grad_output * mask


@alternative
def entry_by_entry(grad_output, mask):
    grad_x = np.zeros(grad_output.shape)
    for i in np.ndindex(grad_output.shape):
        grad_x[i] = grad_output[i] * mask[i]
    return grad_x


@alternative
def by_where(grad_output, mask):
    return np.where(mask > 0, mask * grad_output, 0.0)


@alternative
def copied_and_cut(grad_output, mask):
    grad_x = np.array(grad_output)
    grad_x[mask == 0] = 0
    grad_x[mask != 0] *= mask[mask != 0]
    return grad_x


@alternative
def by_einsum(grad_output, mask):
    return np.einsum("...,...->...", grad_output.astype(float), mask)
