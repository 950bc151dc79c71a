//! What the simulator does where no public source says what the platform does, beside the codes
//! and texts of [`crate::Invented`].
//!
//! It must not hold anything that has a source. `docs/simulator.md` shows the same table.

use serde::Serialize;

/// One choice that somebody had to make.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct InventedBehaviour {
    /// The method, the parameter or the part of an answer that it concerns; in markdown.
    pub place: &'static str,
    pub choice: &'static str,
}

const fn behaviour(place: &'static str, choice: &'static str) -> InventedBehaviour {
    InventedBehaviour { place, choice }
}

/// All of them, in the order of the guide.
pub const INVENTED_BEHAVIOURS: &[InventedBehaviour] = &[
    behaviour(
        "texts of errors",
        "our own words, except those that the reference quotes",
    ),
    behaviour(
        "`return` in words",
        "code 11039 with `type` as named, else `error`; a number as text is a number",
    ),
    behaviour("`successText` without `success`", "an empty text"),
    behaviour(
        "a manifest of type `install` without `nodes`, `onInstall`, `success` and `settings`",
        "refused",
    ),
    behaviour(
        "`getappinfo`",
        "`app_id`, `name`, `type` and the default `settings`; 99 with `--profile faithful`",
    ),
    behaviour(
        "`signin` with a second factor",
        "result 0, `authType` `TFA`, `requiredAuthCheck`, no session",
    ),
    behaviour(
        "`signout` with an access token",
        "result 0, the token lives on",
    ),
    behaviour("sessions", "never expire by themselves"),
    behaviour("405", "for verbs other than GET and POST"),
    behaviour(
        "414",
        "for a URL of more than 2048 characters (the limit is documented, its answer is not)",
    ),
    behaviour(
        "doubled and trailing slashes in a path",
        "ignored; a 404 page with `--profile faithful`",
    ),
    behaviour(
        "a repeated parameter",
        "the first value counts; where JSON is expected, all of them are an array",
    ),
    behaviour(
        "`createenvironment`",
        "passwords as `nodes[].password`; addresses, ids and `appid` from the seed; unknown node types go to `cp`",
    ),
    behaviour(
        "`deleteenv`",
        "status 13 while it is going on; 801 for a wrong confirmation",
    ),
    behaviour(
        "`setenvdisplayname`, `deleteenv`, groups, external domains",
        "accepted in statuses 1, 2, 4, 5 and 11; every other mutation of this table in 1 only",
    ),
    behaviour(
        "`cloneenv`",
        "the clone is there from the first moment, with status 6; groups, variables and mounts are copied, display name, domains and installations are not; passwords as `nodes[].password`; the tracking action names the source",
    ),
    behaviour(
        "`changetopology`",
        "nodes of the same layer and type stay, in their order; region and name cannot change; 11 outer, 2212 and quotas nested; passwords of new nodes only",
    ),
    behaviour("`sleepenv`", "traffic wakes nothing, `startenv` does"),
    behaviour(
        "restarts",
        "status 1 stays, any other mutation of that environment is 2212; without layer and node all nodes; a node that is down starts; `restartnodebyid` answers one element at the top level",
    ),
    behaviour(
        "`setcloudletscountbyid`",
        "`count` is read and has no effect; a ceiling below the reserved cloudlets is raised to them",
    ),
    behaviour(
        "parameters `nodeId` and `nodeGroup`",
        "`nodeId` wins; 3 when a method needs one and has none",
    ),
    behaviour(
        "variables",
        "`PATH` and those of the image's `env` from the start; a layer's are those of its first node",
    ),
    behaviour(
        "passwords",
        "made up when none is sent, and shown by no call",
    ),
    behaviour(
        "logs",
        "`run.log` and `commands.log` in `/var/log`, numbered lines; `linescount` counts the lines of `body`; `path` is a prefix",
    ),
    behaviour(
        "commands",
        "a list ends with its first failure; `exitStatus` is that of the last command that ran, 124 when its time was up, 128 and more after a signal; status 1 stays, any other mutation of that environment is 2212; `async` is ignored; container variables are not given to them",
    ),
    behaviour(
        "`environment/file/read`, `getlist`",
        "of a layer, its first node; `nodeType` is ignored",
    ),
    behaviour(
        "`gettemplates`, `getsumstat`",
        "four templates; consumption follows from the reserved cloudlets",
    ),
    behaviour(
        "mount points",
        "3 without `sourceNodeId` and `sourceHost`; a source that itself mounts from the target is 2032",
    ),
    behaviour(
        "external domains",
        "2330 also for the environment that has it already; taken from the first moment",
    ),
    behaviour(
        "quotas",
        "the four that count are enforced where environments and nodes are made or grow; a value that is no number limits nothing; nested where the method nests its refusals",
    ),
    behaviour(
        "numbers of tracking actions",
        "5 for `sleepenv`, 26 for topology and groups, 7 for all restarts, 19 for all passwords, 109 for all commands, 26 for scripts and actions, 84 and 86 for mounts",
    ),
    behaviour(
        "installing and uninstalling",
        "status 1 stays, any other mutation of that environment is 2212",
    ),
    behaviour(
        "2212",
        "outer for `installaddon` and `jps/install`, nested for `uninstall`",
    ),
    behaviour(
        "installing what is installed",
        "a second installation with a unique name of its own",
    ),
    behaviour("an add-on on a layer it does not fit", "nested 11022"),
    behaviour(
        "`installation/getlist`",
        "elements `{uniqueName, app_id, envName, nodeGroup, isInstalled, name}`; `search.envName` filters",
    ),
    behaviour(
        "`getaddonlist`",
        "one element per installation, with `uniqueName`; one without for an add-on that is not installed",
    ),
    behaviour(
        "tracking",
        "element members follow `getaction`; `env`, `startDate`, `endDate`, `result` and `resultCode`; `value` is looked for in `env`, `text` and `requestUniqueKey`; newest first unless `orderDirection` is `ASC`",
    ),
    behaviour(
        "`createtoken`, `deletetokens`",
        "a password is checked when it is sent; `apiList` with commas or as a JSON array; without it every method, whatever the template; `expiresAt` is `dd-mm-yyyy` in UTC; ids that are not there are ignored; no tracking action",
    ),
    behaviour("`getaccount`", "credit and debit 0, language `en`"),
    behaviour(
        "`eval`",
        "a stored script takes no time; the environment is that of `appid`, if there is one; the credential must permit the method that is named, else a nested 8202; its answer stands in `response` as a whole",
    ),
    behaviour(
        "`executeaction`",
        "refusals and a result that is not 0 are nested; status 1 only; `settingsId` and `lang` are ignored",
    ),
    behaviour("`getquotas`", "unknown names are left out"),
    behaviour("`lazy=true`", "no `nodes`, no `nodeGroups`"),
    behaviour("personal access tokens", "`service.*` and `*` as methods"),
];
