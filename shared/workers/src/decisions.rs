//! Changes that lose to concurrent ones and are decided again.

/// Attempts of most changes.
pub const MAX_DECISIONS: usize = 5;

/// Attempts of changes of integrations, each of which may create a secret.
pub const MAX_INTEGRATION_DECISIONS: usize = 3;

/// Attempts of changes of counters. Each lost attempt means that another caller made progress.
pub const MAX_COUNTER_DECISIONS: usize = 24;

/// Calls `decide`, which reads, decides and commits, until its result is not an error that `is_lost`: that a concurrent
/// change came first.
///
/// # Errors
/// The error of `decide`, or `exhausted` if `attempts` calls have lost.
pub async fn decide_again<T, E, F: Future<Output = Result<T, E>>>(
    attempts: usize,
    is_lost: impl Fn(&E) -> bool,
    exhausted: impl Into<E>,
    mut decide: impl FnMut() -> F,
) -> Result<T, E> {
    for _ in 0..attempts {
        match decide().await {
            Err(error) if is_lost(&error) => {}
            decided => return decided,
        }
    }
    Err(exhausted.into())
}

#[cfg(test)]
mod tests {
    use super::decide_again;
    use std::future::ready;

    type Answer = Result<u8, &'static str>;

    #[tokio::test(flavor = "current_thread")]
    async fn lost_decision_is_made_again_up_to_the_limit() {
        let answers: [(&[Answer], Answer); 4] = [
            (&[Ok(1)], Ok(1)),
            (&[Err("lost"), Err("lost"), Ok(3)], Ok(3)),
            (&[Err("lost"), Err("refused"), Ok(3)], Err("refused")),
            (&[Err("lost"), Err("lost"), Err("lost"), Ok(4)], Err("exhausted")),
        ];
        for (answers, expected) in answers {
            let mut left = answers.iter();
            let decided = decide_again(3, |error| *error == "lost", "exhausted", || ready(*left.next().unwrap()));
            assert_eq!(decided.await, expected);
        }
    }
}
