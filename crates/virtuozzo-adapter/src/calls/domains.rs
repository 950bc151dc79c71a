//! `environment/binder`: names below the platform's domain, and those of visitors.

use super::Call;
use crate::codes::{self, CodeClass};
use crate::endpoint::Endpoint;
use crate::form::Form;
use domain::names::{ExternalDomain, RegionName, ShortDomain};

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

/// Reads the domains that are bound to an environment.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Binder-method-GetExtDomains>
/// (primary source; that it takes `envName` is inferred). A read; answers at once.
pub(crate) fn external_domains(short_domain: &ShortDomain) -> Call {
    Call::new(
        Endpoint::GetExtDomains,
        Form::default().with("envName", short_domain.as_str()),
    )
}

/// Asks whether nobody on the platform has bound a domain: 0 when it is free, 2330 when it is busy.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Binder-method-CheckExtDomain>
/// (confirmed). A read; answers at once.
pub(crate) fn check_external_domain(domain: &ExternalDomain) -> Call {
    Call::new(
        Endpoint::CheckExtDomain,
        Form::default().with("extdomain", domain.as_str()),
    )
}

/// Binds a domain to an environment; 2330 when anybody on the platform has it.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Binder-method-BindExtDomain>
/// (confirmed; what a repetition answers is unknown). Answers after seconds.
pub(crate) fn bind_external_domain(short_domain: &ShortDomain, domain: &ExternalDomain) -> Call {
    Call::new(Endpoint::BindExtDomain, bound(short_domain, domain))
}

/// Takes a domain off an environment; 2322 when it is not bound.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Binder-method-RemoveExtDomain>
/// (primary source). A repetition changes nothing more. Answers after seconds.
pub(crate) fn remove_external_domain(short_domain: &ShortDomain, domain: &ExternalDomain) -> Call {
    Call::new(Endpoint::RemoveExtDomain, bound(short_domain, domain))
}

fn bound(short_domain: &ShortDomain, domain: &ExternalDomain) -> Form {
    Form::default()
        .with("envName", short_domain.as_str())
        .with("extdomain", domain.as_str())
}
