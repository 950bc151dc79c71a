//! Time-based one-time passwords (RFC 6238: HMAC-SHA-1, steps of 30 s, six digits). It knows no clock.

use crate::base32::APPS;
use crate::key::NoRandomness;
use domain::SecretText;
use domain::ports::{OneTimePasswords, VaultError};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha1::Sha1;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

#[cfg(test)]
mod tests;

/// What RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
const STEP_SECONDS: i64 = 30;
const DIGITS: usize = 6;
const MODULUS: u32 = 1_000_000;
/// Clocks of phones are wrong, and people are slow: the step before and the one after are good too.
const STEPS_BESIDE: i64 = 1;
/// What apps show above the account.
const ISSUER: &str = "Windlass";

/// Makes secrets for authenticator apps and checks their codes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Authenticator;

impl OneTimePasswords for Authenticator {
    fn new_secret(&self) -> Result<SecretText, VaultError> {
        let mut random = Zeroizing::new([0; SECRET_BYTES]);
        getrandom::fill(random.as_mut_slice())
            .map_err(|_| NoRandomness)
            .map_err(|_| VaultError)?;
        let mut text = APPS.encode(random.as_slice());
        Ok(SecretText::new(std::mem::take(&mut *text)))
    }

    fn matching_step(
        &self,
        secret: &SecretText,
        code: &str,
        now: Timestamp,
        after_step: i64,
    ) -> Option<i64> {
        let code = digits_of(code)?;
        let key = APPS.decode(secret.expose())?;
        let present = now.as_second().div_euclid(STEP_SECONDS);
        let mut matching = None;
        // All of them are computed, whichever is right.
        for step in present - STEPS_BESIDE..=present + STEPS_BESIDE {
            let expected = code_of(&key, step);
            if bool::from(expected.ct_eq(&code)) && step > after_step && matching.is_none() {
                matching = Some(step);
            }
        }
        matching
    }

    fn enrolment_uri(&self, secret: &SecretText, account: &str) -> SecretText {
        // Room for all of it from the start: growing would leave a copy behind.
        let mut uri = String::with_capacity(128 + account.len() * 3 + secret.expose().len());
        uri.push_str("otpauth://totp/");
        uri.push_str(ISSUER);
        uri.push(':');
        push_percent_encoded(&mut uri, account);
        uri.push_str("?secret=");
        uri.push_str(secret.expose());
        uri.push_str("&issuer=");
        uri.push_str(ISSUER);
        uri.push_str("&algorithm=SHA1&digits=6&period=30");
        SecretText::new(uri)
    }
}

/// Six digits; apps show them in two groups, so spaces do not matter.
fn digits_of(code: &str) -> Option<[u8; DIGITS]> {
    let mut digits = [0; DIGITS];
    let mut typed = code.bytes().filter(|byte| *byte != b' ');
    for place in &mut digits {
        *place = typed.next().filter(u8::is_ascii_digit)?;
    }
    typed.next().is_none().then_some(digits)
}

/// RFC 4226, section 5.3.
fn code_of(key: &[u8], step: i64) -> [u8; DIGITS] {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash[hash.len() - 1] & 0xF);
    let mut word = [0; 4];
    word.copy_from_slice(&hash[offset..offset + 4]);
    let mut rest = (u32::from_be_bytes(word) & 0x7FFF_FFFF) % MODULUS;
    let mut digits = [b'0'; DIGITS];
    for place in digits.iter_mut().rev() {
        *place += u8::try_from(rest % 10).expect("a digit fits");
        rest /= 10;
    }
    digits
}

fn push_percent_encoded(uri: &mut String, text: &str) {
    const HEXADECIMAL: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push('%');
            uri.push(char::from(HEXADECIMAL[usize::from(byte >> 4)]));
            uri.push(char::from(HEXADECIMAL[usize::from(byte & 0xF)]));
        }
    }
}
