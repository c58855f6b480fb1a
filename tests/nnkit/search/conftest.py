"""Objectives. They are made by functions, so that they travel to other processes by value."""

import pytest


@pytest.fixture(scope="session")
def noisy():
    """An objective that uses its configuration and its generator."""

    def noisy(config, rng):
        return abs(config["lr"] - 0.1) + 1 / config["hidden"] + 0.01 * rng.normal()

    return noisy


@pytest.fixture(scope="session")
def troubled():
    """An objective that fails in every way but the death of its process."""

    def troubled(config, rng):
        return {
            "fine": lambda: 1.5,
            "raise": lambda: {}["missing"],
            "exit": lambda: exit(3),
            "nan": lambda: float("nan"),
            "inf": lambda: float("inf"),
            "text": lambda: "small",
            "nothing": lambda: None,
            "array": lambda: [1.0, 2.0],
        }[config["what"]]()

    return troubled


@pytest.fixture(scope="session")
def space():
    return {"lr": lambda rng: 10 ** rng.uniform(-3, 0), "hidden": [50, 100, 200]}
