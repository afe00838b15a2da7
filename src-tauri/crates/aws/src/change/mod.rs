//! Changes: the live state of a target before and after, and the calls in between, each sent once.

mod keys;
mod observe;
mod send;

pub(crate) use observe::answer;
