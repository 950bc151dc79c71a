//! The configuration of tests: the simulator's example world, everything quick.

/// The file; `{platform_url}` is where the simulator is.
const CONFIGURATION: &str = r#"
[http]
listen = "127.0.0.1:0"

[limits]
address = 1000000000
credential = 1000000000
team = 1000000000
jobs = 1000000000
platform_reads = 1000000000

[webhooks]
allow_private = true

[metrics]
listen = "127.0.0.1:0"

[log]
format = "json"
filter = "info"

[accounts]
second_factor_for_owners = false

[jobs]
poll_interval = "50ms"
absence_window = "300ms"
absence_misses = 3
answer_within_short = "2s"
answer_within_long = "4s"
patience = "30s"
reauthentication_poll = "200ms"

[sync]
interval = "off"
confirmed_after = "300ms"

[[platforms]]
name = "simulator"
base_url = "{platform_url}"

[platforms.addons.sftp]
app_id = "example-sftp-addon"
node_group = "cp"

[platforms.addons.lets_encrypt]
app_id = "example-lets-encrypt-addon"
node_group = "cp"

[platforms.addons.backup]
app_id = "example-backup-addon"
node_group = "cp"

[platforms.addons.backup.actions]
create = { action = "exampleBackup" }
restore = { action = "exampleRestore", parameters = { snapshot = "exampleSnapshot" } }

[platforms.mbadmin]
source = "example-mbadmin"
node_group = "cp"

[platforms.mbadmin.actions."redis.flush"]
action = "exampleFlush"

[platforms.mbadmin.actions."redis.configure"]
action = "exampleConfigure"
parameters = { ttl = "exampleTtl" }

[platforms.scripts]
warm-up = "example-warm-up"

[[blueprints]]
name = "wordpress"

[[blueprints.layers]]
node_group = "cp"
stack = "nginxphp"
cloudlets_reserved = 1
cloudlets_limit = 8

[[blueprints.layers]]
node_group = "sqldb"
stack = "mariadb-dockerized"
cloudlets_reserved = 1
cloudlets_limit = 8

[blueprints.package]
source = "https://packages.example.com/wordpress/manifest.yaml"
node_group = "cp"

[[blueprints]]
name = "empty"

[[blueprints.layers]]
node_group = "cp"
stack = "nginxphp"
cloudlets_reserved = 1
cloudlets_limit = 8

[[blueprints]]
name = "two-layers"

[[blueprints.layers]]
node_group = "cp"
stack = "nginxphp"
cloudlets_reserved = 1
cloudlets_limit = 8

[[blueprints.layers]]
node_group = "sqldb"
stack = "mariadb-dockerized"
cloudlets_reserved = 1
cloudlets_limit = 8
"#;

/// The file for a simulator at that address.
pub(crate) fn configuration_for(platform_url: &str) -> String {
    CONFIGURATION.replace("{platform_url}", platform_url)
}
