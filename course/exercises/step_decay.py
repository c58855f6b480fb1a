"""step_decay: probes, known mistakes, other correct answers."""

import numpy as np

from course.spec import Edit, alternative, bug, probe


@probe("falls by the same factor again and again, for the first time at step `every`", points=1,
       rtol=1e-6)  # fmt: skip
def first_steps(step_decay, rng):
    lr, drop = int(rng.integers(2, 10)) / 10, int(rng.integers(2, 5)) / 10
    settings = f"lr {lr}, drop {drop} and every 3"
    for k in range(11):
        yield f"the rate at step {k} with {settings}", step_decay(k, lr, drop, 3)


@probe("starts from the lr that it is given, in whichever order the steps are asked for", points=1,
       rtol=1e-6)  # fmt: skip
def any_order(step_decay, rng):
    lr, drop = rng.uniform(1.0, 9.0), rng.uniform(0.6, 0.9)
    for k in (14, 4, 15, 0, 5, 9):
        yield f"the rate at step {k} with every 5", step_decay(k, lr, drop, 5)
    yield "the rate at step 14 for the second time", step_decay(14, lr, drop, 5)
    yield "the rate at step 7 of another schedule", step_decay(7, 0.3, drop, 4)
    yield "the rate for arguments by name", step_decay(every=4, drop=drop, lr=lr, step=13)


@probe("stays exact after many falls, however small the rate gets", points=1, atol=1e-300)
def late_steps(step_decay, rng):
    drop = rng.uniform(0.15, 0.3)
    yield "the rate after 10 falls", step_decay(72, 0.5, drop, 7)
    yield "the rate after 142 falls", step_decay(1000, 0.5, drop, 7)
    yield "the rate after 800 falls", step_decay(2402, 2.0, 0.99, 3)


@probe("works when it falls at every step, never, or not yet", points=1, hidden=True, rtol=1e-6)
def unusual_schedules(step_decay, rng):
    lr, drop, every = rng.uniform(0.2, 5.0), rng.uniform(0.1, 0.9), int(rng.integers(6, 40))
    yield "the rate just before the third fall", step_decay(3 * every - 1, lr, drop, every)
    yield "the rate at the third fall", step_decay(3 * every, lr, drop, every)
    yield "the rate before the first fall", step_decay(every - 1, lr, drop, every)
    yield "the rate when it falls at every step", step_decay(5, lr, drop, 1)
    yield "the rate with drop = 1", step_decay(3 * every, lr, 1.0, every)
    yield "the rate with lr = 0", step_decay(3 * every, 0.0, drop, every)


START, FACTOR, COUNT = "lr *", "drop **", "step // every"
RATE = f"{START} {FACTOR} ({COUNT})"
BUGS = [
    Edit("smooth", COUNT, "step / every",
         hint="Your rate falls a little at every step. It stays level and falls at whole multiples "
         "of `every` only: how many of them have been reached?"),
    Edit("rounds_the_count", COUNT, "round(step / every)",
         hint="You round step / every to the nearest number, so the rate falls too early. Count "
         "the falls that have been reached."),
    Edit("one_step_early", COUNT, "(step + 1) // every",
         hint="Your rate falls one step too early. Steps count from 0, and the first fall is at "
         "step `every` itself."),
    Edit("one_step_late", COUNT, "max(step - 1, 0) // every",
         hint="Your rate falls one step too late. The first fall is at step `every` itself."),
    Edit("steps_from_1", COUNT, "(step - 1) // every",
         hint="You count the steps from 1; they count from 0, so step 0 has the full lr."),
    Edit("rounds_up", COUNT, "-(-step // every)",
         hint="Your rate falls right after step 0, one fall ahead of what is asked. The number of "
         "falls is rounded down, and step 0 is none (in a loop: start after it)."),
    Edit("falls_at_once", COUNT, "step // every + 1",
         hint="There is one fall too many: up to step every - 1 the rate is lr itself."),
    Edit("brackets_missing", RATE, "lr * drop**step // every",
         hint="** and * come before //, so the whole rate gets divided and rounded down. Count the "
         "falls first, in brackets."),
    Edit("falls_at_every_step", COUNT, "step",
         hint="Your rate falls at every step. It falls once for each `every` steps."),
    Edit("only_once", RATE, "lr * drop if step >= every else lr",
         hint="Your rate falls once and never again. It falls at every multiple of `every`."),
    Edit("only_once_and_late", RATE, "lr * drop if step > every else lr",
         hint="Your rate falls once, one step too late, and never again. It falls at every multiple "
         "of `every`, the first time at step `every` itself."),
    Edit("interval_too_long", COUNT, "step // (every + 1)",
         hint="Your rate falls after every + 1 steps. It falls after `every` steps."),
    Edit("interval_too_short", COUNT, "step // max(every - 1, 1)",
         hint="Your rate falls after every - 1 steps. It falls after `every` steps."),
    Edit("recovers", RATE, "lr * drop if step > 0 and step % every == 0 else lr",
         hint="Your rate is lower at the multiples of `every` only, and then recovers. Each fall "
         "stays: count how many there have been."),
    Edit("recovers_and_starts_low", RATE, "lr * drop if step % every == 0 else lr",
         hint="Your rate is lower at the multiples of `every` only (0 is one), and then recovers. "
         "Each fall stays: count how many there have been."),
    Edit("power_of_the_remainder", COUNT, "step % every",
         hint="You use the remainder of step and `every`; the number of falls is the quotient, "
         "rounded down."),
    Edit("counts_without_power", FACTOR, "drop *",
         hint="You multiply by the number of falls. Each fall multiplies by drop again, so drop is "
         "raised to that number."),
    Edit("counts_without_power_once_it_falls", RATE, "lr * drop * (step // every) if step >= every else lr",
         hint="You multiply by the number of falls. Each fall multiplies by drop again, so drop is "
         "raised to that number."),
    Edit("straight_line", RATE, "lr * (1 - drop * (step // every))",
         hint="Your rate falls by the same amount each time, and can become negative. Each fall "
         "multiplies the rate by drop."),
    Edit("subtracts_drop", RATE, "lr - drop * (step // every)",
         hint="You subtract drop at each fall. drop is a factor."),
    Edit("drop_is_lost", FACTOR, "(1 - drop) **",
         hint="You take drop as the part that is lost. It is the factor itself: with 0.1 a tenth "
         "is left."),
    Edit("divides", START, "lr /",
         hint="Your rate grows, since dividing by a number below 1 makes it larger. Multiply."),
    Edit("power_of_lr_too", RATE, "(lr * drop) ** (step // every)",
         hint="The power reaches lr as well; mind the brackets. Only drop is raised to the number "
         "of falls."),
    Edit("lr_and_drop_swapped", RATE, "drop * lr ** (step // every)",
         hint="lr and drop have changed places: the rate starts at lr, and drop is repeated."),
    Edit("inverse_time", RATE, "lr / (1 + drop * (step // every))",
         hint="That is another schedule, which divides by 1 + drop times the falls. Here each fall "
         "multiplies by drop."),
    Edit("inverse_time_smooth", RATE, "lr / (1 + drop * step / every)",
         hint="That is another schedule, which divides by a number that grows with the step. Here "
         "the rate stays level, and each fall multiplies by drop."),
    Edit("divided_by_the_count", RATE, "lr * drop / (step // every + 1)",
         hint="You divide by the number of falls. Each fall multiplies the rate by drop again."),
    Edit("exponential_smooth", RATE, "float(lr * np.exp(-drop * step / every))",
         hint="That is another schedule, smooth exponential decay. Here the rate stays level, and "
         "at each fall it is multiplied by drop."),
    Edit("exponential", RATE, "float(lr * np.exp(-drop * (step // every)))",
         hint="That is another schedule, with e to the power -drop. Here the factor is drop itself."),
    Edit("exponential_of_steps", RATE, "float(lr * np.exp(-drop * step))",
         hint="That is another schedule, smooth exponential decay. Here the rate stays level, and "
         "at each fall it is multiplied by drop."),
    Edit("drop_and_every_swapped", RATE, "lr * every ** (step // drop)",
         hint="drop and every have changed places: the rate falls by the factor drop, after "
         "`every` steps."),
    Edit("quotient_turned_round", COUNT, "every // max(step, 1)",
         hint="You divide `every` by the step. The number of falls is how often `every` goes into "
         "the step."),
    Edit("falls_twice", COUNT, "2 * (step // every)",
         hint="Your rate falls by drop twice each time. One factor drop for each fall is enough."),
    Edit("per_cent", FACTOR, "(1 - drop / 100) **",
         hint="You take drop as a percentage. It is the factor itself: with 0.1 a tenth is left."),
    Edit("without_lr", START, "",
         hint="You return the factor only; lr is still to be multiplied."),
    Edit("has_a_floor_of_1e6", RATE, "max(lr * drop ** (step // every), 1e-6)",
         hint="You keep the rate above 0.000001. It may fall as far as it goes."),
    Edit("rounds", RATE, "round(lr * drop ** (step // every), 4)",
         hint="You round the rate, and small ones become 0. Keep all digits; round only when you "
         "print."),
    Edit("whole_numbers", RATE, "int(lr * drop ** (step // every))",
         hint="You turn the rate into a whole number. A learning rate is a fraction."),
    Edit("array_of_one", RATE, "np.array([lr * drop ** (step // every)])",
         hint="You return an array that holds one number; return the number itself."),
    Edit("all_rates", RATE, "np.array([lr * drop ** (k // every) for k in range(step + 1)])",
         hint="You return the rates of all steps so far. The task asks for the one of this step."),
]  # fmt: skip


@bug("Once the first fall is reached you multiply at every step. The rate falls at multiples of "
     "`every` only.")  # fmt: skip
def compounds(step, lr, drop, every):
    for k in range(1, step + 1):
        if k >= every:
            lr *= drop
    return lr


@alternative
def by_loop(step, lr, drop, every):
    for k in range(1, step + 1):
        if k % every == 0:
            lr = lr * drop
    return lr


@alternative
def by_subtraction(step, lr, drop, every):
    while step >= every:
        lr *= drop
        step -= every
    return lr


@alternative
def by_logarithm(step, lr, drop, every):
    return lr * np.exp(np.log(drop) * np.floor(step / every))


@alternative
def by_numpy(step, lr, drop, every):
    return np.asarray(lr) * np.power(drop, (step - step % every) / every)


@alternative
def by_product(step, lr, drop, every):
    return float(np.prod([lr] + [drop] * int(step / every)))


@alternative
def one_fall_at_a_time(step, lr, drop, every):
    falls = np.arange(every, step + 1, every)
    return np.float64(lr) * np.multiply.reduce(np.full(len(falls), drop))
