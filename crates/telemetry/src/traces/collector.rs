//! The HTTP client that speaks to the collector.

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::ExporterBuildError;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;

/// A collector answers with a few bytes.
const ANSWER_LENGTH_MAX: usize = 64 * 1024;

/// Why spans are not sent.
#[derive(Debug, thiserror::Error)]
pub enum TraceStartError {
    /// TLS cannot be set up.
    #[error("encrypted connections to the collector cannot be set up")]
    Encryption(#[source] rustls::Error),
    /// The exporter refuses its options.
    #[error("the exporter of spans cannot be built")]
    Exporter(#[source] ExporterBuildError),
}

/// Speaks to the collector; by TLS when its address begins with `https`, trusting what the machine trusts.
#[derive(Debug)]
pub(super) struct Collector {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    authorization: Option<HeaderValue>,
}

impl Collector {
    pub(super) fn new(authorization: Option<HeaderValue>) -> Result<Self, TraceStartError> {
        let mut trusted = RootCertStore::empty();
        trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(TraceStartError::Encryption)?
            .with_root_certificates(trusted)
            .with_no_client_auth();
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            authorization,
        })
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (mut head, body) = request.into_parts();
        if let Some(authorization) = &self.authorization {
            head.headers
                .insert(header::AUTHORIZATION, authorization.clone());
        }
        let request = Request::from_parts(head, Full::new(body));
        let (head, body) = self.client.request(request).await?.into_parts();
        let body = Limited::new(body, ANSWER_LENGTH_MAX).collect().await?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}
