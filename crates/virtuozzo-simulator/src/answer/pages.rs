//! HTML pages as the proxy in front of the platform writes them.
//!
//! It must not know when one is sent.

use http::StatusCode;

/// The page for a status. 502 has the title that release notes quote; 200 is no error page.
pub(super) fn page(status: StatusCode) -> String {
    if status == StatusCode::OK {
        return "<html><head><title>Please wait</title></head><body><p>Please wait.</p></body></html>\n"
            .to_owned();
    }
    let reason = match status {
        StatusCode::BAD_GATEWAY => "Proxy Error",
        StatusCode::GATEWAY_TIMEOUT => "Gateway Time-out",
        StatusCode::METHOD_NOT_ALLOWED => "Not Allowed",
        StatusCode::PAYLOAD_TOO_LARGE => "Request Entity Too Large",
        StatusCode::URI_TOO_LONG => "Request-URI Too Large",
        _ => status.canonical_reason().unwrap_or("Error"),
    };
    let title = format!("{} {reason}", status.as_u16());
    format!(
        "<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center>\
         <hr><center>openresty</center></body></html>\n"
    )
}
