"""Drives the package jelapi through its public classes; what they lack, through its connector."""

import json

import jelapi
from jelapi import JelasticEnvGroup, JelasticEnvironment, JelasticMountPoint
from report import Report, arguments

base_url, control_url, token = arguments()
report = Report("jelapi")
jelapi.api_url = f"{base_url}/1.0/"
jelapi.api_token = token
connector = jelapi.api_connector()

nodes = [
    {"nodeType": "docker", "nodeGroup": "cp", "docker": {"image": "alpine:latest"}},
    {"nodeType": "docker", "nodeGroup": "sqldb", "docker": {"image": "mariadb:11"}},
    {"nodeType": "storage", "nodeGroup": "storage"},
]


def create(name):
    return connector._(
        "Environment.Control.CreateEnvironment",
        env=json.dumps({"shortdomain": name, "displayName": "One"}),
        nodes=json.dumps(nodes),
    )


report.passes("connector, CreateEnvironment", lambda: create("jelapi-one"), lambda it: it["response"]["result"] == 0)
report.passes("JelasticEnvironment.dict", JelasticEnvironment.dict, lambda it: list(it) == ["jelapi-one"])
environment = report.passes(
    "JelasticEnvironment.get",
    lambda: JelasticEnvironment.get("jelapi-one"),
    lambda it: it.status == JelasticEnvironment.Status.RUNNING and set(it.nodeGroups) == {"cp", "sqldb", "storage"},
)
report.passes("node_by_node_group", lambda: environment.node_by_node_group("cp"), lambda it: it.id > 10_000)


def rename():
    environment.displayName = "Renamed"
    environment.save()
    environment.refresh_from_api()
    return environment.displayName


report.passes("JelasticEnvironment.save, displayName", rename, lambda it: it == "Renamed")


def bind():
    environment.extdomains = ["www.example.com"]
    environment.save()
    environment.refresh_from_api()
    return environment.extdomains


report.passes("JelasticEnvironment.save, extdomains", bind, lambda it: it == ["www.example.com"])


def unbind():
    environment.extdomains = []
    environment.save()
    environment.refresh_from_api()
    return environment.extdomains


report.passes("JelasticEnvironment.save, extdomains gone", unbind, lambda it: it == [])
report.passes("JelasticEnvironment.stop", environment.stop)
report.passes("JelasticEnvironment.start", environment.start)
report.passes("JelasticEnvironment.sleep", environment.sleep)
report.passes("JelasticEnvironment.start, asleep", environment.start)
report.passes(
    "JelasticEnvironment.clone",
    lambda: environment.clone("jelapi-two"),
    lambda it: it.status == JelasticEnvironment.Status.RUNNING,
)
report.passes("JelasticEnvironment.get_sumstats", lambda: environment.get_sumstats(3600), lambda it: isinstance(it, list))

web = environment.nodeGroups["cp"]
report.passes("JelasticNodeGroup.envVars", lambda: web.envVars, lambda it: "PATH" in it)


def set_variables():
    web.envVars["EXAMPLE"] = "1"
    web.save()
    return JelasticEnvironment.get("jelapi-one").nodeGroups["cp"].envVars


report.passes("JelasticNodeGroup.save, envVars", set_variables, lambda it: it["EXAMPLE"] == "1")


def grow():
    node = web.nodes[0]
    node.fixedCloudlets, node.flexibleCloudlets = 2, 16
    node.save()
    node = JelasticEnvironment.get("jelapi-one").nodeGroups["cp"].nodes[0]
    return node.fixedCloudlets, node.flexibleCloudlets


report.passes("JelasticNode.save, cloudlets", grow, lambda it: it == (2, 16))


def mount():
    point = JelasticMountPoint(
        name="data",
        path="/data",
        sourceNode=environment.node_by_node_group("storage"),
        sourcePath="/exported",
    )
    point.attach_to_node_group(web)
    point.add_to_api()
    return [it.path for it in JelasticEnvironment.get("jelapi-one").nodeGroups["cp"].mountPoints]


report.passes("JelasticMountPoint.add_to_api", mount, lambda it: it == ["/data"])


def unmount():
    fresh = JelasticEnvironment.get("jelapi-one").nodeGroups["cp"]
    fresh.mountPoints[0].del_from_api()
    return JelasticEnvironment.get("jelapi-one").nodeGroups["cp"].mountPoints


report.passes("JelasticMountPoint.del_from_api", unmount, lambda it: it == [])


def enlarge():
    fresh = JelasticEnvironment.get("jelapi-one")
    fresh.nodeGroups["cp"].diskLimit = 80
    fresh.save()


report.refuses(
    "JelasticEnvironment.save, topology",
    enlarge,
    "the client also switches the shared balancer, which is not simulated: 404",
    "HTTP code 404",
)
report.passes("JelasticNodeGroup.restart", web.restart)
report.refuses(
    "JelasticNodeGroup.redeploy",
    lambda: web.redeploy("3.20"),
    "RedeployContainersByGroup is not simulated: 404; RedeployContainers is",
    "HTTP code 404",
)
report.refuses(
    "JelasticNodeGroup.containerVolumes",
    lambda: web.containerVolumes,
    "container volumes are not simulated: 404",
    "HTTP code 404",
)


def regroup():
    fresh = JelasticEnvironment.get("jelapi-one")
    fresh.envGroups = ["clients"]
    fresh.save()


report.refuses(
    "JelasticEnvironment.save, envGroups",
    regroup,
    "the client says envGroups where SetEnvGroup wants envGroup: 3",
    "[envGroup]",
)
report.refuses(
    "JelasticEnvGroup.save",
    lambda: JelasticEnvGroup(name="clients", color="#123456").save(),
    "the client says groupName where CreateGroup wants envGroup, and groups of their own are not simulated: 404",
    "HTTP code 404",
)
report.passes(
    "JelasticNode.execute_command",
    lambda: web.nodes[0].execute_command("echo hello | tee note"),
    lambda it: it["out"] == "hello\n" and it["result"] == 0,
)
report.passes(
    "JelasticNode.execute_commands",
    lambda: web.nodes[0].execute_commands(["echo one", "echo two"]),
    lambda it: it[0]["out"] == "one\ntwo\n",
)
report.passes("JelasticNode.read_file", lambda: web.nodes[0].read_file("/note"), lambda it: it == "hello\n")
report.passes("JelasticNodeGroup.read_file", lambda: web.read_file("/note"), lambda it: it == "hello\n")
report.refuses(
    "JelasticNode.execute_command, failing",
    lambda: web.nodes[0].execute_command("exit 3"),
    "a command that fails is no success: 4109",
    "'result': 4109",
)
report.passes(
    "connector, DeleteEnv",
    lambda: connector._("Environment.Control.DeleteEnv", envName="jelapi-two"),
)
report.refuses(
    "JelasticEnvironment.get, absent",
    lambda: JelasticEnvironment.get("jelapi-absent"),
    "the environment does not exist: 11",
    "'result': 11",
)
report.finish(control_url)
