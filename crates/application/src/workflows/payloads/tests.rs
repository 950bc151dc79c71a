use super::{Baseline, InstallAddonPayload, Intent, ProvisionPayload, decode, encode, encode_own};
use crate::blueprint::Blueprint;
use crate::workflows::{ProofClass, UndoDescription, WorkflowCatalog};
use domain::error_code::ErrorCode;
use domain::job::{EncodedData, JobKind};
use domain::limits;
use domain::names::{BlueprintName, NodeGroup};
use domain::ports::{LayerSpec, PackageSpec};
use domain::software::Addon;
use std::collections::{BTreeMap, BTreeSet};

fn layer(node_group: &str, version: Option<&str>) -> LayerSpec {
    LayerSpec {
        node_group: NodeGroup::parse(node_group).unwrap(),
        stack: "nginxphp-dockerized".to_owned(),
        version: version.map(ToOwned::to_owned),
        count: 2,
        cloudlets_reserved: 1,
        cloudlets_limit: 8,
        disk_limit_gb: version.map(|_| 20),
    }
}

fn blueprint() -> Blueprint {
    Blueprint {
        name: BlueprintName::parse("wordpress").unwrap(),
        layers: vec![layer("cp", Some("1.26")), layer("sqldb", None)],
        package: Some(PackageSpec {
            source: "https://example.com/wordpress.jps".to_owned(),
            node_group: Some(NodeGroup::parse("cp").unwrap()),
            settings: BTreeMap::from([("locale".to_owned(), "de".to_owned())]),
        }),
    }
}

#[test]
fn a_provisioning_payload_gives_back_the_blueprint_as_it_was() {
    let addons = Addon::ALL.iter().copied().collect::<BTreeSet<_>>();
    let stored = encode(&ProvisionPayload::new(&blueprint(), &addons)).unwrap();
    let read: ProvisionPayload = decode(&stored).unwrap();
    assert_eq!(read.layers().unwrap(), blueprint().layers);
    assert_eq!(read.package().unwrap(), blueprint().package);
    assert_eq!(
        read.addons().unwrap(),
        addons.into_iter().collect::<Vec<_>>()
    );
}

#[test]
fn a_blueprint_without_package_stays_without() {
    let bare = Blueprint {
        package: None,
        ..blueprint()
    };
    let stored = encode(&ProvisionPayload::new(&bare, &BTreeSet::new())).unwrap();
    let read: ProvisionPayload = decode(&stored).unwrap();
    assert_eq!(read.package().unwrap(), None);
    assert_eq!(read.addons().unwrap(), []);
}

#[test]
fn names_that_this_version_does_not_know_are_unreadable_and_never_guessed() {
    let unknown = EncodedData(r#"{"addon":"ftp"}"#.to_owned());
    let read: InstallAddonPayload = decode(&unknown).unwrap();
    assert!(read.addon().is_err());
    let text = encode(&ProvisionPayload::new(&blueprint(), &BTreeSet::new())).unwrap();
    let broken = EncodedData(text.0.replace("\"cp\"", "\"no such group\""));
    let read: ProvisionPayload = decode(&broken).unwrap();
    assert!(read.layers().is_err());
    assert!(read.package().is_err());
    assert!(decode::<InstallAddonPayload>(&EncodedData("not json".to_owned())).is_err());
}

#[test]
fn a_payload_that_is_too_large_is_refused_before_it_is_written() {
    let largest = "x".repeat(limits::JOB_PAYLOAD_BYTES_MAX - 2);
    assert!(encode(&largest).is_ok(), "two quotes are part of it");
    let error = encode(&(largest + "x")).unwrap_err();
    assert_eq!(error.code(), ErrorCode::ValidationFailed);
}

#[test]
fn what_was_installed_before_survives_storage_and_its_absence_too() {
    for before in [None, Some(vec![]), Some(vec!["app-1".to_owned()])] {
        let intent = Intent {
            platform_uid: 7,
            credential_version: 2,
            baseline: Baseline {
                installed_before: before,
                seen_before: None,
            },
        };
        assert_eq!(decode::<Intent>(&encode_own(&intent)).unwrap(), intent);
    }
}

#[test]
fn every_kind_of_job_is_described_and_every_mutation_says_its_proof_and_its_undo() {
    let described = WorkflowCatalog::descriptions();
    let kinds: BTreeSet<JobKind> = described.iter().map(|workflow| workflow.kind).collect();
    assert_eq!(kinds, JobKind::ALL.iter().copied().collect());
    let find = |kind, name: &str| {
        let workflow = described.iter().find(|workflow| workflow.kind == kind);
        let steps = workflow.unwrap().steps.iter();
        steps
            .clone()
            .find(|step| step.name == name)
            .unwrap()
            .clone()
    };
    let create = find(JobKind::EnvironmentProvision, "create_environment");
    assert_eq!(create.proof, Some(ProofClass::Named));
    assert!(
        matches!(create.undo, UndoDescription::Written { .. }),
        "{:?}",
        create.undo
    );
    let addon = find(JobKind::EnvironmentProvision, "install_sftp");
    assert_eq!(addon.proof, Some(ProofClass::Observable));
    assert!(
        matches!(addon.undo, UndoDescription::Covered(_)),
        "{:?}",
        addon.undo
    );
    let alone = find(JobKind::AddonInstall, "install_sftp");
    assert!(
        matches!(alone.undo, UndoDescription::Written { .. }),
        "{:?}",
        alone.undo
    );
    let name = find(JobKind::EnvironmentProvision, "set_display_name");
    assert_eq!(name.proof, Some(ProofClass::DesiredState));
    let read = find(JobKind::AddonInstall, "record_projection");
    assert_eq!(read.proof, None);
}

#[test]
fn what_a_job_before_this_version_wrote_down_is_still_a_baseline() {
    let stored = EncodedData(
        r#"{"platform_uid":7,"credential_version":2,"installed_before":["app-1"]}"#.to_owned(),
    );
    let intent: Intent = decode(&stored).unwrap();
    assert_eq!(intent.baseline.installed_before.unwrap(), ["app-1"]);
    assert_eq!(intent.baseline.seen_before, None);
}
