//! The Lambda function `outbox`.

fn main() {}
