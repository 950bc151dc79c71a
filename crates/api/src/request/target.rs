//! What every request has that becomes a job about an environment: the environment in its path, no
//! query, and the key under which it happens once.

use super::{EnvironmentPath, NoQuery, QueryOf, RequiredIdempotencyKey};
use crate::problem::Problem;
use crate::state::ApiState;
use application::EnvironmentTarget;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Required, Schema};

/// The environment of a request that becomes a job.
pub(crate) struct Target(pub(crate) EnvironmentTarget);

impl FromRequestParts<ApiState> for Target {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let path = EnvironmentPath::from_request_parts(parts, state).await?;
        QueryOf::<NoQuery>::from_request_parts(parts, state).await?;
        let key = RequiredIdempotencyKey::from_request_parts(parts, state).await?;
        Ok(Self(EnvironmentTarget {
            team_id: path.team_id,
            environment_id: path.environment_id,
            idempotency_key: key.0,
        }))
    }
}

impl IntoParams for Target {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let parameter = |name: &str, place, description: &str, schema: ObjectBuilder| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(place)
                .required(Required::True)
                .description(Some(description))
                .schema(Some(RefOr::T(Schema::Object(schema.build()))))
                .build()
        };
        vec![
            parameter("team_id", ParameterIn::Path, "The team.", text()),
            parameter(
                "environment_id",
                ParameterIn::Path,
                "The environment.",
                text(),
            ),
            parameter(
                "Idempotency-Key",
                ParameterIn::Header,
                "Unique for what is to happen once; a repeated request with the same key gives the \
                 same job.",
                text().max_length(Some(255)),
            ),
        ]
    }
}
