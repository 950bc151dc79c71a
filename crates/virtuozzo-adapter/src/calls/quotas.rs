//! `billing/account`.

use super::Call;
use crate::endpoint::Endpoint;
use crate::form::{Form, Separator};

/// The quota that says how deletions are confirmed.
pub(crate) const DELETION_CONFIRMATION: &str = "environment.delete.confirm.type";

/// Reads the values of quotas. Names are joined with semicolons.
///
/// Documentation: <https://docs.jelastic.com/api/#!/api/billing.Account-method-GetQuotas>
/// (confirmed). A read; answers at once.
pub(crate) fn quotas(names: &[&str]) -> Call {
    let form = Form::default().with_list("quotasnames", names, Separator::Semicolon);
    Call::new(Endpoint::GetQuotas, form)
}
