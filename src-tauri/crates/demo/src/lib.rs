//! The demo account: AWS's wire protocols served from memory, in process or on loopback.
