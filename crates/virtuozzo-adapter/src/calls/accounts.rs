//! What the account is, may and uses, and what the platform offers it: `users/account`, `billing/account`
//! and some of `environment/control`.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::{Form, Separator};
use domain::names::ShortDomain;
use std::time::Duration;

/// The quota that says how deletions are confirmed.
pub(crate) const DELETION_CONFIRMATION: &str = "environment.delete.confirm.type";

/// Reads whose session it is; the way to check a personal access token.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/users.Account-method-GetUserInfo>
/// (confirmed). A read; answers at once.
pub(crate) fn user_info() -> Call {
    Call::new(Endpoint::GetUserInfo, Form::default())
}

/// Reads the account as it is billed.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/billing.Account-method-GetAccount> (confirmed).
/// A read; answers at once.
pub(crate) fn standing() -> Call {
    Call::new(Endpoint::GetAccount, Form::default())
}

/// Reads the values of quotas; all of them when no name is given. Names are joined with semicolons.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/billing.Account-method-GetQuotas>
/// (confirmed). A read; answers at once.
pub(crate) fn quotas(names: &[&str]) -> Call {
    let form = match names {
        [] => Form::default(),
        names => Form::default().with_list("quotasnames", names, Separator::Semicolon),
    };
    Call::new(Endpoint::GetQuotas, form)
}

/// Reads what an environment used in the time before now, in whole seconds.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-GetSumStat> (primary
/// source; units are not documented). A read; answers at once.
pub(crate) fn usage(short_domain: &ShortDomain, duration: Duration) -> Call {
    let form = Form::default()
        .with("envName", short_domain.as_str())
        .with_number("duration", duration.as_secs());
    Call::new(Endpoint::GetSumStat, form)
}

/// Reads the regions that the account sees.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-GetRegions>
/// (confirmed). A read; answers at once.
pub(crate) fn regions() -> Call {
    Call::new(Endpoint::GetRegions, Form::default())
}

/// Reads the stacks of every type that the platform offers.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/environment.Control-method-GetTemplates>
/// (primary source). A read; answers at once.
pub(crate) fn stacks() -> Call {
    Call::new(Endpoint::GetTemplates, Form::default().with("type", "ALL"))
}
