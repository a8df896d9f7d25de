"""What a real Salt makes of states: a JSON line for each name read from stdin, once applied and once as a test.

Usage: PYTHON results.py ROOT, where ROOT has states/NAME/init.sls. Everything Salt writes stays under ROOT.
"""

import json
import logging
import os
import sys
import warnings

warnings.simplefilter('ignore')

import salt.client  # noqa: E402
import salt.config  # noqa: E402

root = os.path.abspath(sys.argv[1])
opts = salt.config.minion_config(None)
opts.update(
    root_dir=root,
    cachedir=os.path.join(root, "cache"),
    pki_dir=os.path.join(root, "pki"),
    sock_dir=os.path.join(root, "sock"),
    conf_file=os.path.join(root, "minion"),
    file_client="local",
    local=True,
    file_roots={"base": [os.path.join(root, "states")]},
    pillar_roots={"base": []},
    id="local",
    state_events=False,
    fileserver_backend=["roots"],
)
logging.disable(logging.CRITICAL)
caller = salt.client.Caller(mopts=opts)


# States that Salt marks as run though they were not; and what it says then.
NOT_RUN = (
    "onlyif condition is false",
    "unless condition is true",
    "No changes detected",
    "One or more requisite failed",
    "State was not run because",
)


def chunk(key, value):
    said = value["comment"] if isinstance(value["comment"], str) else "\n".join(value["comment"])
    module, ident, name, function = key.split("_|-")
    return {
        "order": value.get("__run_num__", 10**6),
        "id": ident,
        "function": f"{module}.{function}",
        "name": name,
        "result": value["result"],
        "changes": bool(value["changes"]),
        "ran": value.get("__state_ran__", True) and not any(line.startswith(NOT_RUN) for line in said.split("\n")),
        "comment": said,
    }


for line in sys.stdin:
    for test in (False, True):
        try:
            made = caller.cmd("state.apply", line.strip(), test=test)
        except Exception as error:  # pylint: disable=broad-except
            print(json.dumps({"crash": repr(error)}), flush=True)
            continue
        if isinstance(made, list):
            said = {"errors": made}
        else:
            said = {"chunks": sorted((chunk(*item) for item in made.items()), key=lambda each: each["order"])}
        print(json.dumps(said), flush=True)
