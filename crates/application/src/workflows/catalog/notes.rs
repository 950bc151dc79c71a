//! What the documentation says about a kind beside its steps. A new kind does not compile without it.

use domain::job::JobKind;

/// Sentences about the kind as a whole: whom the job is about, what else it leaves at its end. Empty when
/// the steps say it all.
pub(super) fn notes_on(kind: JobKind) -> &'static str {
    match kind {
        JobKind::EnvironmentProvision => {
            "Undone by deleting the environment. At its end the environment is `running`; or `failed`, with \
             its nodes and installations removed from our rows; or, with `needs_attention`, held. Node \
             passwords, which the platform tells in the answer to a creation only, are not kept yet."
        }
        JobKind::EnvironmentClone => {
            "The job is about the copy. Undone by deleting the copy. Ends like `environment.provision`."
        }
        JobKind::EnvironmentDelete => {
            "From its acceptance on the environment is `deleting` and takes no other job. At its end it is \
             `deleted`, with its nodes and installations removed from our rows; or, when nothing was \
             deleted, what it was before. The backup is made only when it was asked for; without it nothing \
             is deleted."
        }
        JobKind::EnvironmentStart | JobKind::EnvironmentStop | JobKind::EnvironmentSleep => {
            "No way back is written, although there would be one: nobody asked for it."
        }
        JobKind::EnvironmentRestart => "One step for each layer, or one for the node.",
        JobKind::EnvironmentRedeploy => "New node numbers are stored too.",
        JobKind::DisplayNameSet => {
            "At its end our row has the name, too. The environment keeps the name that the team calls it, and its \
             address."
        }
        JobKind::TopologyChange => "The nodes before are written down as the baseline.",
        JobKind::VariablesAdd | JobKind::VariablesReplace => {
            "Values are stored sealed under the job and opened for one call or one comparison only."
        }
        JobKind::AddonInstall | JobKind::MbadminInstall => "Undone by uninstalling.",
        JobKind::MbadminRun => {
            "Turning on, turning off and emptying are harmless to repeat: what is on stays on, what is off \
             stays off, what is empty stays empty. Configuring is not: what parameters do is known to the \
             package only."
        }
        JobKind::BackupCreate => {
            "Needs the add-on `backup` in the environment. Which backups there are, and how they are called, only \
             the add-on tells."
        }
        JobKind::BackupRestore => {
            "Needs the add-on `backup` in the environment. Never begun a second time on a guess: what was written \
             since the first would be lost."
        }
        JobKind::SearchReplaceCount | JobKind::SearchReplaceRun => {
            "All commands run on the master node of the application layer, each once. The counts are in the \
             job's log."
        }
        JobKind::PasswordReset => {
            "The password is stored sealed under the job. It cannot be read back; the same one set twice is \
             the same state, so it is asked for again when the answer was lost."
        }
        JobKind::TeamSync => {
            "Changes nothing on the platform, takes no turn and writes only what nobody works on and nobody \
             has changed since the look began. A team has one at a time. Those that come by themselves are \
             Windlass' own work and leave no line in the audit trail."
        }
        JobKind::CloudletsSet
        | JobKind::GroupAttach
        | JobKind::GroupDetach
        | JobKind::GroupSet
        | JobKind::MountAdd
        | JobKind::MountRemove
        | JobKind::DomainBind
        | JobKind::DomainUnbind
        | JobKind::VariablesRemove
        | JobKind::AddonUninstall
        | JobKind::ScriptRun => "",
    }
}
