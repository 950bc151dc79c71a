//! What each mail says. Words only: addresses, headers and ways belong to others.

use crate::letter::Links;
use domain::ports::MailMessage;
use zeroize::Zeroizing;

/// The name of a mail in the log: says what it is about, and nothing of it.
pub(crate) fn name_of(message: &MailMessage) -> &'static str {
    match message {
        MailMessage::VerifyAddress { .. } => "verify_address",
        MailMessage::AlreadyRegistered => "already_registered",
        MailMessage::ResetPassword { .. } => "reset_password",
        MailMessage::PasswordChanged => "password_changed",
        MailMessage::SecondFactorChanged { .. } => "second_factor_changed",
        MailMessage::RecoveryCodeUsed => "recovery_code_used",
        MailMessage::Invitation { .. } => "invitation",
        MailMessage::OwnershipOffered { .. } => "ownership_offered",
        MailMessage::OwnershipTransferred { .. } => "ownership_transferred",
    }
}

/// The subject.
pub(crate) fn subject_of(message: &MailMessage) -> String {
    match message {
        MailMessage::VerifyAddress { .. } => "Confirm your e-mail address".to_owned(),
        MailMessage::AlreadyRegistered => "You have an account already".to_owned(),
        MailMessage::ResetPassword { .. } => "Choose a new password".to_owned(),
        MailMessage::PasswordChanged => "Your password was changed".to_owned(),
        MailMessage::SecondFactorChanged { is_on: true } => {
            "Your second factor was turned on".to_owned()
        }
        MailMessage::SecondFactorChanged { is_on: false } => {
            "Your second factor was turned off".to_owned()
        }
        MailMessage::RecoveryCodeUsed => "A recovery code was used".to_owned(),
        MailMessage::Invitation { team, .. } => format!("Invitation to the team {team}"),
        MailMessage::OwnershipOffered { team, .. } => {
            format!("You are offered the ownership of the team {team}")
        }
        MailMessage::OwnershipTransferred { team, .. } => {
            format!("The team {team} has a new owner")
        }
    }
}

/// The text. Lines stay far below what mail servers carry; a link has a line of its own.
pub(crate) fn body_of(message: &MailMessage, links: &Links) -> Zeroizing<String> {
    let text = match message {
        MailMessage::VerifyAddress { name, token } => format!(
            "Hello {name},\n\nconfirm that this address is yours by opening this link within a day:\n\n\
             {}\n\n{}\n\nIf you did not register, ignore this mail: the account cannot be used.",
            links.to("verify-email", token),
            bare(token.expose()),
        ),
        MailMessage::AlreadyRegistered => format!(
            "Somebody, probably you, tried to register with this address. It has an account already: \
             sign in,\nor choose a new password, at\n\n{}\n\nIf it was not you, nothing has happened.",
            links.root(),
        ),
        MailMessage::ResetPassword { token } => format!(
            "Choose a new password by opening this link within half an hour:\n\n{}\n\n{}\n\nIf you did \
             not ask for it, ignore this mail: your password stays as it is.",
            links.to("reset-password", token),
            bare(token.expose()),
        ),
        MailMessage::PasswordChanged => alarm(
            "The password of your account was changed, and all other sessions were ended.",
            links,
        ),
        MailMessage::SecondFactorChanged { is_on: true } => alarm(
            "A second factor was turned on for your account: signing in takes a code of your app now.",
            links,
        ),
        MailMessage::SecondFactorChanged { is_on: false } => alarm(
            "The second factor of your account was turned off: the password alone is enough now.",
            links,
        ),
        MailMessage::RecoveryCodeUsed => alarm(
            "Somebody signed in to your account with one of its recovery codes, which is used up now.",
            links,
        ),
        MailMessage::Invitation {
            team,
            invited_by,
            role,
            token,
        } => format!(
            "{invited_by} invites you into the team {team}, with the role {role}.\n\nSign in or register \
             with this address, and accept by opening this link within a week:\n\n{}\n\n{}\n\nIf you do \
             not know them, ignore this mail: nothing happens.",
            links.to("accept-invitation", token),
            bare(token.expose()),
        ),
        MailMessage::OwnershipOffered { team, from } => format!(
            "{from} offers you the ownership of the team {team}. Whoever owns a team connects it to a \
             platform account of their own.\n\nSign in to accept or to decline, within a week:\n\n{}",
            links.root(),
        ),
        MailMessage::OwnershipTransferred { team, to } => alarm(
            &format!(
                "The team {team} belongs to {to} now. Its platform account was disconnected until {to} \
                 connects one."
            ),
            links,
        ),
    };
    Zeroizing::new(format!("{text}\n"))
}

/// For people whose only window is the API.
fn bare(token: &str) -> String {
    format!("The token alone, for the API:\n\n{token}")
}

fn alarm(what: &str, links: &Links) -> String {
    format!(
        "{what}\n\nIf that was not you, choose a new password at once, and tell those who run this \
         service:\n\n{}",
        links.root()
    )
}
