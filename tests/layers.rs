//! The layers of the crate: a file imports only from the floors below its own, and no number imports another.

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, from the ground up; docs/design.md says what is on each. Files on one floor may import one another,
/// except for the numbers.
const FLOORS: [&[&str]; 4] = [
    &["error", "nonfinite", "lanes", "rules", "real", "special", "returns", "trace", "traits"],
    &["number", "tape"],
    &["forward", "reverse"],
    &["linalg", "sparse", "guide"],
];

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files
}

/// Returns the paths after `crate::` in `use` declarations: `use crate::a::{b, c}` gives `a::b` and `a::c`.
fn imports(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for declaration in text.split("use crate::").skip(1) {
        let path = declaration.split(';').next().unwrap();
        match path.split_once('{') {
            Some((head, tail)) => {
                all.extend(tail.trim_end_matches('}').split(',').map(|t| format!("{head}{}", t.trim())));
            }
            None => all.push(path.to_string()),
        }
    }
    all
}

#[test]
fn imports_go_downward() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = sources(&root);
    assert!(files.len() > 10);
    let mut wrong = Vec::new();
    for file in files.iter().filter(|f| !f.ends_with("lib.rs")) {
        let inside = file.strip_prefix(&root).unwrap().with_extension("");
        let words: Vec<_> = inside.iter().map(|w| w.to_str().unwrap()).collect();
        let Some(own) = floor(words[0]) else {
            wrong.push(format!("{} is on no floor", inside.display()));
            continue;
        };
        for import in imports(&fs::read_to_string(file).unwrap()) {
            let path: Vec<_> = import.split("::").collect();
            match floor(path[0]) {
                Some(theirs) if theirs > own => wrong.push(format!("{} imports {import} from above", inside.display())),
                // A number's own folder may have several files that import one another.
                Some(1) if own == 1 && path.get(1) != words.get(1) && words.get(1) != Some(&"mod") => {
                    wrong.push(format!("{} imports another number, {import}", inside.display()));
                }
                Some(_) => {}
                None => wrong.push(format!("{} imports {import}, which is on no floor", inside.display())),
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn modules_are_listed_in_reading_order() {
    let lib = include_str!("../src/lib.rs");
    let modules: Vec<_> = lib
        .lines()
        .filter(|l| l.ends_with(';'))
        .filter_map(|l| l.trim_start_matches("pub(crate) ").trim_start_matches("pub ").strip_prefix("mod "))
        .map(|m| m.trim_end_matches(';'))
        .collect();
    let floors: Vec<_> = modules.iter().map(|m| floor(m).unwrap_or_else(|| panic!("{m} is on no floor"))).collect();
    assert!(floors.is_sorted(), "{modules:?}");
    assert!(!lib.lines().any(|l| !l.starts_with("//") && l.contains("fn ")), "lib.rs holds no logic");
}

/// The files of the tape in an order in which each imports only files before it.
const TAPE: [&str; 12] = [
    "record",
    "misuse",
    "external",
    "arena",
    "sweep",
    "thread",
    "push",
    "open",
    "var",
    "recording",
    "revolve",
    "checkpoint",
];

#[test]
fn the_tape_has_no_circles() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tape");
    let mut found: Vec<_> =
        sources(&folder).iter().map(|f| f.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    found.retain(|name| name != "mod");
    found.sort();
    let mut listed = TAPE.map(String::from);
    listed.sort();
    assert_eq!(found, listed, "the list of the tape's files");
    // The modules are declared in this order, so that it is the reading order as well.
    let declared = fs::read_to_string(folder.join("mod.rs")).unwrap();
    let declared: Vec<_> = declared
        .lines()
        .filter_map(|l| l.split_once("mod ").filter(|_| l.ends_with(';')))
        .map(|(_, m)| m.trim_end_matches(';'))
        .collect();
    assert_eq!(declared, TAPE);
    for (k, name) in TAPE.iter().enumerate() {
        let text = fs::read_to_string(folder.join(name).with_extension("rs")).unwrap();
        for later in &TAPE[k..] {
            for path in [format!("super::{later}"), format!("crate::tape::{later}")] {
                let imported = text
                    .match_indices(&path)
                    .any(|(at, _)| !text[at + path.len()..].starts_with(char::is_alphanumeric));
                assert!(!imported, "{name} imports {later}");
            }
        }
    }
}

/// A longer file should be split.
#[test]
fn files_are_short() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (folder, most) in [("src", 500), ("tests", 700), ("benches", 700), ("examples", 700)] {
        for file in sources(&root.join(folder)) {
            if file.components().any(|c| c.as_os_str() == "target") {
                continue;
            }
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            assert!(lines <= most, "{} has {lines} lines, more than {most}", file.display());
        }
    }
}

/// docs/design.md names every file of src, by its own name or by its folder's.
#[test]
fn the_design_names_every_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let design = include_str!("../docs/design.md");
    let plan = design.split("```text").nth(1).and_then(|t| t.split("```").next()).expect("the plan of the house");
    for file in sources(&root) {
        let inside = file.strip_prefix(&root).unwrap();
        let name = inside.file_stem().unwrap().to_str().unwrap();
        let named = match inside.parent().and_then(|p| p.file_name()).and_then(|p| p.to_str()) {
            Some(folder) if name == "mod" => plan.contains(&format!("{folder}/")),
            // For the traits, the plan lists only the names.
            Some("traits") => plan.split(|c: char| !c.is_alphanumeric()).any(|word| word == name),
            _ => plan.contains(&format!("{name}.rs")),
        };
        assert!(named, "docs/design.md does not name src/{}", inside.display());
    }
}
