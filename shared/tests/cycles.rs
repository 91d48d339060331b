//! Files of a crate must not import each other, directly or indirectly. Imports are read from the `use` lines and paths
//! of the sources. A name belongs to the file that defines it, not to those that re-export it. Test modules may import
//! anything.
//!
//! A folder has at most twelve source files.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a failure in a test must end it")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Maximum number of source files in a folder.
const FILES: usize = 12;
/// Maximum number of re-exports between a path and the file that defines its name.
const HOPS: usize = 8;

#[test]
fn no_files_import_each_other() {
    let root = root();
    let crates = folders(&root).into_iter().filter(|folder| root.join(folder).join("Cargo.toml").exists());
    for folder in crates.map(|folder| folder.join("src")) {
        let mut sources = Crate::default();
        sources.read(&root.join(&folder), "");
        let cycles = sources.cycles();
        assert!(cycles.is_empty(), "files of {} import each other:\n{}", folder.display(), cycles.join("\n"));
    }
}

#[test]
fn no_folder_has_more_than_twelve_files() {
    let root = root();
    let files = |folder: &Path| entries(&root.join(folder)).iter().filter(|path| is_source(path)).count();
    let crowded: Vec<_> = folders(&root)
        .iter()
        .filter(|folder| files(folder) > FILES)
        .map(|folder| format!("{} has {}", folder.display(), files(folder)))
        .collect();
    assert!(crowded.is_empty(), "a folder has at most {FILES} source files:\n{}", crowded.join("\n"));
}

/// Returns the folder of the repository.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().find(|folder| folder.join("template.yaml").exists()).unwrap().to_owned()
}

/// Returns all folders that may contain crates, and those below them, relative to the repository.
fn folders(root: &Path) -> Vec<PathBuf> {
    let mut open = ["shared", "functions", "infra"].map(PathBuf::from).to_vec();
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        // npm packages are many, and none of them is a source of this repository.
        let inner =
            entries(&root.join(&folder)).into_iter().filter(|path| path.is_dir() && !path.ends_with("node_modules"));
        open.extend(inner.map(|path| folder.join(path.file_name().unwrap())));
        found.push(folder);
    }
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

/// The files of a crate by module path; the root's is empty.
#[derive(Default)]
struct Crate(BTreeMap<String, File>);

#[derive(Default)]
struct File {
    /// Paths of the names that `use` brings into scope.
    imports: BTreeMap<String, String>,
    /// All paths in the file.
    paths: BTreeSet<String>,
}

impl Crate {
    fn read(&mut self, folder: &Path, module: &str) {
        for path in entries(folder) {
            let name = path.file_stem().unwrap().to_str().unwrap();
            let is_root = name == "main" && !folder.join("lib.rs").exists();
            let is_parent = is_root || ["lib", "mod"].contains(&name);
            let own = if is_parent { module.to_owned() } else { join(module, name) };
            if path.is_dir() {
                self.read(&path, &own);
            } else if is_source(&path) {
                self.add(own, &fs::read_to_string(&path).unwrap());
            }
        }
    }

    fn add(&mut self, module: String, text: &str) {
        let code = code(text);
        // The root exports such a macro on behalf of the file that defines it.
        let exported = code.windows(2).filter(|lines| lines[0] == "#[macro_export]");
        for name in exported.filter_map(|lines| lines[1].strip_prefix("macro_rules! ")?.strip_suffix(" {")) {
            let root = self.0.entry(String::new()).or_default();
            root.imports.insert(name.to_owned(), join("crate", &join(&module, name)));
        }
        let file = self.0.entry(module).or_default();
        let mut lines = code.into_iter().peekable();
        while let Some(line) = lines.next() {
            let Some(start) = line.strip_prefix("use ") else {
                let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
                file.paths
                    .extend(words.map(|word| word.trim_matches(':').to_owned()).filter(|word| word.contains(':')));
                continue;
            };
            let mut tree = start.to_owned();
            while let Some(line) = lines.next_if(|_| !tree.contains(';')) {
                tree.push_str(&line);
            }
            for path in open("", tree.split(';').next().unwrap()) {
                let (path, alias) = path.split_once(" as ").unwrap_or((&path, path.rsplit("::").next().unwrap()));
                file.imports.insert(alias.to_owned(), path.to_owned());
                file.paths.insert(path.to_owned());
            }
        }
    }

    /// Returns the file and the name that `path` refers to in the file `from`; `None` for other crates and whole
    /// modules.
    fn definition(&self, from: &str, path: &str, hops: usize) -> Option<(String, String)> {
        let (first, rest) = path.split_once("::").unwrap_or((path, ""));
        let (mut at, mut rest) = match first {
            "crate" => (String::new(), rest),
            "self" => (from.to_owned(), rest),
            "super" => (parent(from).to_owned(), rest),
            _ if self.0.contains_key(&join(from, first)) => (from.to_owned(), path),
            _ => {
                let import = self.0.get(from)?.imports.get(first).filter(|import| *import != path)?;
                return self.definition(from, &join(import, rest), hops.checked_sub(1)?);
            }
        };
        loop {
            let (name, more) = rest.split_once("::").unwrap_or((rest, ""));
            if name == "super" {
                at = parent(&at).to_owned();
            } else if name.is_empty() {
                return None;
            } else if self.0.contains_key(&join(&at, name)) {
                at = join(&at, name);
            } else if let Some(import) = self.0.get(&at)?.imports.get(name).filter(|_| at != from) {
                return self.definition(&at, &join(import, more), hops.checked_sub(1)?);
            } else {
                return Some((at, name.to_owned()));
            }
            rest = more;
        }
    }

    /// Describes the imports that lie on a cycle.
    fn cycles(&self) -> Vec<String> {
        let mut arrows = BTreeMap::<_, BTreeMap<_, BTreeSet<_>>>::new();
        for (from, file) in &self.0 {
            for (to, name) in file.paths.iter().filter_map(|path| self.definition(from, path, HOPS)) {
                if to != *from && !is_error_of_ancestor(from, &to, &name) {
                    arrows.entry(from.clone()).or_default().entry(to).or_default().insert(name);
                }
            }
        }
        let reaches = |from: &str, goal: &str| {
            let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
            while let Some(file) = open.pop() {
                let next = arrows.get(file).into_iter().flatten().map(|(to, _)| to.as_str());
                open.extend(next.filter(|to| seen.insert(*to)));
            }
            seen.contains(goal)
        };
        let all = arrows.iter().flat_map(|(from, to)| to.iter().map(move |(to, names)| (from, to, names)));
        let shown = |module: &str| if module.is_empty() { "the root".to_owned() } else { module.replace("::", "/") };
        all.filter(|(from, to, _)| reaches(to, from))
            .map(|(from, to, names)| {
                let names: Vec<_> = names.iter().map(String::as_str).collect();
                format!("{} names {} of {}", shown(from), names.join(", "), shown(to))
            })
            .collect()
    }
}

/// Returns the lines of code outside of test modules, without comments, indentation and visibility.
fn code(text: &str) -> Vec<String> {
    let (mut code, mut inline) = (Vec::new(), false);
    for raw in text.split("\nmod tests {").next().unwrap().lines().filter(|line| !line.trim().starts_with("//")) {
        let line = raw.trim().split(" // ").next().unwrap();
        let line = line.strip_prefix("pub(").and_then(|line| line.split_once(") ")).map_or(line, |(_, item)| item);
        let line = line.strip_prefix("pub ").unwrap_or(line);
        inline = raw != "}" && (inline || line.starts_with("mod ") && line.ends_with('{'));
        // The parent of a module within a file is the file.
        code.push(if inline { line.replace("super::", "self::") } else { line.to_owned() });
    }
    code
}

/// Expands `a::{self, b, c::{d}}` into `a`, `a::b` and `a::c::d`.
fn open(prefix: &str, tree: &str) -> Vec<String> {
    let Some((head, inner)) = tree.split_once('{') else {
        let path = format!("{prefix}{}", tree.trim());
        return if tree.trim().is_empty() { vec![] } else { vec![path.trim_end_matches("::self").to_owned()] };
    };
    let (inner, mut depth) = (inner.rsplit_once('}').map_or(inner, |(inner, _)| inner), 0);
    let items = inner.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    items.flat_map(|item| open(&format!("{prefix}{}", head.trim()), item)).collect()
}

fn join(path: &str, rest: &str) -> String {
    if path.is_empty() || rest.is_empty() { format!("{path}{rest}") } else { format!("{path}::{rest}") }
}

fn parent(module: &str) -> &str {
    module.rsplit_once("::").map_or("", |(parent, _)| parent)
}

fn is_error_of_ancestor(file: &str, of: &str, name: &str) -> bool {
    let below = of.is_empty() || file.strip_prefix(of).is_some_and(|rest| rest.starts_with("::"));
    below && (name.ends_with("Error") || name == "Result")
}

#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let mut sources = Crate::default();
    for (module, text) in files {
        sources.add((*module).to_owned(), text);
    }
    assert_eq!(sources.cycles(), expected);
}

#[test]
fn cycles_are_found() {
    let both = ["a names B of b", "b names A of a"];
    check(&[("a", "use crate::b::B;"), ("b", "fn b(a: &crate::a::A) {}")], &both);
    check(&[("a", "use crate::b;\nfn a() -> b::B {}"), ("b", "use super::a::{A};")], &both);
    check(&[("a", "fn a() { b::B }"), ("a::b", "use super::A;")], &["a names B of a/b", "a/b names A of a"]);
    let reexported = [("", "pub use b::B;"), ("a", "use crate::B;"), ("b", "use crate::{\n    a::A as C,\n};")];
    check(&reexported, &both);
    let three = [("a", "use crate::b::B;"), ("b", "use crate::c::C;"), ("c", "use super::{a::A, d::D};"), ("d", "")];
    check(&three, &["a names B of b", "b names C of c", "c names A of a"]);
    let exported = "use crate::b::B;\n#[macro_export]\nmacro_rules! m {\n}";
    check(&[("", ""), ("a", exported), ("b", "crate::m!(B);")], &["a names B of b", "b names m of a"]);
}

#[test]
fn reexports_errors_and_tests_make_no_cycle() {
    check(&[("a", "pub use b::B;"), ("a::b", "use super::c::C;"), ("a::c", ""), ("d", "use crate::a::B;")], &[]);
    check(&[("a", "fn a() { b::B }"), ("a::b", "use super::{Error, Result};")], &[]);
    check(&[("a", "use crate::b::B;"), ("b", "// crate::a::A\n#[cfg(test)]\nmod tests {\n    use crate::a::A;")], &[]);
    check(&[("a", "use crate::b::B;"), ("b", "pub(in crate::a) fn b() {}")], &[]);
    check(&[("", "use a::A;\nstruct B;"), ("a", "mod inline {\n    use super::B;\n}")], &[]);
    let exported = "#[macro_export]\nmacro_rules! m {\n}";
    check(&[("", "pub use b::B;"), ("a", exported), ("b", "crate::m!(B);")], &[]);
}
