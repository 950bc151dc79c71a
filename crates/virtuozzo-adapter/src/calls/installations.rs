//! `marketplace/installation`.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::Form;
use domain::software::PlatformUniqueName;

/// Reads everything that is installed in the account's environments. The `search` parameter is not
/// used: its fields are not documented, and a filter that the platform reads differently would make
/// installations disappear from a baseline.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/marketplace.Installation-method-GetList>
/// (primary source; the elements' shape is inferred). A read; answers at once.
pub(crate) fn installations() -> Call {
    Call::new(Endpoint::InstallationGetList, Form::default())
}

/// Removes an installation.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/marketplace.Installation-method-Uninstall>
/// (primary source). A repetition changes nothing more \[inferred\]. Answers after minutes.
pub(crate) fn uninstall(unique_name: &PlatformUniqueName) -> Call {
    let form = Form::default().with("appUniqueName", unique_name.0.as_str());
    Call::new(Endpoint::InstallationUninstall, form)
}
