"""Drives the package py-jelastic through its public classes. It sends everything by GET."""

from jelastic import Jelastic
from report import Report, arguments

MANIFEST = "{type: update, name: Example, onInstall: {return: {result: 0, site: '${env.domain}'}}, success: '**Done**'}"

base_url, control_url, token = arguments()
report = Report("py-jelastic")
client = Jelastic(base_url, token)
control = client.environment.Control
binder = client.environment.Binder
files = client.environment.File
jps = client.marketplace.Jps
app = client.marketplace.App
nodes = [
    {"nodeType": "nginxphp-dockerized", "nodeGroup": "cp", "fixedCloudlets": 1, "flexibleCloudlets": 8},
    {"nodeType": "storage", "nodeGroup": "storage"},
]

report.passes("users.Account.GetUserInfo", client.users.Account.GetUserInfo, lambda it: it["uid"] == 4127)
report.refuses(
    "users.Authentication.Signin",
    lambda: client.users.Authentication.Signin("owner@example.com", "example-password"),
    "the client signs in by GET, which the platform refuses",
    "by GET",
)
report.passes("environment.Control.GetRegions", control.GetRegions, lambda it: len(it["array"]) == 2)
report.passes("environment.Control.GetTemplates", control.GetTemplates, lambda it: len(it["array"]) > 0)
report.passes("environment.Binder.CheckDomain", lambda: binder.CheckDomain("", "python-one"))
report.passes(
    "environment.Control.CreateEnvironment",
    lambda: control.CreateEnvironment({"shortdomain": "python-one"}, nodes, env_groups="clients/acme"),
    lambda it: it["response"]["result"] == 0,
)
report.refuses(
    "environment.Control.CreateEnvironment, a boolean in the list of nodes",
    lambda: control.CreateEnvironment({"shortdomain": "python-no"}, [{"nodeType": "docker", "extip": False}]),
    "the client writes Python's False into the list, which is not JSON: 3",
    "[nodes]",
)
report.refuses(
    "environment.Control.CreateEnvironment, a long list of nodes",
    lambda: control.CreateEnvironment({"shortdomain": "python-no"}, nodes * 20),
    "the client puts everything into the URL, which may have 2048 characters: 414",
    "414",
)
info = report.passes(
    "environment.Control.GetEnvInfo",
    lambda: control.GetEnvInfo("python-one"),
    lambda it: it["env"]["status"] == 1 and it["envGroups"] == ["clients/acme"],
)
node = info["nodes"][0]["id"]
storage = info["nodes"][1]["id"]
report.passes(
    "environment.Control.GetEnvInfo, lazy",
    lambda: control.GetEnvInfo("python-one", lazy=True),
    lambda it: "nodes" not in it,
)
report.passes("environment.Control.GetEnvs", control.GetEnvs, lambda it: len(it["infos"]) == 1)
report.passes("environment.Control.SetEnvDisplayName", lambda: control.SetEnvDisplayName("python-one", "One & only"))
report.passes("environment.Control.StopEnv", lambda: control.StopEnv("python-one"))
report.refuses(
    "environment.Control.StopEnv, stopped", lambda: control.StopEnv("python-one"), "the status does not allow it: 2212",
    "ENV_STATUS_TYPE_DOWN",
)
report.passes("environment.Control.StartEnv", lambda: control.StartEnv("python-one"))
report.passes("environment.Control.SleepEnv", lambda: control.SleepEnv("python-one"))
report.passes("environment.Control.StartEnv, asleep", lambda: control.StartEnv("python-one"))
report.refuses(
    "environment.Control.CloneEnv",
    lambda: control.CloneEnv("python-one", "python-two"),
    "the client says ditEnvName where the platform wants dstEnvName: 3",
    "[dstEnvName]",
)
report.refuses(
    "environment.Control.SetCloudletsCountById",
    lambda: control.SetCloudletsCountById("python-one", node, 16, 2),
    "the client leaves out count, which the documentation requires: 3",
    "[count]",
)
report.passes(
    "environment.Control.AddContainerEnvVars",
    lambda: control.AddContainerEnvVars("python-one", {"A": "1", "B": "2"}, node_group="cp"),
)
report.passes(
    "environment.Control.GetContainerEnvVars",
    lambda: control.GetContainerEnvVars("python-one", node),
    lambda it: it["object"]["A"] == "1",
)
report.passes(
    "environment.Control.SetContainerEnvVars", lambda: control.SetContainerEnvVars("python-one", node, {"C": "3"})
)
report.passes(
    "environment.Control.RemoveContainerEnvVars",
    lambda: control.RemoveContainerEnvVars("python-one", ["C"], node_group="cp"),
)
report.passes(
    "environment.Control.GetContainerEnvVarsByGroup",
    lambda: control.GetContainerEnvVarsByGroup("python-one", "cp"),
    lambda it: "C" not in it["object"],
)
report.passes(
    "environment.Control.RestartNodes", lambda: control.RestartNodes("python-one", node_group="cp", is_sequential=False)
)
report.passes("environment.Control.RestartServices", lambda: control.RestartServices("python-one", node_id=node))
report.passes(
    "environment.Control.RedeployContainers",
    lambda: control.RedeployContainers("python-one", "1.28", node_group="cp", use_existing_volumes=True),
)
report.passes("environment.Control.AttachEnvGroup", lambda: control.AttachEnvGroup("python-one", "shops"))
report.passes("environment.Control.DetachEnvGroup", lambda: control.DetachEnvGroup("python-one", "clients/acme"))
report.passes("environment.Control.SetEnvGroup", lambda: control.SetEnvGroup("python-one", "clients"))
report.passes(
    "environment.Control.GetEnvInfo, groups",
    lambda: control.GetEnvInfo("python-one"),
    lambda it: it["envGroups"] == ["clients"],
)
report.passes(
    "environment.Control.ResetNodePasswordById",
    lambda: control.ResetNodePasswordById("python-one", node, "example-password-2"),
)
report.passes("environment.Control.GetLogs", lambda: control.GetLogs("python-one", node))
report.passes(
    "environment.Control.ReadLog",
    lambda: control.ReadLog("python-one", node, "/var/log/run.log"),
    lambda it: "started" in it["body"],
)
report.passes("environment.Control.GetSumStat", lambda: control.GetSumStat("python-one", 3600), lambda it: "stats" in it)
report.passes("environment.Binder.BindExtDomain", lambda: binder.BindExtDomain("python-one", "www.example.com"))
report.passes("environment.Binder.GetExtDomains", lambda: binder.GetExtDomains("python-one"))
report.refuses(
    "environment.Binder.RemoveExtDomains",
    lambda: binder.RemoveExtDomains("python-one", ["www.example.com"]),
    "RemoveExtDomains is not simulated: 404; RemoveExtDomain is",
    "endpoint not found",
)
report.passes(
    "environment.File.AddMountPointByGroup",
    lambda: files.AddMountPointByGroup("python-one", "cp", "/data", "/exported", source_node_id=storage, read_only=True),
)
report.passes(
    "environment.File.GetMountPoints",
    lambda: files.GetMountPoints("python-one", node_group="cp"),
    lambda it: it["array"][0]["path"] == "/data",
)
report.passes(
    "environment.File.RemoveMountPointByGroup", lambda: files.RemoveMountPointByGroup("python-one", "/data", "cp")
)
report.passes(
    "marketplace.Jps.Install",
    lambda: jps.Install(MANIFEST, "python-one", settings={"title": "x"}, skip_node_emails=True),
    lambda it: it["successText"] == "<strong>Done</strong>" and it["response"]["site"] == "python-one.north.example-paas.test",
)
report.passes("marketplace.Jps.GetEngineVersion", jps.GetEngineVersion, lambda it: it["version"] == "8.10.1")
report.passes("marketplace.Jps.GetAppInfo", lambda: jps.GetAppInfo("example-wordpress"))
report.passes("marketplace.Jps.GetScriptingAppid", jps.GetScriptingAppid, lambda it: len(it["appid"]) == 32)
report.passes(
    "marketplace.App.InstallAddon",
    lambda: app.InstallAddon("python-one", "example-sftp-addon", {}, node_group="cp"),
    lambda it: it["response"]["result"] == 0,
)
addons = report.passes(
    "marketplace.App.GetAddonList",
    lambda: app.GetAddonList("python-one", node_group="cp"),
    lambda it: any(one["isInstalled"] for one in it["apps"]),
)
unique_name = next(one["uniqueName"] for one in addons["apps"] if one["isInstalled"])
report.passes("marketplace.Jps.Uninstall", lambda: jps.Uninstall(unique_name, force=True))
tracking = client.environment.Tracking
report.passes("environment.Tracking.GetCurrentActions", tracking.GetCurrentActions, lambda it: it["array"] == [])
report.passes("billing.Account.GetQuotas", client.billing.Account.GetQuotas, lambda it: len(it["array"]) == 2)
report.passes(
    "environment.Control.ExecCmdById, a Python list",
    lambda: control.ExecCmdById("python-one", node, [{"command": "echo", "params": "hello"}]),
    lambda it: it["responses"][0]["out"] == "hello\n",
)
report.passes(
    "environment.Control.ExecCmdByGroup",
    lambda: control.ExecCmdByGroup("python-one", "cp", [{"command": "echo hello > note", "params": ""}]),
)
report.passes(
    "environment.File.Read",
    lambda: files.Read("python-one", "/note", node_group="cp"),
    lambda it: it["body"] == "hello\n",
)
report.refuses(
    "environment.Group.CreateGroup",
    lambda: client.environment.Group.CreateGroup("python-one", ["clients"], {"color": "#123456"}),
    "groups of their own are not simulated: 404",
    "endpoint not found",
)
report.passes("environment.Control.DeleteEnv", lambda: control.DeleteEnv("python-one", "example-password"))
report.refuses(
    "environment.Control.GetEnvInfo, deleted",
    lambda: control.GetEnvInfo("python-one"),
    "the environment does not exist any more: 11",
    "not exist",
)
report.passes("users.Authentication.Signout", client.users.Authentication.Signout)
report.finish(control_url)
