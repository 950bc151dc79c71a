//! What keeps watch: the life of the platform credential, the audit trail, and what was refused.

use application::audit::ListAuditEvents;
use application::platform_accounts::{
    ConnectPlatformAccount, CredentialRemoval, DisconnectPlatformAccount, VerifyPlatformAccount,
};
use application::refusals::RefusalRecorder;
use domain::ports::ReadModel;
use std::sync::Arc;

/// The use cases about custody and oversight.
#[derive(Clone)]
pub struct GovernanceUseCases {
    /// Tries the platform credential.
    pub verify_account: VerifyPlatformAccount,
    /// Takes the platform credential out of custody.
    pub disconnect_account: DisconnectPlatformAccount,
    /// Lists lines of the audit trail.
    pub list_audit_events: ListAuditEvents,
    /// Notes what authenticated callers were refused. Whoever starts the API runs
    /// [`crate::write_refusals`] with it, too.
    pub refusals: Arc<RefusalRecorder>,
}

impl GovernanceUseCases {
    /// What becomes of a connected account works on the ports that connect it.
    pub fn new(
        connect: &ConnectPlatformAccount,
        read_model: &Arc<dyn ReadModel>,
        refusals: Arc<RefusalRecorder>,
    ) -> Self {
        Self {
            verify_account: VerifyPlatformAccount {
                unit_of_work: Arc::clone(&connect.unit_of_work),
                sign_in: Arc::clone(&connect.sign_in),
                custody: connect.custody.clone(),
                ids: Arc::clone(&connect.ids),
                clock: Arc::clone(&connect.clock),
            },
            disconnect_account: DisconnectPlatformAccount {
                unit_of_work: Arc::clone(&connect.unit_of_work),
                removal: CredentialRemoval {
                    sign_in: Arc::clone(&connect.sign_in),
                    custody: connect.custody.clone(),
                    clock: Arc::clone(&connect.clock),
                },
                ids: Arc::clone(&connect.ids),
                clock: Arc::clone(&connect.clock),
            },
            list_audit_events: ListAuditEvents {
                read_model: Arc::clone(read_model),
            },
            refusals,
        }
    }
}
