//! What the account is, may and uses, and what the platform offers it.

use crate::wire::account::BilledAccount;
use crate::wire::offer::{RegionFields, RegionList, TagElement, TagFields, TemplateFields};
use crate::wire::quota::{QuotaList, QuotaValue};
use crate::wire::usage::UsageFields;
use domain::names::RegionName;
use domain::ports::{AccountStanding, Quota, Region, Stack, UsageSample};
use std::time::Duration;

#[cfg(test)]
mod tests;

/// How the account stands. A status that nobody explains says nothing.
pub(crate) fn standing(account: BilledAccount) -> AccountStanding {
    let status = account.status.unwrap_or_default().to_ascii_uppercase();
    AccountStanding {
        is_active: match status.as_str() {
            "1" | "ACTIVE" => Some(true),
            "2" | "3" | "4" | "INACTIVE" | "DESTROY" | "DELETED" => Some(false),
            _ => None,
        },
        kind: account.group_type,
    }
}

/// The quotas that have a name and a value.
pub(crate) fn quotas(list: QuotaList) -> Vec<Quota> {
    let quota = |entry: QuotaValue| {
        Some(Quota {
            name: entry.quota?.name?,
            value: entry.value?,
        })
    };
    list.array.into_iter().filter_map(quota).collect()
}

/// One stretch of time; one that lacks its length or a measurement cannot be spoken of. Traffic that is not
/// mentioned is none.
pub(crate) fn usage(fields: &UsageFields) -> Option<UsageSample> {
    let seconds = u64::try_from(fields.duration?).ok()?;
    Some(UsageSample {
        duration: Duration::from_secs(seconds),
        cpu: fields.cpu?,
        memory: fields.mem?,
        disk: fields.disk?,
        external_traffic_bytes: fields.external_in.unwrap_or(0.0)
            + fields.external_out.unwrap_or(0.0),
    })
}

/// What creations can name as their region: the groups of hardware of all regions. One that does not say
/// whether it is enabled counts as enabled: what the account may not use is not listed \[inferred\].
pub(crate) fn regions(list: RegionList) -> Vec<Region> {
    list.array.into_iter().flat_map(regions_of).collect()
}

fn regions_of(region: RegionFields) -> Vec<Region> {
    let (name, domain) = (region.display_name, region.domain);
    let hardware = region.hardware.into_iter();
    hardware
        .filter_map(|group| {
            Some(Region {
                name: RegionName::parse(group.unique_name.as_deref()?).ok()?,
                display_name: group.display_name.or_else(|| name.clone()),
                domain: domain.clone(),
                is_enabled: group.is_enabled.unwrap_or(true),
            })
        })
        .collect()
}

/// A stack; one without a type cannot be named, and one that is switched off or hidden is not on offer.
pub(crate) fn stack(template: TemplateFields) -> Option<Stack> {
    if template.enabled == Some(false) || template.published == Some(false) {
        return None;
    }
    let mut versions: Vec<(bool, String)> = template.tags.into_iter().filter_map(version).collect();
    // The default one comes first; the others keep their order.
    versions.sort_by_key(|(is_default, _)| !is_default);
    Some(Stack {
        stack: template.node_type?,
        display_name: template.name,
        node_group: template.node_mission,
        versions: versions.into_iter().map(|(_, name)| name).collect(),
    })
}

fn version(tag: TagElement) -> Option<(bool, String)> {
    match tag {
        TagElement::Name(name) => Some((false, name)),
        TagElement::Fields(TagFields { name, is_default }) => {
            Some((is_default == Some(true), name?))
        }
    }
}
