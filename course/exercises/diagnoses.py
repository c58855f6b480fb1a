"""diagnoses: one hidden probe for each case. What is right depends on the lesson's variant."""

import numpy as np

from course.cases import CAUSES, diagnoses_source, planted_variant
from course.spec import alternative, bug, probe, task_of_source

CASES = [f"repair_{letter}" for letter in "abcdefgh"]
diagnoses = task_of_source(diagnoses_source(CASES, planted_variant("diagnoses")), "diagnoses")


@probe("names one cause of the list for each letter", points=0)
def letters_and_numbers(diagnoses, rng):
    causes = diagnoses()
    letters = [key for key in causes if key in tuple("abcdefgh")]
    yield "the number of keys that are letters from a to h", len(letters)
    yield "the number of other keys", len(causes) - len(letters)
    numbers = [n for n in causes.values() if isinstance(n, int | np.integer)]
    yield "how many values are whole numbers", len(numbers)
    yield "how many of them are in the list", sum(1 <= n <= 16 for n in numbers)


@probe("is right about case a", points=1, hidden=True)
def about_case_a(diagnoses, rng):
    return diagnoses()["a"]


@probe("is right about case b", points=1, hidden=True)
def about_case_b(diagnoses, rng):
    return diagnoses()["b"]


@probe("is right about case c", points=1, hidden=True)
def about_case_c(diagnoses, rng):
    return diagnoses()["c"]


@probe("is right about case d", points=1, hidden=True)
def about_case_d(diagnoses, rng):
    return diagnoses()["d"]


@probe("is right about case e", points=1, hidden=True)
def about_case_e(diagnoses, rng):
    return diagnoses()["e"]


@probe("is right about case f", points=1, hidden=True)
def about_case_f(diagnoses, rng):
    return diagnoses()["f"]


@probe("is right about case g", points=1, hidden=True)
def about_case_g(diagnoses, rng):
    return diagnoses()["g"]


@probe("is right about case h", points=1, hidden=True)
def about_case_h(diagnoses, rng):
    return diagnoses()["h"]


def right():
    return diagnoses.function()


@bug("Your numbers are one too small: the list counts from 1.")
def counted_from_zero():
    return {letter: number - 1 for letter, number in right().items()}


@bug("Your numbers are text. Leave out the quotes.")
def numbers_as_text():
    return {letter: str(number) for letter, number in right().items()}


@bug("You return the causes in words. Return their numbers in the list.")
def causes_in_words():
    return {letter: list(CAUSES.values())[number - 1] for letter, number in right().items()}


@bug("You return a list. The task asks for a dict with the letters as keys.")
def a_list():
    return list(right().values())


@bug("You give a list of causes for each case. Decide on one.")
def several_causes():
    return {letter: [number, 16] for letter, number in right().items()}


@bug("Your keys are no small letters. The task asks for a single one for each case, as in a.")
def names_of_programs():
    return {f"case_{letter}": number for letter, number in right().items()}


@bug("You name one cause for all cases. They are different ones.")
def the_same_for_all():
    return dict.fromkeys(right(), 16)


@alternative
def in_another_order():
    return dict(sorted(right().items(), reverse=True))


@alternative
def out_of_an_array():
    return dict(zip("abcdefgh", np.array(list(right().values())), strict=True))


@alternative
def letter_by_letter():
    found = {}
    for letter in "hgfedcba":
        found[letter] = int(right()[letter])
    return found
