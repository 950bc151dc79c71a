//! Starting and stopping in process.

use virtuozzo_simulator::{Simulator, SimulatorOptions, StartError};

use crate::client::{start_frozen, until_executing};

#[tokio::test]
async fn a_time_scale_that_is_no_factor_is_refused() {
    for time_scale in [-1.0, f64::NAN, f64::INFINITY] {
        let options = SimulatorOptions {
            time_scale,
            ..SimulatorOptions::default()
        };
        let error = Simulator::start(options).await.unwrap_err();
        assert!(
            matches!(error, StartError::TimeScale(_)),
            "{time_scale}: {error}"
        );
    }
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let first = Simulator::start(SimulatorOptions::default()).await.unwrap();
    let listen = first.base_url().replace("http://", "");
    let options = SimulatorOptions {
        listen: listen.clone(),
        ..SimulatorOptions::default()
    };
    let error = Simulator::start(options).await.unwrap_err();
    assert!(error.to_string().contains(&listen), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_ends_calls_whose_time_never_comes() {
    let (simulator, platform) = start_frozen().await;
    let creating = platform.in_background(
        "environment/control",
        "createenvironment",
        &[("env", r#"{"shortdomain":"shop-fr"}"#), ("nodes", "[]")],
    );
    until_executing(&simulator, "createenvironment").await;
    simulator.stop().await;
    assert!(
        creating.reply().await.is_err(),
        "the connection is closed without an answer"
    );
    assert!(
        platform
            .try_call("environment/control", "getenvs", &[])
            .await
            .is_err()
    );
}
