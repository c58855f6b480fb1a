"""cosine_schedule: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("falls from lr to 0 along half a cosine, without a warm-up", points=1, rtol=1e-6, atol=1e-9)
def plain_fall(cosine_schedule, rng):
    lr = int(rng.integers(2, 10)) / 10
    for step in range(9):
        yield f"the rate at step {step} of 8 with lr {lr}", cosine_schedule(step, 8, lr)
    yield "the first rate of 1000 without warmup_steps", cosine_schedule(0, 1000, lr)


@probe("ends at min_lr", points=1, rtol=1e-6, atol=1e-9)
def smallest_rate(cosine_schedule, rng):
    lr, min_lr = int(rng.integers(6, 10)) / 10, int(rng.integers(1, 4)) / 10
    settings = f"lr {lr} and min_lr {min_lr}"
    for step in range(7):
        yield f"the rate at step {step} of 6 with {settings}", cosine_schedule(step, 6, lr, min_lr)


@probe("rises in a line first, and then has the rest of the steps for the fall", points=2,
       rtol=1e-6, atol=1e-9)  # fmt: skip
def warm_up(cosine_schedule, rng):
    lr, min_lr = int(rng.integers(6, 10)) / 10, int(rng.integers(3, 6)) / 10
    settings = f"warmup_steps 4, lr {lr} and min_lr {min_lr}"
    for step in range(11):
        rate = cosine_schedule(step, 10, lr, min_lr, warmup_steps=4)
        yield f"the rate at step {step} of 10 with {settings}", rate


@probe("stays at min_lr after the last step, to the last digit", points=1)
def after_the_end(cosine_schedule, rng):
    lr, min_lr = rng.uniform(1.0, 9.0), rng.uniform(0.1, 0.3)
    for step in (6, 7, 8, 13):
        yield f"the rate at step {step} of 7", cosine_schedule(step, 7, lr, min_lr, 2)
    yield "the rate at step 14 of 7 without warm-up", cosine_schedule(14, 7, lr, min_lr)
    yield "the rate at step 500 of 7 with min_lr 0", cosine_schedule(500, 7, lr, warmup_steps=3)
    yield "the rate at step 700 of 1000", cosine_schedule(700, 1000, 1e-4, 1e-6, 10)


@probe("works for the shortest and the longest warm-up, and for a range of one rate", points=1,
       hidden=True, rtol=1e-6, atol=1e-9)  # fmt: skip
def unusual_schedules(cosine_schedule, rng):
    lr, total, warmup = rng.uniform(0.5, 5.0), int(rng.integers(20, 40)), int(rng.integers(3, 9))
    min_lr, step = rng.uniform(0.1, 0.4), int(rng.integers(10, 19))
    yield "the rate in the fall", cosine_schedule(step, total, lr, min_lr, warmup)
    yield "the rate in the warm-up", cosine_schedule(warmup - 2, total, lr, min_lr, warmup)
    yield "the last rate of the warm-up", cosine_schedule(warmup - 1, total, lr, min_lr, warmup)
    yield "the first rate of the fall", cosine_schedule(warmup, total, lr, min_lr, warmup)
    yield "the rate after a warm-up of one step", cosine_schedule(1, total, lr, min_lr, 1)
    yield "the rate after the longest warm-up", cosine_schedule(total, total, lr, min_lr, total - 1)
    yield "the only rate", cosine_schedule(0, 1, lr, min_lr)
    yield "the rate with min_lr = lr", cosine_schedule(step, total, lr, lr, warmup)
    yield "the rate with min_lr = lr, in the warm-up", cosine_schedule(1, total, lr, lr, warmup)
    yield "the rate with lr = 0", cosine_schedule(step, total, 0.0)


RISE = "lr * (step + 1) / warmup_steps"
PROGRESS = "(step - warmup_steps) / (total_steps - warmup_steps)"
CLAMPED = f"min(1.0, {PROGRESS})"
FALL = "min_lr + (lr - min_lr) * (1 + np.cos(np.pi * progress)) / 2"
BUGS = [
    Edit("never_clamped", "min(1.0,", "(",
         hint="After the last step your rate rises again, since the cosine does. It stays at "
         "min_lr: how large may the progress become?"),
    Edit("starts_again", CLAMPED, f"({PROGRESS}) % 1.0",
         hint="Your rate jumps back to lr at the end (a warm restart). Here it stays at min_lr."),
    Edit("zero_after_the_end", f"return float({FALL})", f"return float({FALL}) if step <= total_steps else 0.0",
         hint="After the last step your rate is 0. It stays at min_lr."),
    Edit("lr_after_the_end", f"return float({FALL})", f"return float({FALL}) if step <= total_steps else lr",
         hint="After the last step your rate is lr again. It stays at min_lr."),
    Edit("none_after_the_end", f"return float({FALL})",
         f"return float({FALL}) if step <= total_steps else None",
         hint="After the last step you return nothing. The rate stays at min_lr then."),
    Edit("not_halved", "np.cos(np.pi * progress)) / 2", "np.cos(np.pi * progress))",
         hint="1 + cos goes from 2 to 0. Halve it, so that the rate starts at lr."),
    Edit("half_of_the_cosine_only", "(1 + np.cos(np.pi * progress)) / 2",
         "(1 + np.cos(np.pi * progress) / 2)",
         hint="Only the cosine is halved; mind the brackets. The whole of 1 + cos is."),
    Edit("cosine_alone", "(1 + np.cos(np.pi * progress)) / 2", "np.cos(np.pi * progress)",
         hint="The cosine goes from 1 to -1, so your rate falls too far. Shift and halve it, so "
         "that it goes from 1 to 0."),
    Edit("quarter_of_a_period", "(1 + np.cos(np.pi * progress)) / 2", "np.cos(np.pi * progress / 2)",
         hint="You use the first quarter of a cosine. Half of it, from its top to its bottom, is "
         "flat at both ends; it has to be shifted and halved."),
    Edit("angle_halved", "np.pi * progress", "np.pi / 2 * progress",
         hint="Your angle goes to pi/2 only, so the rate stops half-way. Half a cosine ends at pi."),
    Edit("whole_period", "np.pi * progress", "2 * np.pi * progress",
         hint="Your angle goes to 2 pi, so the rate falls and rises again. Half a cosine ends at "
         "pi."),
    Edit("no_pi", "np.pi * progress", "progress",
         hint="Your angle goes from 0 to 1; half a cosine goes from 0 to pi."),
    Edit("degrees", "np.pi * progress", "180 * progress",
         hint="NumPy's cosine takes radians: half a turn is pi, not 180."),
    Edit("rough_pi", "np.pi", "3.14", hint="3.14 is not exact enough for pi; NumPy has it."),
    Edit("sine", "np.cos", "np.sin",
         hint="You use the sine, which starts at 0. The cosine starts at its top."),
    Edit("rises_instead", "1 + np.cos", "1 - np.cos",
         hint="Your rate rises from min_lr to lr: there is a minus sign in front of the cosine."),
    Edit("falls_in_a_line", "(1 + np.cos(np.pi * progress)) / 2", "(1 - progress)",
         hint="Your rate falls in a line. Half a cosine is flat at both ends and steep between."),
    Edit("min_lr_not_taken_off", "(lr - min_lr)", "lr",
         hint="You add min_lr to a cosine of full height, so the rate starts at lr + min_lr. The "
         "fall is from lr to min_lr: its height is the difference."),
    Edit("min_lr_not_added", FALL, FALL.removeprefix("min_lr + "),
         hint="Your rate ends at 0. min_lr is still to be added."),
    Edit("ignores_min_lr", FALL, "lr * (1 + np.cos(np.pi * progress)) / 2",
         hint="You don't use min_lr: the rate falls to 0. It has to end at min_lr."),
    Edit("min_lr_as_floor", FALL, "max(min_lr, lr * (1 + np.cos(np.pi * progress)) / 2)",
         hint="You let the rate fall towards 0 and cut it off at min_lr. The cosine itself ends at "
         "min_lr: stretch it between the two rates."),
    Edit("min_lr_as_fraction", FALL, "lr * (min_lr + (1 - min_lr) * (1 + np.cos(np.pi * progress)) / 2)",
         hint="You take min_lr as a fraction of lr. It is a learning rate itself, the one at the end."),
    Edit("min_lr_at_the_end_only", FALL,
         "lr * (1 + np.cos(np.pi * progress)) / 2 if progress < 1 else min_lr",
         hint="Your rate falls towards 0 and jumps to min_lr at the end. The cosine itself ends at "
         "min_lr: stretch it between the two rates."),
    Edit("ignores_the_warm_up", "step < warmup_steps", "False",
         hint="You have no warm-up: before step warmup_steps the rate rises in a line."),
    Edit("ignores_warmup_steps", f"if step < warmup_steps:\n    return {RISE}\nprogress = {CLAMPED}",
         "progress = min(1.0, step / total_steps)",
         hint="You don't use warmup_steps: the rate rises in a line first, and the cosine has the "
         "steps that are left."),
    Edit("rise_from_zero", RISE, "lr * step / warmup_steps",
         hint="Your first step has the rate 0, so it is wasted. The first step has a "
         "warmup_steps-th of lr, the last one of the rise lr."),
    Edit("rise_too_long", RISE, "lr * (step + 1) / (warmup_steps + 1)",
         hint="Your rise doesn't reach lr in its last step. It has warmup_steps steps, counted "
         "from 1."),
    Edit("rise_brackets_missing", RISE, "lr * step + 1 / warmup_steps",
         hint="* and / come before +, so the rise is lr * step plus something else. Put step + 1 into "
         "brackets."),
    Edit("rise_ends_early", RISE, "lr * step / (warmup_steps - 1)",
         hint="You start the rise at 0. The first step has a warmup_steps-th of lr, the last one "
         "lr."),
    Edit("rise_from_min_lr", RISE, "min_lr + (lr - min_lr) * (step + 1) / warmup_steps",
         hint="You rise from min_lr. The rise starts at 0, without min_lr: its first step has a "
         "warmup_steps-th of lr."),
    Edit("rise_not_below_min_lr", RISE, "max(min_lr, lr * (step + 1) / warmup_steps)",
         hint="You keep the rise above min_lr. It starts below it: its first step has a "
         "warmup_steps-th of lr."),
    Edit("rise_from_min_lr_itself", RISE, "min_lr + (lr - min_lr) * step / warmup_steps",
         hint="You rise from min_lr, and the first step has min_lr itself. The rise starts at 0, and "
         "its first step has a warmup_steps-th of lr."),
    Edit("rise_is_curved", RISE, "lr * (1 - np.cos(np.pi * (step + 1) / warmup_steps)) / 2",
         hint="Your rise follows a cosine too. It is a line."),
    Edit("rise_of_all_steps", RISE, "lr * (step + 1) / total_steps",
         hint="You divide the rise by all steps; it reaches lr within the warm-up."),
    Edit("rise_without_lr", RISE, "(step + 1) / warmup_steps",
         hint="In the rise you return the fraction only; lr is still to be multiplied."),
    Edit("rise_is_flat", RISE, "lr",
         hint="In the warm-up your rate is lr from the start. It rises in a line."),
    Edit("one_step_more_of_warm_up", "step < warmup_steps", "step <= warmup_steps and warmup_steps > 0",
         hint="Your warm-up has one step too many, with a rate above lr. Steps count from 0, so "
         "step warmup_steps is the first one of the cosine."),
    Edit("cosine_from_step_0", PROGRESS, "step / total_steps",
         hint="Your cosine has been running during the warm-up. Its progress is 0 at step "
         "warmup_steps: count the steps since then, among those that are left."),
    Edit("divides_by_all_steps", "(total_steps - warmup_steps)", "total_steps",
         hint="You divide by all steps, so the rate doesn't reach min_lr. The cosine has the steps "
         "that the warm-up leaves."),
    Edit("divides_by_all_steps_until_the_end", CLAMPED,
         "(step - warmup_steps) / total_steps if step < total_steps else 1.0",
         hint="You divide by all steps, so the rate jumps to min_lr at the end. The cosine has the "
         "steps that the warm-up leaves."),
    Edit("zero_from_the_end_on", FALL, f"{FALL} if step < total_steps else 0.0",
         hint="From total_steps on your rate is 0. It stays at min_lr."),
    Edit("step_not_shifted", "(step - warmup_steps)", "step",
         hint="The progress doesn't start at 0 after the warm-up: count the steps since then."),
    Edit("warm_up_on_top", "(total_steps - warmup_steps)", "(total_steps + warmup_steps)",
         hint="You add the warm-up to total_steps; it is part of them."),
    *(Edit(name, "(total_steps - warmup_steps)", steps,
           hint="Your rate reaches min_lr one step too early: at step total_steps itself, not before.")
      for name, steps in (
          ("ends_one_step_early", "(total_steps - 1 - warmup_steps)"),
          ("ends_one_step_early_if_it_can", "max(1, total_steps - 1 - warmup_steps)"))),
    Edit("one_step_ahead", "(step - warmup_steps)", "(step + 1 - warmup_steps)",
         hint="Your cosine is one step ahead: at step warmup_steps the progress is 0."),
    Edit("whole_numbers", ") / (total_steps", ") // (total_steps",
         hint="// rounds the progress down to 0. Use the ordinary division."),
    Edit("array_of_one", f"float({FALL})", f"np.array([{FALL}])",
         hint="You return an array that holds one number; return the number itself."),
    Edit("rounds", f"float({FALL})", f"round({FALL}, 4)",
         hint="You round the rate, and small ones become 0. Keep all digits; round only when you "
         "print."),
]  # fmt: skip


def cosine(step, total_steps, lr, min_lr, warmup_steps):
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    progress = min(1.0, (step - warmup_steps) / (total_steps - warmup_steps))
    return float(min_lr + (lr - min_lr) * (1 + np.cos(np.pi * progress)) / 2)


@bug("Without the argument your rate ends above 0: look at min_lr's default.")
def default_min_lr(step, total_steps, lr, min_lr=1e-5, warmup_steps=0):
    return cosine(step, total_steps, lr, min(min_lr, lr), warmup_steps)


@bug("Without the argument you have a warm-up: look at the default of warmup_steps, which is 0.")
def default_warm_up(step, total_steps, lr, min_lr=0.0, warmup_steps=None):
    return cosine(step, total_steps, lr, min_lr, warmup_steps or total_steps // 10)


@bug("Without the argument you have a warm-up: look at the default of warmup_steps, which is 0.")
def default_warm_up_if_not_given(step, total_steps, lr, min_lr=0.0, warmup_steps=None):
    warmup_steps = total_steps // 10 if warmup_steps is None else warmup_steps
    return cosine(step, total_steps, lr, min_lr, warmup_steps)


@bug("Your last two arguments have changed places: min_lr comes before warmup_steps.")
def arguments_swapped(step, total_steps, lr, warmup_steps=0, min_lr=0.0):
    return cosine(step, total_steps, lr, min_lr, warmup_steps)


@bug("Your warm-up multiplies the cosine, which has been falling since step 0. Without it the rise "
     "is a line, and the cosine starts after it.")  # fmt: skip
def multiplies_the_warm_up(step, total_steps, lr, min_lr=0.0, warmup_steps=0):
    progress = min(1.0, step / total_steps)
    rate = min_lr + (lr - min_lr) * (1 + np.cos(np.pi * progress)) / 2
    return float(rate * min(1.0, (step + 1) / max(warmup_steps, 1)))


@alternative
def by_squared_cosine(step, total_steps, lr, min_lr=0.0, warmup_steps=0):
    if warmup_steps and step < warmup_steps:
        return (step + 1) * (lr / warmup_steps)
    if step >= total_steps:
        return min_lr
    angle = 0.5 * np.pi * (step - warmup_steps) / (total_steps - warmup_steps)
    return min_lr * np.sin(angle) ** 2 + lr * np.cos(angle) ** 2


@alternative
def by_table(step, total_steps, lr, min_lr=0.0, warmup_steps=0):
    rise = np.arange(1, warmup_steps + 1) * lr / max(warmup_steps, 1)
    angles = np.linspace(0.0, np.pi, total_steps - warmup_steps + 1)
    rates = np.concatenate([rise, 0.5 * (lr + min_lr) + 0.5 * (lr - min_lr) * np.cos(angles)])
    return rates[min(step, total_steps)]


@alternative
def from_the_end(step, total_steps, lr, min_lr=0.0, warmup_steps=0):
    if step < warmup_steps:
        return lr - lr * (warmup_steps - 1 - step) / warmup_steps
    left = max(total_steps - step, 0) / (total_steps - warmup_steps)
    return lr - (lr - min_lr) * 0.5 * (1 + np.cos(np.pi * left))


@alternative
def by_complex_exponential(step, total_steps, lr, min_lr=0.0, warmup_steps=0):
    t = np.clip((step - warmup_steps) / (total_steps - warmup_steps), 0, 1)
    fall = min_lr + (lr - min_lr) * (0.5 + 0.5 * np.exp(1j * np.pi * t).real)
    return np.where(step < warmup_steps, lr * (step + 1) / max(1, warmup_steps), fall)
