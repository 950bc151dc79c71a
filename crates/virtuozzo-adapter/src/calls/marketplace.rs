//! `marketplace/jps` and `marketplace/app`.

use super::Call;
use crate::configuration::AddonMapping;
use crate::endpoint::Endpoint;
use crate::form::Form;
use domain::names::ShortDomain;
use domain::ports::PackageSpec;
use std::collections::BTreeMap;

/// Installs a package from its manifest into an environment.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/marketplace.Jps-method-Install> (confirmed).
/// Not idempotent: a second call may install it twice. Answers when the manifest has run, after
/// minutes; a code other than 0 may be a message of the manifest.
pub(crate) fn install_package(short_domain: &ShortDomain, package: &PackageSpec) -> Call {
    let form = Form::default()
        .with("jps", package.source.as_str())
        .with("envName", short_domain.as_str())
        .with_some(
            "nodeGroup",
            package
                .node_group
                .as_ref()
                .map(domain::names::NodeGroup::as_str),
        )
        .with("skipNodeEmails", "true");
    Call::new(Endpoint::JpsInstall, with_settings(form, &package.settings))
}

/// Installs an add-on by its marketplace id.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/marketplace.App-method-InstallAddon>
/// (confirmed). Not idempotent: a second call may install it twice. Answers after minutes.
pub(crate) fn install_addon(short_domain: &ShortDomain, addon: &AddonMapping) -> Call {
    let form = Form::default()
        .with("id", addon.app_id.as_str())
        .with("envName", short_domain.as_str())
        .with_some("nodeGroup", addon.node_group.as_deref())
        .with("skipEmail", "true");
    Call::new(Endpoint::InstallAddon, with_settings(form, &addon.settings))
}

/// Reads which add-ons the platform offers for an environment.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/marketplace.App-method-GetAddonList>
/// (confirmed). A read; answers at once.
pub(crate) fn addon_list(short_domain: &ShortDomain, node_group: Option<&str>) -> Call {
    let form = Form::default()
        .with("envName", short_domain.as_str())
        .with_some("nodeGroup", node_group);
    Call::new(Endpoint::GetAddonList, form)
}

fn with_settings(form: Form, settings: &BTreeMap<String, String>) -> Form {
    if settings.is_empty() {
        form
    } else {
        form.with_json("settings", settings)
    }
}
