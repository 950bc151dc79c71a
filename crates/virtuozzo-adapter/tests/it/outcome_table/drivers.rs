//! Every method of the ports, with the endpoint it calls and a good answer of that.

use crate::support::{account, attempt, package, password, platform_name, short_domain, spec};
use domain::SecretText;
use domain::names::DisplayName;
use domain::platform_account::PlatformCredential;
use domain::ports::{
    MutationOutcome, MutationTicket, NotSentReason, PlatformEnvironments, PlatformReadError,
    PlatformSignIn, PlatformSoftware, PlatformTracking, RefusalClass, SignInError,
};
use domain::software::{Addon, PlatformUniqueName};
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use virtuozzo_adapter::{Endpoint, PlatformConfiguration, VirtuozzoPlatforms, VirtuozzoSignIn};

/// The ports that the adapter implements, as they are written.
pub(super) const PORTS: &[&str] = &[include_str!(
    "../../../../domain/src/ports/hosting_platform/tracking.rs"
)];

/// What is tested.
pub(super) struct Subject {
    pub(super) platforms: VirtuozzoPlatforms,
    pub(super) sign_in: VirtuozzoSignIn,
}

/// What sort of call it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Changes nothing.
    Read,
    /// Changes something.
    Mutation,
    /// Runs a manifest, which may return messages.
    Installation,
    /// Deletes; what is gone already is deleted.
    Deletion,
    /// Presents a credential, or finds out what one may do.
    Credential,
}

impl Kind {
    pub(super) fn changes_something(self) -> bool {
        match self {
            Self::Read | Self::Credential => false,
            Self::Mutation | Self::Installation | Self::Deletion => true,
        }
    }
}

/// How a call ended, as far as the policy speaks about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    Done,
    Refused(i64, RefusalClass),
    SignInRefused(i64),
    NotSent,
    WindowClosed,
    InDoubt(Option<(i64, RefusalClass)>),
    Unavailable,
    Other,
}

impl<Value> From<MutationOutcome<Value>> for Seen {
    fn from(outcome: MutationOutcome<Value>) -> Self {
        match outcome {
            MutationOutcome::Done(_) => Self::Done,
            MutationOutcome::Refused(refusal) => Self::Refused(refusal.result, refusal.class),
            MutationOutcome::NotSent(NotSentReason::WindowClosed) => Self::WindowClosed,
            MutationOutcome::NotSent(NotSentReason::Unavailable(_)) => Self::NotSent,
            MutationOutcome::NotSent(_) => Self::Other,
            MutationOutcome::MaybeApplied { answer, .. } => {
                Self::InDoubt(answer.map(|answer| (answer.result, answer.class)))
            }
        }
    }
}

impl<Value> From<Result<Value, PlatformReadError>> for Seen {
    fn from(outcome: Result<Value, PlatformReadError>) -> Self {
        match outcome {
            Ok(_) => Self::Done,
            Err(PlatformReadError::Refused(refusal)) => {
                Self::Refused(refusal.result, refusal.class)
            }
            Err(PlatformReadError::Unavailable(_)) => Self::Unavailable,
            Err(_) => Self::Other,
        }
    }
}

impl<Value> From<Result<Value, SignInError>> for Seen {
    fn from(outcome: Result<Value, SignInError>) -> Self {
        match outcome {
            Ok(_) => Self::Done,
            Err(SignInError::Refused { result }) => Self::SignInRefused(result),
            Err(SignInError::Unavailable(_)) => Self::Unavailable,
            Err(_) => Self::Other,
        }
    }
}

/// One method and one endpoint that it calls.
#[derive(Clone, Copy)]
pub(super) struct Driver {
    pub(super) method: &'static str,
    pub(super) endpoint: Endpoint,
    pub(super) kind: Kind,
    /// The answer under which it is done.
    pub(super) good: &'static str,
    /// Codes that are an answer to what it asks.
    pub(super) answers: &'static [i64],
    /// What other endpoints answer that it calls first.
    pub(super) earlier: &'static [(Endpoint, &'static str)],
    pub(super) run: for<'a> fn(&'a Subject, MutationTicket) -> BoxFuture<'a, Seen>,
}

impl Driver {
    const fn answered_by(mut self, codes: &'static [i64]) -> Self {
        self.answers = codes;
        self
    }

    const fn after(mut self, earlier: &'static [(Endpoint, &'static str)]) -> Self {
        self.earlier = earlier;
        self
    }
}

macro_rules! driver {
    ($kind:ident $method:literal $endpoint:ident $good:literal, |$it:ident, $ticket:pat_param| $call:expr) => {
        Driver {
            method: $method,
            endpoint: Endpoint::$endpoint,
            kind: Kind::$kind,
            good: $good,
            answers: &[],
            earlier: &[],
            run: |$it, $ticket| async move { Seen::from($call.await) }.boxed(),
        }
    };
}

/// Maps what drivers name that configuration must know.
pub(super) fn map_everything(_: &mut PlatformConfiguration) {}

/// Every method under every endpoint that it calls.
pub(super) fn all() -> Vec<Driver> {
    [environments(), software(), tracking(), credentials()].concat()
}

fn display_name() -> DisplayName {
    DisplayName::parse("Shop").unwrap()
}

fn session_key() -> SecretText {
    SecretText::new("first-key".into())
}

fn access_token() -> PlatformCredential {
    PlatformCredential::AccessToken {
        token: session_key(),
    }
}

fn installed() -> PlatformUniqueName {
    PlatformUniqueName("an-installation".into())
}

fn environments() -> Vec<Driver> {
    vec![
        // What no source explains means that the name is taken.
        driver!(Read "is_short_domain_free" CheckDomain r#"{"result":0}"#,
            |it, _| it.platforms.is_short_domain_free(&account(), &short_domain(), None))
        .answered_by(&[2314, 2330, 424_242]),
        driver!(Read "observe_environment" GetEnvInfo
            r#"{"result":0,"env":{"envName":"shop-abc123","appid":"a1","status":1},"nodes":[]}"#,
            |it, _| it.platforms.observe_environment(&account(), &short_domain()))
        .answered_by(&[11, 901]),
        driver!(Read "list_environments" GetEnvs r#"{"result":0,"infos":[]}"#,
            |it, _| it.platforms.list_environments(&account())),
        driver!(Mutation "create_environment" CreateEnvironment
            r#"{"result":0,"response":{"result":0,"env":{"envName":"shop-abc123","appid":"a1"}}}"#,
            |it, ticket| it.platforms.create_environment(&account(), ticket, &spec(1))),
        driver!(Mutation "set_display_name" SetEnvDisplayName r#"{"result":0}"#,
            |it, ticket| it.platforms.set_display_name(&account(), ticket, &short_domain(), &display_name())),
        driver!(Deletion "delete_environment" DeleteEnv r#"{"result":0}"#,
            |it, ticket| it.platforms.delete_environment(&account(), ticket, &short_domain(), None)),
    ]
}

fn software() -> Vec<Driver> {
    vec![
        driver!(Read "list_installations" InstallationGetList r#"{"result":0,"response":{"apps":[]}}"#,
            |it, _| it.platforms.list_installations(&account(), &short_domain())),
        driver!(Read "is_addon_available" GetAddonList r#"{"result":0,"apps":[]}"#,
            |it, _| it.platforms.is_addon_available(&account(), &short_domain(), Addon::Sftp)),
        driver!(Installation "install_package" JpsInstall r#"{"result":0,"uniqueName":"an-installation"}"#,
            |it, ticket| it.platforms.install_package(&account(), ticket, &short_domain(), &package())),
        driver!(Installation "install_addon" InstallAddon r#"{"result":0,"uniqueName":"an-installation"}"#,
            |it, ticket| it.platforms.install_addon(&account(), ticket, &short_domain(), Addon::Sftp)),
        driver!(Installation "uninstall" InstallationUninstall r#"{"result":0}"#,
            |it, ticket| it.platforms.uninstall(&account(), ticket, &installed())),
    ]
}

fn tracking() -> Vec<Driver> {
    vec![
        driver!(Read "list_running_actions" GetCurrentActions r#"{"result":0,"array":[]}"#,
            |it, _| it.platforms.list_running_actions(&account())),
        driver!(Read "find_actions_of" SearchActions r#"{"result":0,"array":[]}"#,
            |it, _| it.platforms.find_actions_of(&account(), attempt(1), Timestamp::UNIX_EPOCH)),
    ]
}

fn credentials() -> Vec<Driver> {
    vec![
        driver!(Credential "sign_in" SignIn r#"{"result":0,"uid":4127,"session":"first-key"}"#,
            |it, _| it.sign_in.sign_in(&platform_name(), &password())),
        driver!(Credential "sign_in" GetUserInfo r#"{"result":0,"uid":4127}"#,
            |it, _| it.sign_in.sign_in(&platform_name(), &access_token())),
        // Not there, or wrong about it: the method is allowed. Permission: it is not, which is known then.
        driver!(Credential "deletion_confirmation" DeleteEnv r#"{"result":11}"#,
            |it, _| it.sign_in.deletion_confirmation(&platform_name(), &session_key(), true))
        .answered_by(&[3, 5, 8, 11, 801, 901, 5000, 8202]),
        driver!(Credential "deletion_confirmation" GetQuotas r#"{"result":0,"array":[]}"#,
            |it, _| it.sign_in.deletion_confirmation(&platform_name(), &session_key(), true))
        .after(&[(Endpoint::DeleteEnv, r#"{"result":11}"#)])
        .answered_by(&[8, 8202]),
    ]
}
