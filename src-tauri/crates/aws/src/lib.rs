//! The only crate that names the AWS SDK: credentials, rate budget, collectors, writes, error mapping.
