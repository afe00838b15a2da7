//! Changes: the live state of a target before and after, and the calls in between, each sent once.

mod alarms;
mod keys;
mod observe;
mod send;
mod web_acl;

pub(crate) use observe::answer;
pub(crate) use web_acl::sdk_scope;
