//! `environment/binder`.

use super::Call;
use crate::codes::{self, CodeClass};
use crate::endpoint::Endpoint;
use crate::form::Form;
use domain::names::{RegionName, ShortDomain};

/// Asks whether a short domain is free.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Binder-method-CheckDomain>
/// (primary source; the code for a taken name is unknown). A read; answers at once.
pub(crate) fn check_domain(short_domain: &ShortDomain, region: Option<&RegionName>) -> Call {
    let form = Form::default()
        .with("domain", short_domain.as_str())
        .with_some("region", region.map(RegionName::as_str));
    Call::new(Endpoint::CheckDomain, form)
}

/// Whether a refusal of [`check_domain`] is about the name and not about the request \[inferred\]:
/// every code that means something else by any public source is not.
pub(crate) fn means_taken(code: i64) -> bool {
    matches!(
        codes::class(code),
        CodeClass::Other | CodeClass::Topology | CodeClass::DomainBusy
    )
}
