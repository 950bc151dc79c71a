//! The vault: master key → key of a team or a person → record key → secret. It knows the bytes of the
//! envelopes, and not where they are stored.
//!
//! A wrapped key is `version ‖ length of id ‖ id of the master key ‖ nonce ‖ ciphertext`; a sealed
//! secret is `version ‖ nonce ‖ wrapped record key ‖ nonce ‖ ciphertext`.

use crate::associated_data;
use crate::envelope::{self, OVERHEAD_BYTES};
use crate::key::{KEY_LENGTH_BYTES, Key};
use crate::key_ring::KeyRing;
use crate::live_key_ring::LiveKeyRing;
use domain::SecretText;
use domain::ports::{SealContext, SecretVault, VaultError};
use domain::sealed::{KeyOwner, SealedSecret, WrappedKey};
use std::sync::Arc;
use zeroize::Zeroize as _;

#[cfg(test)]
mod tests;

const VERSION: u8 = 1;
const WRAPPED_KEY_LENGTH_BYTES: usize = KEY_LENGTH_BYTES + OVERHEAD_BYTES;

/// Seals secrets under the keys of a ring.
pub struct EnvelopeVault {
    ring: Arc<LiveKeyRing>,
}

impl EnvelopeVault {
    /// A vault on the ring's master keys. New keys are wrapped under the active one; those wrapped
    /// under any other one still open.
    pub fn new(ring: Arc<LiveKeyRing>) -> Self {
        Self { ring }
    }

    fn unwrap(&self, wrapped: &WrappedKey, owner: KeyOwner) -> Result<Key, VaultError> {
        unwrap_under(&self.ring.current(), wrapped, owner)
    }
}

impl SecretVault for EnvelopeVault {
    fn new_key(&self, owner: KeyOwner) -> Result<WrappedKey, VaultError> {
        let key = Key::generate().map_err(|_| VaultError)?;
        wrap_under_active(&self.ring.current(), &key, owner)
    }

    fn seal(
        &self,
        key: &WrappedKey,
        context: &SealContext,
        secret: &SecretText,
    ) -> Result<SealedSecret, VaultError> {
        let owner_key = self.unwrap(key, context.owner)?;
        let record_key = Key::generate().map_err(|_| VaultError)?;
        let wrapped = envelope::encrypt(
            &owner_key,
            &associated_data::of_record_key(context),
            record_key.expose(),
        )?;
        let sealed = envelope::encrypt(
            &record_key,
            &associated_data::of_record(context),
            secret.expose().as_bytes(),
        )?;
        let mut bytes = Vec::with_capacity(1 + wrapped.len() + sealed.len());
        bytes.push(VERSION);
        bytes.extend_from_slice(&wrapped);
        bytes.extend_from_slice(&sealed);
        Ok(SealedSecret(bytes))
    }

    fn open(
        &self,
        key: &WrappedKey,
        context: &SealContext,
        sealed: &SealedSecret,
    ) -> Result<SecretText, VaultError> {
        let (wrapped, content) = parse_record(&sealed.0).ok_or(VaultError)?;
        let owner_key = self.unwrap(key, context.owner)?;
        let record_key_bytes = envelope::decrypt(
            &owner_key,
            &associated_data::of_record_key(context),
            wrapped,
        )?;
        let record_key = Key::from_slice(&record_key_bytes).ok_or(VaultError)?;
        let mut bytes =
            envelope::decrypt(&record_key, &associated_data::of_record(context), content)?;
        // The buffer moves into the text: no second copy of the secret is made.
        let text = String::from_utf8(std::mem::take(&mut *bytes)).map_err(|error| {
            error.into_bytes().zeroize();
            VaultError
        })?;
        Ok(SecretText::new(text))
    }

    fn rewrap(&self, key: &WrappedKey, owner: KeyOwner) -> Result<Option<WrappedKey>, VaultError> {
        // One ring for both halves: it may be exchanged in between.
        let ring = self.ring.current();
        let (master_key_id, _) = parse_wrapped_key(&key.0).ok_or(VaultError)?;
        if master_key_id == ring.active_master_key().0 {
            return Ok(None);
        }
        let opened = unwrap_under(&ring, key, owner)?;
        wrap_under_active(&ring, &opened, owner).map(Some)
    }

    fn active_master_key_id(&self) -> String {
        self.ring.current().active_master_key().0.to_owned()
    }
}

fn wrap_under_active(ring: &KeyRing, key: &Key, owner: KeyOwner) -> Result<WrappedKey, VaultError> {
    let (id, master_key) = ring.active_master_key();
    let bound_to = associated_data::of_owner_key(owner, id);
    let sealed = envelope::encrypt(master_key, &bound_to, key.expose())?;
    let id_length = u8::try_from(id.len()).map_err(|_| VaultError)?;
    let mut bytes = vec![VERSION, id_length];
    bytes.extend_from_slice(id.as_bytes());
    bytes.extend_from_slice(&sealed);
    Ok(WrappedKey(bytes))
}

fn unwrap_under(ring: &KeyRing, wrapped: &WrappedKey, owner: KeyOwner) -> Result<Key, VaultError> {
    let (master_key_id, sealed) = parse_wrapped_key(&wrapped.0).ok_or(VaultError)?;
    let master_key = ring.master_key(master_key_id).ok_or(VaultError)?;
    let bound_to = associated_data::of_owner_key(owner, master_key_id);
    let bytes = envelope::decrypt(master_key, &bound_to, sealed)?;
    Key::from_slice(&bytes).ok_or(VaultError)
}

/// The id of the master key, and what is sealed under it.
fn parse_wrapped_key(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let [VERSION, id_length, rest @ ..] = bytes else {
        return None;
    };
    let (id, sealed) = rest.split_at_checked(usize::from(*id_length))?;
    Some((std::str::from_utf8(id).ok()?, sealed))
}

/// The wrapped record key, and what is sealed under it.
fn parse_record(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let [VERSION, rest @ ..] = bytes else {
        return None;
    };
    rest.split_at_checked(WRAPPED_KEY_LENGTH_BYTES)
}
