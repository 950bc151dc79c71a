//! The form of identifiers and closed lists in the description. They are found by the name of the parameter or
//! field, which means the same everywhere; so a new operation has them without anybody thinking of it.

use domain::access::Permission;
use domain::finding::FindingKind;
use domain::ids::{
    ApiTokenId, EntityId, EnvironmentId, InvitationId, JobId, NodeId, RoleId, TeamId, UserId,
    UserSessionId, WebhookDeliveryId, WebhookId,
};
use domain::job::{JobKind, JobState};
use domain::software::{Addon, CacheFeature, CacheVerb};
use domain::team_event::TeamEventType;
use domain::webhook::WebhookDeliveryState;
use serde_json::{Map, Value, json};

/// What an idempotency key may be: printable ASCII, of which a header has no spaces at its ends.
const IDEMPOTENCY_KEY: &str = "^[!-~]([ -~]*[!-~])?$";

/// Adds the forms to every parameter and every field of a schema that has one.
pub(super) fn describe(document: &mut Value) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let items = paths.into_iter().flat_map(Map::values_mut);
    let operations = items
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut);
    for operation in operations {
        let id = text(operation, "operationId");
        let parameters = operation.get_mut("parameters");
        let parameters = parameters.and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            let name = text(parameter, "name");
            let schema = parameter.get_mut("schema");
            if let Some(schema) = schema.and_then(Value::as_object_mut) {
                describe_parameter(&id, &name, schema);
            }
        }
    }
    if let Some(schemas) = document.pointer_mut("/components/schemas") {
        describe_fields(schemas);
    }
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn describe_parameter(operation: &str, name: &str, schema: &mut Map<String, Value>) {
    if let Some(values) = filter_values(operation, name) {
        schema.insert("enum".to_owned(), json!(values));
    }
    match name {
        // Any number is lowered to what a page holds.
        "limit" => {
            schema.remove("format");
        }
        "Idempotency-Key" => {
            schema.insert("minLength".to_owned(), json!(1));
            schema.insert("maxLength".to_owned(), json!(255));
            schema.insert("pattern".to_owned(), json!(IDEMPOTENCY_KEY));
        }
        "addon" => {
            let values: Vec<_> = Addon::ALL.iter().map(|it| it.as_str()).collect();
            schema.insert("enum".to_owned(), json!(values));
        }
        "feature" => {
            let values = CacheFeature::ALL.map(CacheFeature::as_str);
            schema.insert("enum".to_owned(), json!(values));
        }
        "verb" => {
            let values = CacheVerb::ALL.map(CacheVerb::as_str);
            schema.insert("enum".to_owned(), json!(values));
        }
        name => add_pattern(name, schema),
    }
}

/// What a list can be filtered by.
fn filter_values(operation: &str, name: &str) -> Option<Vec<&'static str>> {
    Some(match (operation, name) {
        ("list_jobs", "state") => JobState::ALL.iter().map(|it| it.as_str()).collect(),
        ("list_jobs", "kind") => JobKind::ALL.iter().map(|it| it.as_str()).collect(),
        ("list_events", "type") => TeamEventType::ALL.iter().map(|it| it.as_str()).collect(),
        ("list_findings", "kind") => FindingKind::ALL.iter().map(|it| it.as_str()).collect(),
        ("list_findings", "state") => vec!["open", "closed"],
        ("list_webhook_deliveries", "state") => {
            let all = WebhookDeliveryState::ALL.iter();
            all.map(|it| it.as_str()).collect()
        }
        _ => return None,
    })
}

fn describe_fields(schema: &mut Value) {
    match schema {
        Value::Object(keywords) => {
            if let Some(Value::Object(fields)) = keywords.get_mut("properties") {
                for (name, field) in fields {
                    if let Value::Object(field) = field {
                        add_pattern(name, field);
                        add_permissions(name, field);
                    }
                }
            }
            keywords.values_mut().for_each(describe_fields);
        }
        Value::Array(schemas) => schemas.iter_mut().for_each(describe_fields),
        _ => {}
    }
}

/// Lists of permissions have one of two names.
fn add_permissions(name: &str, field: &mut Map<String, Value>) {
    let is_list = ["scopes", "permissions"].contains(&name);
    let items = field.get_mut("items").and_then(Value::as_object_mut);
    if let (true, Some(items)) = (is_list, items)
        && items.get("type") == Some(&json!("string"))
    {
        let slugs: Vec<_> = Permission::ALL.iter().map(|it| it.as_str()).collect();
        items.insert("enum".to_owned(), json!(slugs));
    }
}

fn add_pattern(name: &str, schema: &mut Map<String, Value>) {
    let is_text = match schema.get("type") {
        Some(Value::String(kind)) => kind == "string",
        Some(Value::Array(kinds)) => kinds.contains(&json!("string")),
        _ => false,
    };
    if let (true, Some(pattern)) = (is_text, pattern_of(name)) {
        schema.insert("pattern".to_owned(), pattern.into());
    }
}

fn pattern_of(name: &str) -> Option<String> {
    let prefix = match name {
        "team_id" => TeamId::PREFIX,
        "environment_id" | "source_environment_id" => EnvironmentId::PREFIX,
        "node_id" | "source_node_id" => NodeId::PREFIX,
        "job_id" => JobId::PREFIX,
        "user_id" => UserId::PREFIX,
        "role_id" => RoleId::PREFIX,
        "invitation_id" => InvitationId::PREFIX,
        "token_id" => ApiTokenId::PREFIX,
        "session_id" => UserSessionId::PREFIX,
        "webhook_id" => WebhookId::PREFIX,
        "delivery_id" => WebhookDeliveryId::PREFIX,
        _ => return None,
    };
    // A number of 128 bits in lower-case base32.
    Some(format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$"))
}
