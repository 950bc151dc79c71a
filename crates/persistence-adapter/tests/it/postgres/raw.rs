//! Connections past the adapter, to look behind it or to play somebody else.

use tokio::task::JoinSet;
use tokio_postgres::{Client, NoTls, Row};

/// A connection; its driver ends with it.
pub(crate) struct Raw {
    client: Client,
    _driver: JoinSet<()>,
}

impl Raw {
    pub(crate) async fn connect(url: &str) -> Self {
        let connected = tokio_postgres::connect(url, NoTls).await;
        let (client, connection) = connected.expect("the server answers");
        let mut driver = JoinSet::new();
        driver.spawn(async move {
            // Ends with an error when the server is stopped; the client notices by itself.
            drop(connection.await);
        });
        Self {
            client,
            _driver: driver,
        }
    }

    pub(crate) async fn execute(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        self.client.batch_execute(sql).await
    }

    pub(crate) async fn rows(&self, sql: &str) -> Vec<Row> {
        self.client
            .query(sql, &[])
            .await
            .expect("the query is valid")
    }

    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.rows(sql).await[0].get(0)
    }
}
