//! The stored form of a password: argon2id with its costs, a salt and a hash, as a PHC string. It
//! computes nothing.

use crate::key::{NoRandomness, random_bytes};
use argon2::password_hash::phc::{self, Output, ParamsString, Salt};
use argon2::{ARGON2ID_IDENT, Params};
use domain::people::PasswordHash;
use domain::ports::PasswordHashError;

/// Version 1.3, the only one that is made or read.
const VERSION: u32 = 0x13;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// How much work a hash is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Costs {
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
}

impl Costs {
    /// The floor of the OWASP password storage cheat sheet: 19 MiB, two passes, one lane.
    pub(super) const PRESENT: Self = Self {
        memory_kib: 19 * 1024,
        passes: 2,
        lanes: 1,
    };
    /// No more is read from a stored form: a damaged row must not take the memory of the machine.
    const MOST: Self = Self {
        memory_kib: 256 * 1024,
        passes: 16,
        lanes: 4,
    };

    pub(super) fn as_params(self) -> Result<Params, PasswordHashError> {
        Params::new(self.memory_kib, self.passes, self.lanes, Some(HASH_BYTES))
            .map_err(|_| PasswordHashError::Failed)
    }

    fn is_within(self, most: Self) -> bool {
        self.memory_kib <= most.memory_kib && self.passes <= most.passes && self.lanes <= most.lanes
    }
}

/// What is stored.
pub(super) struct StoredForm {
    pub(super) costs: Costs,
    pub(super) salt: Salt,
    pub(super) hash: [u8; HASH_BYTES],
}

impl StoredForm {
    /// A new salt and room for the hash.
    pub(super) fn unhashed(costs: Costs) -> Result<Self, NoRandomness> {
        Ok(Self {
            costs,
            salt: new_salt()?,
            hash: [0; HASH_BYTES],
        })
    }

    /// A form that no password has: the hash is as random as the salt.
    pub(super) fn of_nobody(costs: Costs) -> Result<Self, NoRandomness> {
        Ok(Self {
            costs,
            salt: new_salt()?,
            hash: random_bytes()?,
        })
    }

    pub(super) fn render(&self) -> PasswordHash {
        let params = self.costs.as_params().ok();
        let params = params.and_then(|params| ParamsString::try_from(&params).ok());
        let form = phc::PasswordHash {
            algorithm: ARGON2ID_IDENT,
            version: Some(VERSION),
            params: params.expect("costs of this program are within the bounds of the algorithm"),
            salt: Some(self.salt),
            hash: Some(
                Output::new(&self.hash).expect("the hash has a length that the form allows"),
            ),
        };
        PasswordHash(form.to_string())
    }

    /// Reads what [`Self::render`] wrote, with these or other costs.
    pub(super) fn parse(stored: &PasswordHash) -> Result<Self, PasswordHashError> {
        let form = phc::PasswordHash::new(&stored.0).map_err(|_| PasswordHashError::Failed)?;
        let params = Params::try_from(&form).map_err(|_| PasswordHashError::Failed)?;
        let costs = Costs {
            memory_kib: params.m_cost(),
            passes: params.t_cost(),
            lanes: params.p_cost(),
        };
        let is_readable = form.algorithm == ARGON2ID_IDENT
            && form.version == Some(VERSION)
            && params.keyid().is_empty()
            && params.data().is_empty()
            && costs.is_within(Costs::MOST);
        match (is_readable, form.salt, form.hash) {
            (true, Some(salt), Some(hash)) => Ok(Self {
                costs,
                salt,
                hash: (hash.as_bytes().try_into()).map_err(|_| PasswordHashError::Failed)?,
            }),
            _ => Err(PasswordHashError::Failed),
        }
    }
}

fn new_salt() -> Result<Salt, NoRandomness> {
    let bytes = random_bytes::<SALT_BYTES>()?;
    Ok(Salt::new(&bytes).expect("the salt has a length that the form allows"))
}
