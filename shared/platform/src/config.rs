//! Settings from environment variables. `template.yaml` sets them. A missing one stops the function at its start.

use std::collections::HashMap;

/// The environment variables of the process. They include credentials, so `Debug` does not print them.
#[derive(Clone, Default)]
pub struct Environment(HashMap<String, String>);

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Environment(…)")
    }
}

/// A setting that is missing or invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The setting is missing.
    #[error("the environment variable {0} is not set")]
    Missing(&'static str),
    /// The setting has a value that cannot be used.
    #[error("the environment variable {name} {problem}")]
    Invalid {
        /// Name of the variable.
        name: &'static str,
        /// Description of the problem.
        problem: String,
    },
}

impl Environment {
    /// Reads the environment of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self(std::env::vars().collect())
    }

    /// Returns the value of `name`. An empty value counts as missing.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<String> {
        self.0.get(name).filter(|value| !value.is_empty()).cloned()
    }

    /// Returns the value of `name`.
    ///
    /// # Errors
    /// [`ConfigError::Missing`] if it is not set.
    pub fn required(&self, name: &'static str) -> Result<String, ConfigError> {
        self.optional(name).ok_or(ConfigError::Missing(name))
    }

    /// Returns the parsed value of `name`.
    ///
    /// # Errors
    /// [`ConfigError::Missing`] if it is not set, [`ConfigError::Invalid`] if it cannot be parsed.
    pub fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(&self, name: &'static str) -> Result<T, ConfigError> {
        self.parsed_if_set(name)?.ok_or(ConfigError::Missing(name))
    }

    /// Returns the parsed value of `name`, if it is set.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] if it cannot be parsed.
    pub fn parsed_if_set<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, ConfigError> {
        let parse = |value: String| {
            value.parse().map_err(|error: T::Err| ConfigError::Invalid { name, problem: error.to_string() })
        };
        self.optional(name).map(parse).transpose()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}
