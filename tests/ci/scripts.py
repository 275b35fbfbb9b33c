#!/usr/bin/env python3
"""The CI files as data: they parse, and their shell is handed out to be checked and run.

scripts.py action NAME      the script of action.yml's step NAME
scripts.py inputs           NAME=DEFAULT of action.yml's inputs, a line each
scripts.py gitlab JOB       the script of a job of docs/ci/gitlab-ci.yml
scripts.py uses             checks that docs/ci/github.yml gives the action only inputs that it has
"""
import pathlib
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]


def load(name):
    return yaml.safe_load((ROOT / name).read_text())


def action_step(name):
    steps = load("action.yml")["runs"]["steps"]
    return next(step["run"] for step in steps if step["name"] == name)


def check_uses():
    inputs = set(load("action.yml")["inputs"])
    uses = [step for job in load("docs/ci/github.yml")["jobs"].values() for step in job["steps"]
            if "faultline@" in step.get("uses", "")]
    assert len(uses) == 2, uses
    for step in uses:
        assert set(step["with"]) <= inputs, step["with"]


def main(what, *names):
    if what == "action":
        print(action_step(*names))
    elif what == "inputs":
        for name, about in load("action.yml")["inputs"].items():
            print(f"{name.upper()}={about['default']}")
    elif what == "gitlab":
        print("\n".join(load("docs/ci/gitlab-ci.yml")[names[0]]["script"]))
    else:
        check_uses()


main(*sys.argv[1:])
