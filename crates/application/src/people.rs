//! Use cases about people: registering, signing in and out, passwords, second factors, sessions. None
//! of them tells whether an address has an account to somebody who may not know.

mod accounts;
mod begin_second_factor;
mod change_password;
mod complete_password_reset;
mod confirm_second_factor;
mod end_session;
mod get_me;
mod list_sessions;
mod register;
mod remove_second_factor;
mod renew_recovery_codes;
mod request_password_reset;
mod resend_verification;
#[cfg(test)]
mod sample;
mod sign_in;
mod step_up;
mod verify_email;

pub use accounts::{Accounts, IssuedSession, PresentedFactor};
pub use begin_second_factor::{BeginSecondFactor, SecondFactorEnrolment};
pub use change_password::{ChangePassword, ChangePasswordCommand};
pub use complete_password_reset::{CompletePasswordReset, CompletePasswordResetCommand};
pub use confirm_second_factor::{ConfirmSecondFactor, ConfirmedSecondFactor};
pub use end_session::EndSession;
pub use get_me::{GetMe, PersonOverview};
pub use list_sessions::ListSessions;
pub use register::{BroughtAccount, RegisterCommand, RegisterPerson};
pub use remove_second_factor::RemoveSecondFactor;
pub use renew_recovery_codes::RenewRecoveryCodes;
pub use request_password_reset::RequestPasswordReset;
pub use resend_verification::ResendVerification;
pub use sign_in::{SignIn, SignInCommand};
pub use step_up::{StepUp, StepUpCommand};
pub use verify_email::VerifyEmail;
