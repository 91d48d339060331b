//! The Lambda function `team`.

fn main() {}
