//! The Lambda function `workspace`.

fn main() {}
