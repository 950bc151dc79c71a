//! Which layer a node type belongs to when the client names none.
//!
//! It must not refuse unknown types: a platform has many more than any list.

const LAYERS: [(&str, &[&str]); 6] = [
    (
        "bl",
        &[
            "nginx-dockerized",
            "varnish",
            "haproxy",
            "apache-lb",
            "apache-balancer",
            "litespeedadc",
        ],
    ),
    (
        "sqldb",
        &[
            "mysql",
            "mariadb",
            "percona",
            "postgres",
            "couchbase",
            "proxysql",
            "pgpool",
        ],
    ),
    ("nosqldb", &["mongodb", "opensearch"]),
    ("cache", &["memcached", "redis"]),
    ("storage", &["storage"]),
    ("build", &["maven"]),
];

pub(super) fn implied_by(node_type: &str) -> &'static str {
    if node_type == "docker" || node_type == "nginx" {
        return if node_type == "docker" {
            "docker"
        } else {
            "bl"
        };
    }
    if node_type.ends_with("-vps") || node_type.starts_with("windows") {
        return "vds";
    }
    let found = LAYERS
        .iter()
        .find(|(_, prefixes)| prefixes.iter().any(|prefix| node_type.starts_with(prefix)));
    found.map_or("cp", |(layer, _)| layer)
}
