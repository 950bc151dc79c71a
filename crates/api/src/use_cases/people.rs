//! The use cases about accounts of people. All are built of the same few things.

use application::AccountPolicy;
use application::people::{
    Accounts, BeginSecondFactor, ChangePassword, CompletePasswordReset, ConfirmSecondFactor,
    EndSession, GetMe, ListSessions, RegisterPerson, RemoveSecondFactor, RenewRecoveryCodes,
    RequestPasswordReset, ResendVerification, SignIn, StepUp, VerifyEmail,
};
use application::platform_accounts::ConnectPlatformAccount;
use domain::ports::ReadModel;
use std::sync::Arc;

/// Accounts of people.
#[derive(Clone)]
pub struct PeopleUseCases {
    /// Registers people.
    pub register: RegisterPerson,
    /// Proves addresses.
    pub verify_email: VerifyEmail,
    /// Mails the link that proves an address again.
    pub resend_verification: ResendVerification,
    /// Signs people in.
    pub sign_in: SignIn,
    /// Takes a new proof of who somebody is.
    pub step_up: StepUp,
    /// Ends sessions.
    pub end_session: EndSession,
    /// Lists sessions.
    pub list_sessions: ListSessions,
    /// Mails links to choose a new password.
    pub request_password_reset: RequestPasswordReset,
    /// Sets new passwords by link.
    pub complete_password_reset: CompletePasswordReset,
    /// Changes passwords.
    pub change_password: ChangePassword,
    /// Shows who the caller is.
    pub get_me: GetMe,
    /// Begins to set up second factors.
    pub begin_second_factor: BeginSecondFactor,
    /// Confirms second factors.
    pub confirm_second_factor: ConfirmSecondFactor,
    /// Removes second factors.
    pub remove_second_factor: RemoveSecondFactor,
    /// Renews recovery codes.
    pub renew_recovery_codes: RenewRecoveryCodes,
}

impl PeopleUseCases {
    /// Builds them. Accounts of a platform are connected as teams do it.
    pub fn new(
        accounts: &Accounts,
        connect: &ConnectPlatformAccount,
        read_model: &Arc<dyn ReadModel>,
        policy: AccountPolicy,
    ) -> Self {
        let shared = || accounts.clone();
        let resend_verification = ResendVerification { accounts: shared() };
        Self {
            register: RegisterPerson {
                accounts: shared(),
                connect: connect.clone(),
                policy,
            },
            verify_email: VerifyEmail { accounts: shared() },
            sign_in: SignIn {
                accounts: shared(),
                resend: resend_verification.clone(),
            },
            resend_verification,
            step_up: StepUp { accounts: shared() },
            end_session: EndSession { accounts: shared() },
            list_sessions: ListSessions {
                read_model: Arc::clone(read_model),
            },
            request_password_reset: RequestPasswordReset { accounts: shared() },
            complete_password_reset: CompletePasswordReset { accounts: shared() },
            change_password: ChangePassword { accounts: shared() },
            get_me: GetMe {
                read_model: Arc::clone(read_model),
            },
            begin_second_factor: BeginSecondFactor { accounts: shared() },
            confirm_second_factor: ConfirmSecondFactor { accounts: shared() },
            remove_second_factor: RemoveSecondFactor {
                accounts: shared(),
                read_model: Arc::clone(read_model),
                policy,
            },
            renew_recovery_codes: RenewRecoveryCodes { accounts: shared() },
        }
    }
}
