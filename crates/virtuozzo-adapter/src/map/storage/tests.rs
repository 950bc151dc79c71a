use super::*;
use crate::wire;
use crate::wire::storage::MountPointList;

#[test]
fn shared_folders_are_read_whatever_they_lack() {
    let list: MountPointList = wire::read(
        br#"{"result":0,"array":[
            {"path":"/data","sourcePath":"/srv","sourceNodeId":"48211","readOnly":"true","protocol":"nfs4"},
            {"path":"/backup","sourceHost":"nfs.example.com","sourceNodeId":0},
            {"sourcePath":"/nameless"}]}"#,
    )
    .unwrap();
    let read: Vec<_> = list.array.into_iter().filter_map(mount_point).collect();
    let expected = [
        ObservedMountPoint {
            path: "/data".into(),
            source_node: Some(PlatformNodeId(48211)),
            source_path: Some("/srv".into()),
            is_read_only: Some(true),
        },
        ObservedMountPoint {
            path: "/backup".into(),
            source_node: None,
            source_path: None,
            is_read_only: None,
        },
    ];
    assert_eq!(read, expected);
}

#[test]
fn an_answer_without_a_list_proves_nothing() {
    assert!(wire::read::<MountPointList>(br#"{"result":0}"#).is_err());
    let empty: MountPointList = wire::read(br#"{"result":0,"array":null}"#).unwrap();
    assert!(empty.array.is_empty());
}
