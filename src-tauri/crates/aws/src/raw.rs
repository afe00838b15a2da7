//! What AWS really answered, kept beside what was made of it, without asking twice.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{Intercept, context::AfterDeserializationInterceptorContextRef, dyn_dispatch_hint},
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

/// One answer's body.
#[derive(Clone, PartialEq, Eq)]
pub struct RawAnswer {
    /// `apigateway:GetResources`.
    pub call: String,
    /// Page, deployment or the like, when there are several of one call.
    pub of: String,
    /// JSON, as it came.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for RawAnswer {
    /// Without the body: stage variables may hold secrets.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RawAnswer")
            .field("call", &self.call)
            .field("of", &self.of)
            .field("bytes", &self.body.len())
            .finish()
    }
}

/// Keeps the body of the last answer of the call that it is given to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Capture(Arc<Mutex<Vec<u8>>>);

impl Capture {
    pub(crate) fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[dyn_dispatch_hint]
impl Intercept for Capture {
    fn name(&self) -> &'static str {
        "Capture"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(bytes) = context.response().body().bytes() {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = bytes.to_vec();
        }
        Ok(())
    }
}
