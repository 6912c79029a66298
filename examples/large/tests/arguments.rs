//! Arguments that the programs cannot use end them with an error.

use std::process::Command;

fn fails(program: &str, arguments: &[&str], expected: &str) {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.starts_with("error: ") && error.contains(expected), "{arguments:?}: {error}");
}

#[test]
fn wrong_arguments_are_errors() {
    for program in [env!("CARGO_BIN_EXE_rocket"), env!("CARGO_BIN_EXE_cart_pole")] {
        fails(program, &["more"], "expected no arguments or --chart PATH, found [\"more\"]");
        fails(program, &["--chart"], "expected no arguments or --chart PATH, found [\"--chart\"]");
    }
    for (program, what) in
        [(env!("CARGO_BIN_EXE_opf"), "MATPOWER files"), (env!("CARGO_BIN_EXE_pose_graph"), "pose graphs")]
    {
        fails(program, &[], &format!("expected the paths of one or more {what}"));
        fails(program, &["--picture", "a.svg"], &format!("expected the paths of one or more {what}, found --picture"));
        fails(program, &["a", "--chart"], "expected a path after --chart");
    }
    fails(env!("CARGO_BIN_EXE_opf"), &["data/README.md"], "data/README.md: ");
}
