//! Signatures of messages, as Standard Webhooks asks for: HMAC-SHA-256 over id, time and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::SecretText;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

const SECRET_PREFIX: &str = "whsec_";
const VERSION: &str = "v1,";

/// One for each secret, with spaces in between. A secret that cannot be read signs nothing.
pub(super) fn signatures(secrets: &[SecretText], id: &str, seconds: i64, body: &str) -> String {
    let signed = format!("{id}.{seconds}.{body}");
    let all: Vec<_> = secrets
        .iter()
        .filter_map(|secret| signature(secret, &signed))
        .collect();
    all.join(" ")
}

fn signature(secret: &SecretText, signed: &str) -> Option<String> {
    let encoded = secret.expose().strip_prefix(SECRET_PREFIX)?;
    let key = Zeroizing::new(STANDARD.decode(encoded).ok()?);
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(signed.as_bytes());
    let mac = STANDARD.encode(mac.finalize().into_bytes());
    Some(format!("{VERSION}{mac}"))
}

#[cfg(test)]
mod tests {
    use super::signatures;
    use domain::SecretText;

    /// The figures are those of the specification's own example.
    #[test]
    fn a_message_is_signed_as_the_specification_has_it() {
        let secret = SecretText::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
        let body = "{\"test\": 2432232314}";
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        assert_eq!(
            signatures(&[secret], id, 1_614_265_330, body),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn each_secret_gives_a_signature_of_its_own() {
        let secrets =
            ["whsec_AAAA", "whsec_BBBB", "no secret"].map(|text| SecretText::new(text.to_owned()));
        let signed = signatures(&secrets, "evt_1", 1, "{}");
        let parts: Vec<_> = signed.split(' ').collect();
        assert_eq!(parts.len(), 2);
        assert!(parts.iter().all(|part| part.starts_with("v1,")));
        assert_ne!(parts[0], parts[1]);
    }
}
