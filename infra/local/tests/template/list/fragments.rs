//! The list of functions: the folders of `functions/`, each with its fragment of the template, `template.yaml`. A
//! fragment has the function's resources and outputs as CloudFormation reads them, and under `Metadata` what other
//! lists state about it.

use crate::templates::{read, root};
use serde_json::{Map, Value};
use std::{fs, sync::LazyLock};

/// All functions, by folder.
pub(crate) static FUNCTIONS: LazyLock<Vec<Fragment>> = LazyLock::new(|| {
    let folders = fs::read_dir(root().join("functions")).unwrap().map(|entry| entry.unwrap().file_name());
    let mut folders: Vec<_> = folders.map(|folder| folder.into_string().unwrap()).collect();
    folders.sort();
    folders.into_iter().map(Fragment::of).collect()
});

/// Fragment of one function.
pub(crate) struct Fragment {
    /// Folder, package and binary, such as `runtime-api`.
    pub(crate) folder: String,
    /// Start of its logical ids, such as `RuntimeApi`.
    pub(crate) name: String,
    text: String,
    parsed: Value,
}

impl Fragment {
    fn of(folder: String) -> Self {
        let path = format!("functions/{folder}/template.yaml");
        let text = fs::read_to_string(root().join(&path));
        let text = text.unwrap_or_else(|error| panic!("{path}: {error}. Each function has its part of the template"));
        let name = folder.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
        let fragment = Self { parsed: read(&path), folder, name, text };
        let sections: Vec<_> = fragment.parsed.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(sections, ["Metadata", "Outputs", "Resources"], "{path}");
        for part in ["Function", "Role", "Logs"] {
            let id = format!("{}{part}", fragment.name);
            assert!(fragment.resources().contains_key(&id), "{path} has no resource {id}");
        }
        assert_eq!(fragment.function()["Metadata"]["BuildProperties"]["Binary"], fragment.folder, "{path}");
        let output = format!("{}FunctionName", fragment.name);
        assert!(!fragment.parsed["Outputs"][&output].is_null(), "{path} has no output {output}");
        let event = format!("events/{}/{}.json", fragment.folder, fragment.fact("Measured"));
        assert!(root().join(&event).exists(), "{path} measures {event}, which is missing");
        fragment
    }

    /// Returns the text of a section, without its name.
    pub(crate) fn section(&self, name: &str) -> String {
        let lines = self.text.lines().skip_while(|line| *line != format!("{name}:")).skip(1);
        let lines: Vec<_> = lines.take_while(|line| line.is_empty() || line.starts_with(' ')).collect();
        lines.join("\n").trim_end().to_owned()
    }

    fn resources(&self) -> &Map<String, Value> {
        self.parsed["Resources"].as_object().unwrap()
    }

    fn function(&self) -> &Value {
        &self.resources()[&format!("{}Function", self.name)]
    }

    /// Returns a fact about the function.
    pub(crate) fn fact(&self, name: &str) -> &str {
        let fact = self.parsed["Metadata"]["Function"][name].as_str();
        fact.unwrap_or_else(|| panic!("functions/{}/template.yaml has no Metadata.Function.{name}", self.folder))
    }

    /// Returns true if the function answers HTTP requests.
    pub(crate) fn answers(&self) -> bool {
        let properties = &self.function()["Properties"];
        let events = properties["Events"].as_object().into_iter().flat_map(Map::values);
        !properties["FunctionUrlConfig"].is_null() || events.into_iter().any(|event| event["Type"] == "HttpApi")
    }

    /// Lists the resources of a type whose ids end with `suffix`, each with its facts in the section `name` of the
    /// metadata, which has those and no others. Ids are without the suffix.
    pub(crate) fn described(&self, kind: &str, suffix: &str, name: &str) -> Vec<(String, &Value)> {
        let facts = self.parsed["Metadata"][name].as_object();
        let of_type = self.resources().iter().filter(|(_, resource)| resource["Type"] == kind);
        let found: Vec<_> = of_type
            .filter_map(|(id, _)| Some(id.strip_suffix(suffix)?.to_owned()))
            .map(|id| {
                let facts = facts.and_then(|facts| facts.get(&id));
                let place = format!("functions/{}/template.yaml", self.folder);
                (id.clone(), facts.unwrap_or_else(|| panic!("{place} has no Metadata.{name}.{id}")))
            })
            .collect();
        assert_eq!(facts.map_or(0, Map::len), found.len(), "{}: Metadata.{name}", self.folder);
        found
    }

    /// Returns the description of an output.
    pub(crate) fn output(&self, name: &str) -> &str {
        let description = self.parsed["Outputs"][name]["Description"].as_str();
        description.unwrap_or_else(|| panic!("functions/{}/template.yaml has no output {name}", self.folder))
    }
}
