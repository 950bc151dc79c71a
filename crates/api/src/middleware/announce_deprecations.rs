//! Says of operations that will go away that they will, with every answer.

use crate::deprecations::Deprecation;
use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderName;
use axum::middleware::Next;
use axum::response::Response;

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");

pub(crate) async fn announce_deprecations(
    State(rows): State<&'static [Deprecation]>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let is_this = |row: &&Deprecation| {
        let path = route.as_ref().map(MatchedPath::as_str);
        row.method == *request.method() && Some(row.path) == path
    };
    let row = rows.iter().find(is_this);
    let mut response = next.run(request).await;
    if let Some(row) = row {
        let headers = response.headers_mut();
        headers.insert(DEPRECATION, row.since_header());
        headers.insert(SUNSET, row.sunset_header());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::announce_deprecations;
    use crate::deprecations::Deprecation;
    use axum::Router;
    use axum::body::Body;
    use axum::http::{HeaderMap, Method, Request};
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt as _;

    const ROWS: &[Deprecation] = &[Deprecation {
        method: Method::GET,
        path: "/v1/old/{id}",
        since: 1_800_000_000,
        sunset: 1_820_000_000,
    }];

    async fn headers_of(method: Method, path: &str) -> HeaderMap {
        let router = Router::new()
            .route("/v1/old/{id}", get(async || "old").post(async || "not"))
            .route("/v1/new/{id}", get(async || "new"))
            .layer(from_fn_with_state(ROWS, announce_deprecations));
        let request = Request::builder().method(method).uri(path);
        let request = request.body(Body::empty()).unwrap();
        router.oneshot(request).await.unwrap().headers().clone()
    }

    #[tokio::test]
    async fn only_what_will_go_away_says_so() {
        let old = headers_of(Method::GET, "/v1/old/7").await;
        assert_eq!(old["deprecation"], "@1800000000");
        assert_eq!(old["sunset"], "Fri, 03 Sep 2027 19:33:20 GMT");
        for (method, path) in [(Method::POST, "/v1/old/7"), (Method::GET, "/v1/new/7")] {
            let other = headers_of(method, path).await;
            assert!(!other.contains_key("deprecation"), "{path}");
            assert!(!other.contains_key("sunset"), "{path}");
        }
    }
}
