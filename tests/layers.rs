//! The layers of the source: a file refers only to files before it in one list. Also the lengths of files, and that
//! docs/design.md names each of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// All files of src, from the ground up, except lib.rs and the guide, which holds only documents. A folder's name stands
/// for its mod.rs. docs/design.md says what each file holds.
const ORDER: &[&str] = &[
    // Ground.
    "error",
    "external/op",
    "external/dense",
    "external/function",
    "lanes",
    "special/bessel",
    "special/saddle",
    "special/digamma",
    "special/beta",
    "special/jet",
    "special/incomplete",
    "special/normal",
    "special/lambert",
    "special",
    "special/signatures",
    "real",
    "wider",
    "trace",
    "operation",
    "nonfinite",
    "returns",
    "entries",
    "half",
    // The table.
    "rules/elementary",
    "rules/power",
    "rules/special",
    "rules/normal",
    "rules/bessel",
    "rules/beta",
    "rules/incomplete",
    "rules/lambert",
    "rules/select",
    "rules/slices",
    "rules/compensated",
    "rules",
    "rules/by_name",
    "density/support",
    "density/elementary",
    "density/vector",
    "density",
    "constrained/checks",
    "constrained/scalar",
    "constrained/vector",
    "constrained/matrix",
    "constrained/constraint",
    "constrained/parameters",
    "constrained",
    // Foreign traits.
    "traits/trap",
    "traits/confusion",
    "traits/approx",
    "traits/bytemuck",
    "traits/cmp",
    "traits/euclid",
    "traits/fmt",
    "traits/geo",
    "traits/lbfgs",
    "traits/methods",
    "traits/ndarray",
    "traits/num",
    "traits/diffsol",
    "traits/num_dual",
    "traits/ops",
    "traits/petgraph",
    "traits/rand",
    "traits/rstar",
    "traits/serde",
    "traits/simba",
    "traits",
    // Recordings of any kind, and those of programs.
    "arena/misuse",
    "arena/buffers",
    "arena/open",
    "arena",
    "graph/op",
    "graph/guard",
    "graph/body",
    "graph/inline",
    "graph/node",
    "graph",
    // Numbers.
    "number/dual",
    "number/dual2",
    "number/hyper",
    "number/taylor/series",
    "number/taylor/special",
    "number/taylor/rules",
    "number/taylor",
    "number/traced/operations",
    "number/traced/questions",
    "number/traced/rows",
    "number/traced",
    "number/parts",
    "number",
    "tape/record",
    "tape/external",
    "tape/store",
    "tape/thread",
    "tape/sweep",
    "tape/push",
    "tape/adjoints",
    "tape/gather",
    "tape/var",
    "tape/tangents",
    "tape/recording",
    "tape/wide",
    "tape/nan",
    "tape/nodes",
    "tape/revolve",
    "tape/checkpoint",
    "tape",
    // Functions from outside.
    "external/numbers",
    "external",
    // Drivers.
    "forward/point",
    "forward/passes",
    "forward/carrier",
    "forward/part",
    "forward/buffers",
    "forward/second",
    "forward/in_place",
    "forward/weighted",
    "forward/third",
    "forward/ode",
    "forward/parallel",
    "forward",
    "reverse/recorded",
    "reverse/pullback",
    "reverse/linear",
    "reverse/second",
    "reverse/in_place",
    "reverse/weighted",
    "reverse/third",
    "reverse/mixed",
    "reverse/parallel",
    "reverse",
    "reverse/linalg",
    "check/differences",
    "check/shifted",
    "check",
    // Wings.
    "linalg/number",
    "linalg/scale",
    "linalg/product",
    "linalg/vector",
    "linalg/lift",
    "linalg/qr",
    "linalg/jacobi",
    "linalg/factor",
    "linalg/determinant",
    "linalg/pseudo",
    "linalg/eigen",
    "linalg/svd",
    "linalg/quaternion",
    "linalg/so3",
    "linalg/se2",
    "linalg/se3",
    "linalg/part",
    "linalg/place",
    "linalg/left",
    "linalg/point",
    "linalg/differential",
    "linalg/view",
    "linalg/complex",
    "linalg/check",
    "linalg/implicit",
    "linalg",
    "program/straight",
    "program/print",
    "program/called",
    "program/opaque",
    "program/code",
    "program/link",
    "program/compile",
    "program/block",
    "program/simd/register",
    "program/simd/columns",
    "program/simd/floats",
    "program/simd/exponential",
    "program/simd/circular",
    "program/simd/error_function",
    "program/simd/power",
    "program/simd/functions",
    "program/simd/run",
    "program/simd",
    "program/lanes",
    "program/call",
    "program/programs",
    "program/kernel",
    "program/words",
    "program/source",
    "program",
    "sparse/pattern",
    "sparse/matrix",
    "sparse/convert",
    "sparse/order",
    "sparse/color/palette",
    "sparse/color/around",
    "sparse/color/distance2",
    "sparse/color/star",
    "sparse/color/acyclic",
    "sparse/color/bidirectional",
    "sparse/color",
    "sparse/recover",
    "sparse/plan",
    "sparse/drivers",
    "sparse/find",
    "sparse",
    "separable/element",
    "separable/loss",
    "separable/kind",
    "separable/manifold",
    "separable/term",
    "separable/places",
    "separable/function",
    "separable/derivatives",
    "separable/least_squares",
    "separable",
    "state",
];

/// Files of one kind that must not refer to one another, although some stand before others in the list.
const STRANGERS: [&[&str]; 2] =
    [&["number/dual", "number/dual2", "number/hyper", "number/taylor", "tape"], &["linalg", "reverse"]];

/// What lib.rs exports from elsewhere, and macros refer to as `$crate::…`.
const EXPORTS: [(&str, &str); 2] = [("Real", "real"), ("bounds", "real")];

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

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The name of a file in [`ORDER`].
fn name(file: &Path) -> String {
    let inside = file.strip_prefix(src()).unwrap().with_extension("");
    let words: Vec<_> = inside.iter().map(|w| w.to_str().unwrap()).filter(|w| *w != "mod").collect();
    words.join("/")
}

/// The text without comments, and without the unit tests at its end.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap();
    text.lines().map(|l| l.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// Appends the paths that `text` begins with, `a::b` or `a::{b, c::{d, e}}`, each behind `base`. Returns what follows them.
fn paths<'t>(mut text: &'t str, base: &[String], found: &mut Vec<Vec<String>>) -> &'t str {
    let mut path = base.to_vec();
    loop {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
        if end > 0 {
            path.push(text[..end].to_owned());
            text = &text[end..];
            if let Some(rest) = text.strip_prefix("::") {
                text = rest;
                continue;
            }
            found.push(path);
            return text;
        }
        let Some(mut list) = text.strip_prefix('{') else {
            found.push(path);
            return text;
        };
        loop {
            list = list.trim_start_matches(|c: char| c.is_whitespace() || c == ',' || c == '*');
            if let Some(rest) = list.strip_prefix('}') {
                return rest;
            }
            list = paths(list, &path, found);
        }
    }
}

/// The files that a file refers to, in imports and in paths: `crate::…`, `$crate::…` in macros, `super::…`, and in a mod.rs
/// the files of its folder.
fn references(file: &Path) -> BTreeSet<String> {
    let (own, code, mut found) = (name(file), code(file), Vec::new());
    let parts: Vec<String> = own.split('/').map(String::from).collect();
    for (at, word) in code.match_indices("crate::").chain(code.match_indices("super::")) {
        let base = if word == "crate::" { &[] } else { &parts[..parts.len() - 1] };
        paths(&code[at + word.len()..], base, &mut found);
    }
    for (at, word) in code.match_indices("use ") {
        let mut inside = Vec::new();
        paths(&code[at + word.len()..], &parts, &mut inside);
        found.extend(inside);
    }
    let named = |path: &[String]| {
        let path = path.join("/");
        let exported = EXPORTS.iter().find(|(name, _)| path.split('/').next() == Some(name)).map(|(_, file)| *file);
        ORDER.iter().copied().find(|name| *name == path).or(exported)
    };
    let files = found.iter().filter_map(|path| (1..=path.len()).rev().find_map(|k| named(&path[..k])));
    files.filter(|file| *file != own).map(String::from).collect()
}

#[test]
fn files_refer_to_files_before_them() {
    let place = |name: &str| ORDER.iter().position(|other| *other == name);
    let (mut wrong, mut listed, mut count) = (Vec::new(), BTreeSet::new(), 0);
    for file in sources(&src()) {
        let own = name(&file);
        if own == "lib" || own == "guide" {
            continue;
        }
        listed.insert(own.clone());
        for other in references(&file) {
            count += 1;
            if place(&other) > place(&own) {
                wrong.push(format!("{own} refers to {other}, which comes after it"));
            }
            for kind in STRANGERS {
                let of = |name: &str| kind.iter().position(|k| name == *k || name.starts_with(&format!("{k}/")));
                if let (Some(a), Some(b)) = (of(&own), of(&other))
                    && a != b
                {
                    wrong.push(format!("{own} refers to {other}, which it must not know"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert_eq!(listed, ORDER.iter().map(|name| (*name).to_owned()).collect(), "the list of files");
    // The test reads what it should: so many references exist.
    assert!(count > 250, "{count} references");
}

/// What the reader of paths finds, on an example of each form.
#[test]
fn paths_are_read() {
    let mut found = Vec::new();
    let rest = paths("a::{b, c::{D, e as f}, *}; x", &[], &mut found);
    let found: Vec<_> = found.iter().map(|path| path.join("::")).collect();
    assert_eq!((found.join(" "), rest), ("a::b a::c::D a::c::e a::c::as a::c::f".into(), "; x"));
    let references = |name: &str| references(&src().join(name).with_extension("rs"));
    assert!(references("forward/second").contains("number/dual2"));
    assert!(references("rules/mod").contains("rules/elementary"));
    assert!(references("traits/num").contains("lanes"));
    assert!(references("linalg/eigen").contains("linalg/scale"));
}

#[test]
fn modules_are_listed_in_reading_order() {
    let declared = |file: &str| -> Vec<String> {
        let text = fs::read_to_string(src().join(file)).unwrap();
        let lines = text.lines().filter(|l| l.ends_with(';') && !l.starts_with("//"));
        lines.filter_map(|l| l.split_once("mod ")).map(|(_, m)| m.trim_end_matches(';').to_owned()).collect()
    };
    let sorted = |folder: &str, modules: &[String]| {
        let place = |module: &String| ORDER.iter().position(|name| *name == format!("{folder}{module}"));
        modules.iter().filter(|m| *m != "guide").map(place).is_sorted()
    };
    let modules = declared("lib.rs");
    assert!(sorted("", &modules), "{modules:?}");
    let files = declared("tape/mod.rs");
    assert!(sorted("tape/", &files), "{files:?}");
    let lib = include_str!("../src/lib.rs");
    assert!(!lib.lines().any(|l| !l.starts_with("//") && l.contains("fn ")), "lib.rs holds no logic");
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
            Some("traits") => plan.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name),
            _ => plan.contains(&format!("{name}.rs")),
        };
        assert!(named, "docs/design.md does not name src/{}", inside.display());
    }
}
