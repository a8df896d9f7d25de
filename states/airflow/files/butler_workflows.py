"""Written by Butler. One DAG for each workflow of the tracker: what its tasks are, the tracker says; each of them is done by
`butler task run`, which tells the tracker all that happens."""

import json
import logging
import os
import ssl
import subprocess
import urllib.request
from datetime import timedelta

import yaml
from airflow.sdk import DAG, BaseOperator, get_parsing_context
from airflow.sdk.exceptions import AirflowException, AirflowFailException

SETTINGS = "/etc/butler/worker.yaml"
BUTLER = "/opt/butler/bin/butler"
# The last answer, for a tracker that is away: DAGs do not vanish with it.
KEPT = "/var/lib/airflow/butler/workflows.json"

# What `butler task run` ends with when the program failed, so that another attempt may succeed.
FAILED = 1


class ButlerTask(BaseOperator):
    """A task of a workflow; with an index, one of a task's `for_each`."""

    def __init__(self, *, index: int | None = None, **kwargs):
        super().__init__(**kwargs)
        self.index = index
        self.child = None

    def execute(self, context):
        run = context["dag_run"].conf["butler"]
        task = self.task_id if self.index is None else f"{self.task_id}[{self.index}]"
        which = ["-r", str(run["run"]), "--run-attempt", str(run["attempt"])]
        attempt = ["--task", task, "--attempt", str(context["ti"].try_number)]
        self.child = subprocess.Popen(
            [BUTLER, "task", "run", *which, *attempt],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            # The programs of workflows get nothing of Airflow's own surroundings.
            env={name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ},
        )
        # Where no list of processes shows it.
        self.child.stdin.write(run["token"])
        self.child.stdin.close()
        for line in self.child.stdout:
            self.log.info("%s", line.rstrip("\n"))
        code = self.child.wait()
        if code == 0:
            return
        if code == FAILED or code < 0:
            raise AirflowException(f"The program of {task} failed.")
        raise AirflowFailException(f"{task} can't be done, and will not be tried again.")

    def on_kill(self):
        if self.child is None:
            return
        self.child.terminate()
        try:
            self.child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.child.kill()


class Items(BaseOperator):
    """Gives a task with `for_each` the numbers of its items, which the tracker has counted for this run."""

    def __init__(self, *, of: str, **kwargs):
        super().__init__(**kwargs)
        self.of = of

    def execute(self, context):
        return context["dag_run"].conf["butler"]["items"][self.of]


def dag_of(workflow) -> DAG:
    description = f"{workflow['name']} {workflow['version']}"
    # Not registered by itself: half of one, whose other half can't be made, would run and succeed.
    with DAG(
        dag_id=workflow["dag"],
        auto_register=False,
        description=description,
        schedule=None,
        catchup=False,
        is_paused_upon_creation=False,
        tags=["butler"],
        default_args={"retry_delay": timedelta(seconds=1)},
    ) as dag:
        tasks = {}
        for task in workflow["tasks"]:
            # An empty `for_each` is a task that is done, not one that failed.
            common = {"task_id": task["name"], "retries": task["retries"], "trigger_rule": "none_failed"}
            if not task["isMapped"]:
                tasks[task["name"]] = ButlerTask(**common)
                continue
            items = Items(task_id=f"{task['name']}.items", of=task["name"])
            tasks[task["name"]] = ButlerTask.partial(**common).expand(index=items.output)
        for task in workflow["tasks"]:
            for need in task["needs"]:
                tasks[need] >> tasks[task["name"]]
    return dag


def workflows():
    try:
        with open(SETTINGS, encoding="utf-8") as file:
            settings = yaml.safe_load(file)
        context = ssl.create_default_context(cafile=settings["ca_file"])
        context.load_cert_chain(settings["certificate_file"], settings["key_file"])
        with urllib.request.urlopen(f"{settings['tracker']}/v1/workflows", context=context, timeout=10) as answer:
            text = answer.read().decode()
        found = json.loads(text)["dags"]
    except Exception as error:  # whatever it is, what was known before is known still
        logging.getLogger(__name__).warning("The tracker was not asked for its workflows: %s", error)
        return kept()
    keep(text)
    return found


def kept():
    try:
        with open(KEPT, encoding="utf-8") as file:
            return json.load(file)["dags"]
    except FileNotFoundError:
        return []


def keep(text: str) -> None:
    draft = f"{KEPT}.{os.getpid()}"
    with open(draft, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(draft, KEPT)


# A worker needs the one DAG whose task it does; Airflow's DAG processor, all of them.
wanted = get_parsing_context().dag_id
for workflow in workflows():
    if wanted in (None, workflow["dag"]):
        try:
            globals()[workflow["dag"]] = dag_of(workflow)
        except Exception as error:  # one that can't be made must not hide the others
            logging.getLogger(__name__).error("The workflow %s makes no DAG: %s", workflow["dag"], error)
