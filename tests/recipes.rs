//! The programs of docs/guide/recipes.md are those in `examples`, which depend on other crates and are tested there.

use std::fs;
use std::path::Path;

/// The packages with recipes, and the recipes in each.
const RECIPES: [(&str, &[&str]); 2] = [
    (
        "recipes",
        &[
            "argmin",
            "levenberg_marquardt",
            "nuts",
            "optimization_engine",
            "diffsol",
            "differential_equations",
            "apex_solver",
            "ndarray",
        ],
    ),
    ("large", &["pounce", "ripopt"]),
];

#[test]
fn the_page_shows_the_programs_word_for_word() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/guide/recipes.md")).unwrap();
    let shown: Vec<_> = page.split("```rust,ignore\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let programs: Vec<_> = RECIPES
        .iter()
        .flat_map(|(package, names)| names.iter().map(move |name| format!("examples/{package}/src/bin/{name}.rs")))
        .collect();
    assert_eq!(shown.len(), programs.len(), "programs on the page");
    for (shown, program) in shown.into_iter().zip(programs) {
        let source = fs::read_to_string(root.join(&program)).unwrap();
        let differs = source.lines().zip(shown.lines()).position(|(source, shown)| source != shown);
        assert_eq!(differs.map(|line| line + 1), None, "a line of {program} that the page shows otherwise");
        assert_eq!(source, shown, "{program}");
    }
}

/// Each program of the package `recipes` is on the page.
#[test]
fn the_page_shows_all_recipes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/recipes/src/bin");
    let mut found: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    let found: Vec<_> = found.iter().map(|path| path.file_stem().unwrap().to_str().unwrap()).collect();
    let mut listed = RECIPES[0].1.to_vec();
    listed.sort_unstable();
    assert_eq!(found, listed);
}
