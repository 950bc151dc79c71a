//! API tokens: scoped, expiring credentials of programs.

use crate::access::PermissionSet;
use crate::ids::{ApiTokenId, TeamId, UserId};
use crate::names::TokenLabel;
use crate::people::TokenHash;
use jiff::Timestamp;
use std::net::IpAddr;
use std::str::FromStr;

#[cfg(test)]
mod tests;

/// An API token of a team. It acts with the rights of its maker's role, narrowed by its scopes, and
/// dies with the membership of its maker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// The token.
    pub id: ApiTokenId,
    /// The team it acts for.
    pub team_id: TeamId,
    /// The member who made it.
    pub user_id: UserId,
    /// What people call it.
    pub label: TokenLabel,
    /// Its stored form.
    pub hash: TokenHash,
    /// What it may do.
    pub scopes: PermissionSet,
    /// From where it may be used; from everywhere when empty.
    pub allowed_networks: Vec<Network>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl ApiToken {
    /// Whether the token may still be used.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }

    /// Whether it may be used from the address.
    pub fn may_come_from(&self, client: IpAddr) -> bool {
        self.allowed_networks.is_empty()
            || self
                .allowed_networks
                .iter()
                .any(|network| network.contains(client))
    }
}

/// A range of addresses, such as `192.0.2.0/24` or `2001:db8::/32`; a lone address is a range of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// Why a text is no range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an address or a range such as 192.0.2.0/24, with no bits set behind the prefix")]
pub struct NetworkParseError;

impl Network {
    /// Whether the address is inside. An IPv4 address that came mapped into IPv6 counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                masked(network.to_bits().into(), self.prefix, 32)
                    == masked(address.to_bits().into(), self.prefix, 32)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                masked(network.to_bits(), self.prefix, 128)
                    == masked(address.to_bits(), self.prefix, 128)
            }
            _ => false,
        }
    }
}

/// The leading bits, the rest cleared.
fn masked(bits: u128, prefix: u8, width: u8) -> u128 {
    let dropped = u32::from(width - prefix);
    bits.checked_shr(dropped)
        .and_then(|kept| kept.checked_shl(dropped))
        .unwrap_or(0)
}

impl FromStr for Network {
    type Err = NetworkParseError;

    fn from_str(text: &str) -> Result<Self, NetworkParseError> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NetworkParseError)?;
        let (bits, width) = match address {
            IpAddr::V4(address) => (address.to_bits().into(), 32),
            IpAddr::V6(address) => (address.to_bits(), 128),
        };
        let prefix: u8 = match prefix {
            // `+1` and `01` parse as numbers, too, and mean a typing mistake.
            Some(text) if text.starts_with(['+', '0']) && text != "0" => {
                return Err(NetworkParseError);
            }
            Some(text) => text.parse().map_err(|_| NetworkParseError)?,
            None => width,
        };
        if prefix > width || masked(bits, prefix, width) != bits {
            return Err(NetworkParseError);
        }
        Ok(Self { address, prefix })
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.address, self.prefix)
    }
}
