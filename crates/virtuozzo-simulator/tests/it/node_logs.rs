//! Log files of nodes.

use serde_json::{Value, json};

use crate::client::{Platform, shop, start_with, world_with};

const STORED: &str = "[[logs]]\nnode_group = \"cp\"\npath = \"/var/log/nginx/error.log\"\n\
                      text = \"première\\nseconde\\n\"\n";

async fn read(platform: &Platform, id: &str, more: &[(&str, &str)]) -> Value {
    let form = [&[("envName", "shop-fr"), ("nodeId", id)], more].concat();
    platform.control("readlog", &form).await
}

#[tokio::test]
async fn logs_are_listed_as_a_tree_and_read_by_characters() {
    let (_simulator, platform) = start_with(world_with(&format!("{STORED}{}", shop(1))), 0.0).await;
    let ids = platform.node_ids("shop-fr").await;
    let form = [("envName", "shop-fr"), ("nodeId", ids[0].as_str())];
    let tree = platform.control("getlogs", &form).await;
    let paths: Vec<_> = tree["keywords"]["logs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["absolutePath"].as_str().unwrap())
        .collect();
    let expected = [
        "/var/log/run.log",
        "/var/log/commands.log",
        "/var/log/nginx/error.log",
    ];
    assert_eq!(paths, expected);
    assert_eq!(tree["keywords"]["logs"][2]["name"], "error.log");
    let list = platform.control("getlogslist", &form).await;
    assert_eq!(list["groups"]["logs"].as_array().unwrap().len(), 3);
    let other = platform
        .control("getlogs", &[form[0], ("nodeId", &ids[1])])
        .await;
    assert_eq!(
        other["keywords"]["logs"].as_array().unwrap().len(),
        2,
        "another layer"
    );

    let path = ("path", "/var/log/nginx/error.log");
    let whole = read(&platform, &ids[0], &[path]).await;
    assert_eq!(
        (&whole["body"], &whole["linescount"]),
        (&json!("première\nseconde\n"), &json!(2))
    );
    let part = read(&platform, &ids[0], &[path, ("from", "3"), ("count", "6")]).await;
    assert_eq!(part["body"], "mière\n", "characters, not bytes");
    let beyond = read(&platform, &ids[0], &[path, ("from", "900")]).await;
    assert_eq!(beyond["body"], "");
    let absent = read(&platform, &ids[0], &[("path", "/var/log/none.log")]).await;
    assert_eq!(absent["result"], 2002);
    assert_eq!(read(&platform, "1", &[path]).await["result"], 5);
}

#[tokio::test]
async fn restarts_leave_a_line() {
    let (_simulator, platform) = start_with(world_with(&shop(1)), 0.0).await;
    let ids = platform.node_ids("shop-fr").await;
    let layer = [("envName", "shop-fr"), ("nodeGroup", "cp")];
    platform.control("restartservices", &layer).await;
    platform.control("restartnodes", &layer).await;
    let path = ("path", "/var/log/run.log");
    let body = read(&platform, &ids[0], &[path]).await["body"].clone();
    assert_eq!(body, "1 started\n2 services restarted\n3 restarted\n");
    let untouched = read(&platform, &ids[1], &[path]).await["body"].clone();
    assert_eq!(untouched, "1 started\n");
}
