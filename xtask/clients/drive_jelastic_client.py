"""Drives the package jelastic-client through its public classes."""

import json

from jelastic_client import (
    DockerSettings,
    EnvSettings,
    JelasticClientFactory,
    NodeSettings,
)
from report import Report, arguments

MANIFEST = """
type: install
name: Example of a package
nodes:
  count: 1
  cloudlets: 4
  nodeGroup: cp
  image: alpine:latest
success: |
  **Domain**: ${env.domain}
  **Node**: ${nodes.cp.first.id}
"""
SETTINGS = """
type: install
name: Example of settings
settings:
  fields:
    - {name: field1, type: string}
    - {name: field2, type: string}
success: {email: false, text: nothing}
"""
UPDATE = "{type: update, name: Example of an update, success: 'done on ${env.envName}'}"

base_url, control_url, token = arguments()
report = Report("jelastic-client")
factory = JelasticClientFactory(f"{base_url}/1.0/", token)
account = factory.create_account_client()
control = factory.create_control_client()
files = factory.create_file_client()
packages = factory.create_jps_client()

report.passes("account.get_user_info", account.get_user_info)
report.passes("jps.get_engine_version", packages.get_engine_version, lambda it: it.startswith("8."))
report.passes("control.generate_random_env_name", control.generate_random_env_name)

sql = NodeSettings(fixedCloudlets=3, flexibleCloudlets=4, nodeType="postgresql")
docker = NodeSettings(
    docker=DockerSettings(image="alpine", nodeGroup="cp"),
    flexibleCloudlets=4,
    nodeType="docker",
    displayName="Web",
)
vps = NodeSettings(flexibleCloudlets=4, nodeType="ubuntu-vps")
created = report.passes(
    "control.create_environment",
    lambda: control.create_environment(EnvSettings(shortdomain="client-one"), [sql, docker]),
    lambda it: it.env_name() == "client-one" and len(it.nodes()) == 2,
)
report.passes(
    "control.create_environment, VPS",
    lambda: control.create_environment(EnvSettings(shortdomain="client-vps"), [vps]),
    lambda it: it.is_running(),
)
info = report.passes(
    "control.get_env_info", lambda: control.get_env_info("client-one"), lambda it: it.is_running()
)
report.passes(
    "control.get_env_info, absent",
    lambda: control.get_env_info("client-absent"),
    lambda it: not it.exists(),
)
report.passes(
    "EnvInfo.get_nodes", lambda: info.get_nodes(node_type="postgresql", node_group="sqldb"),
    lambda it: len(it) == 1,
)
report.passes("EnvInfo.get_node_ips", lambda: info.get_node_ips("cp"), lambda it: it[0].startswith("10."))
report.passes(
    "control.clone_env",
    lambda: control.clone_env("client-one", "client-clone"),
    lambda it: it.is_running() and len(it.nodes()) == 2,
)
report.passes("control.stop_env", lambda: control.stop_env("client-one"))
report.passes(
    "control.get_env_info, stopped",
    lambda: control.get_env_info("client-one"),
    lambda it: not it.is_running(),
)
report.passes("control.start_env", lambda: control.start_env("client-one"))

value = json.dumps({"type": "test", "audience": ["app-1", "app-2"]})
node = info.get_nodes(node_group="cp")[0].id
report.passes(
    "control.add_container_env_vars",
    lambda: control.add_container_env_vars("client-one", {"A": value, "B": "b"}, node_group="cp"),
)
report.passes(
    "control.get_container_env_vars_by_group",
    lambda: control.get_container_env_vars_by_group("client-one", "cp"),
    lambda it: json.loads(it["A"])["audience"] == ["app-1", "app-2"] and "PATH" in it,
)
report.passes(
    "control.remove_container_env_vars",
    lambda: control.remove_container_env_vars("client-one", ["B", "ABSENT"], node_group="cp"),
)
report.passes(
    "control.get_container_env_vars",
    lambda: control.get_container_env_vars("client-one", node),
    lambda it: "A" in it and "B" not in it,
)
report.passes(
    "control.set_container_env_vars",
    lambda: control.set_container_env_vars("client-one", node, {"C": "c"}),
)
report.passes(
    "control.set_container_env_vars_by_group",
    lambda: control.set_container_env_vars_by_group("client-one", "cp", {"D": "d"}),
)
report.passes(
    "control.get_container_env_vars_by_group, replaced",
    lambda: control.get_container_env_vars_by_group("client-one", "cp"),
    lambda it: it["D"] == "d" and "A" not in it and "C" not in it,
)

report.passes(
    "jps.install",
    lambda: packages.install(MANIFEST, "client-package", region="example_south_group"),
    lambda it: it.startswith("<strong>Domain</strong>: client-package.south.example-paas.test<br />\n"),
)
report.passes(
    "jps.install, properties asked for",
    lambda: packages.install(
        SETTINGS,
        settings={"field1": "value1", "field2": "value2"},
        env_props_query={"first": "${settings.field1}", "second": "${settings.field2}"},
    ),
    lambda it: it == {"first": "value1", "second": "value2"},
)
report.passes(
    "jps.install, update", lambda: packages.install(UPDATE, "client-one"), lambda it: it == "done on client-one"
)
report.refuses(
    "jps.install, nothing in it",
    lambda: packages.install("type: install\nname: Nothing", "client-none"),
    "a manifest without nodes, actions or texts is refused",
    "installs nothing",
)
report.refuses(
    "jps.install, no environment named",
    lambda: packages.install(MANIFEST),
    "a manifest with nodes needs envName",
    "[envName]",
)
report.refuses(
    "jps.install, update without an environment",
    lambda: packages.install(UPDATE),
    "an update needs envName",
    "[envName]",
)
report.refuses(
    "file.read, absent",
    lambda: files.read("client-one", "/etc/hostname", node_group="cp"),
    "a new node has no such file: 2002",
    "no such file",
)
report.passes("control.delete_env", lambda: control.delete_env("client-one"))
report.refuses(
    "control.delete_env, absent",
    lambda: control.delete_env("client-absent"),
    "the environment does not exist: 11",
    "not exist",
)
report.finish(control_url)
