use super::Power;
use crate::sample::id;
use crate::workflows::scene::{Scene, created_by};
use crate::workflows::step::{MutationStep, NotDone};
use crate::workflows::steps::{DesiredState, Reach};
use domain::environment::ObservedState;
use domain::error_code::ErrorCode;
use domain::job::WaitReason;
use domain::ports::{MutationOutcome, ObservedEnvironment};

fn in_state(state: ObservedState) -> Scene {
    Scene::default().observing(Some(ObservedEnvironment {
        state,
        ..created_by(id(11))
    }))
}

async fn begin(power: Power, state: ObservedState) -> Result<(), Option<ErrorCode>> {
    let scene = in_state(state);
    match Reach(power).baseline(&scene.context()).await {
        Ok(_) => Ok(()),
        Err(NotDone::Failed(failure)) => Err(Some(failure.code)),
        Err(NotDone::Later { reason, .. }) => {
            assert_eq!(reason, WaitReason::PlatformWork);
            Err(None)
        }
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_the_platform_would_refuse_for_good_is_not_waited_for() {
    use ObservedState::{Broken, Changing, Running, Sleeping, Stopped};
    let stands = Err(Some(ErrorCode::EnvironmentNotRunning));
    let broken = Err(Some(ErrorCode::EnvironmentBroken));
    for (power, state, expected) in [
        (Power::Running, Running, Ok(())),
        (Power::Running, Stopped, Ok(())),
        (Power::Running, Sleeping, Ok(())),
        (Power::Running, Broken, broken),
        (Power::Running, Changing, Err(None)),
        (Power::Stopped, Running, Ok(())),
        (Power::Stopped, Stopped, Ok(())),
        (Power::Stopped, Sleeping, stands),
        (Power::Stopped, Broken, broken),
        (Power::Sleeping, Sleeping, Ok(())),
        (Power::Sleeping, Stopped, stands),
    ] {
        assert_eq!(begin(power, state).await, expected, "{power:?} {state:?}");
    }
}

#[tokio::test]
async fn each_state_is_asked_for_by_its_own_call() {
    let mut scene = Scene::default();
    let platform = &mut scene.platform.life_cycle;
    platform
        .expect_start_environment()
        .times(1)
        .returning(|_, _, _| MutationOutcome::Done(()));
    platform
        .expect_stop_environment()
        .times(1)
        .returning(|_, _, _| MutationOutcome::Done(()));
    platform
        .expect_put_environment_to_sleep()
        .times(1)
        .returning(|_, _, _| MutationOutcome::Done(()));
    for power in [Power::Running, Power::Stopped, Power::Sleeping] {
        let outcome = power.ask(&scene.context(), scene.ticket(id(11))).await;
        assert_eq!(outcome, Ok(MutationOutcome::Done(())));
    }
}
