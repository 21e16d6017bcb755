"""The exercises of the lessons, a module for each lesson, in their order."""

from importlib import import_module

LESSONS = tuple(import_module(f"{__name__}.lesson_{number:02}") for number in range(15))
TASKS = tuple(task for lesson in LESSONS for task in lesson.TASKS)
