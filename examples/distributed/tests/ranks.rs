//! The programs print the same on one, two, three and four ranks, bit for bit, and refuse what is wrong.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

/// The folder of the programs, which this test builds, since they need MPI.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    for (program, package) in [("mpirun", "openmpi-bin"), ("mpicc", "libopenmpi-dev")] {
        assert!(
            Command::new(program).arg("--version").output().is_ok(),
            "MPI is missing: there is no {program}, which Debian has in the package {package}. The test needs:\n    \
             apt-get install openmpi-bin libopenmpi-dev libclang-dev"
        );
    }
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    // The test is in a folder such as target/debug/deps.
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().nth(3).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--release", "--features", "mpi", "--bins"]);
    cargo.arg("--manifest-path").arg(manifest).arg("--target-dir").arg(target);
    assert!(cargo.status().is_ok_and(|status| status.success()), "the programs cannot be built");
    target.join("release")
});

fn run(ranks: usize, program: &str, argument: &str) -> Output {
    Command::new("mpirun")
        .env("OMPI_ALLOW_RUN_AS_ROOT", "1")
        .env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
        .env("OMPI_MCA_rmaps_base_oversubscribe", "1")
        // Ranks that wait leave their core to others.
        .env("OMPI_MCA_mpi_yield_when_idle", "1")
        .args(["-n", &ranks.to_string()])
        .arg(FOLDER.join(program))
        .arg(argument)
        .output()
        .unwrap()
}

fn same_on_all<const N: usize>(ranks: [usize; N], program: &str, argument: &str) -> String {
    let outputs = ranks.map(|ranks| {
        let output = run(ranks, program, argument);
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{program} on {ranks} ranks");
        String::from_utf8(output.stdout).unwrap()
    });
    println!("{}", outputs[0]);
    // Floats are printed with all digits, so equal texts are equal bits.
    assert!(outputs.iter().all(|output| *output == outputs[0]), "{outputs:#?}");
    outputs[0].clone()
}

/// Ten million rows: the parameters are right up to their standard errors, which the program checks.
#[test]
fn a_regression_is_the_same_on_all_ranks() {
    let text = same_on_all([1, 2, 4], "regression", "10000000");
    assert!(text.contains("10000000 rows"), "{text}");
}

/// The heights are those of Enneper's surface, which the program checks.
#[test]
fn a_surface_is_the_same_on_all_ranks() {
    let text = same_on_all([1, 2, 3, 4], "surface", "64");
    assert!(text.contains("64 × 64 cells"), "{text}");
}

/// Fewer rows than blocks: some blocks are empty.
#[test]
fn few_rows_are_the_same_on_all_ranks() {
    same_on_all([1, 2, 3, 4], "regression", "200");
}

#[test]
fn wrong_arguments_are_refused() {
    for (program, argument, expected) in [
        ("regression", "many", "expected a number of rows, but got many"),
        ("regression", "0", "expected a number of rows, but got 0"),
        ("surface", "1", "expected a number of cells in 2..=4096, but got 1"),
    ] {
        let output = run(1, program, argument);
        assert!(!output.status.success());
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.contains(expected), "{error}");
    }
}

/// An error of one rank ends the call on all, and the next call works.
#[test]
fn an_error_of_one_rank_is_one_of_all() {
    let output = run(3, "refusals", "");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    for line in [
        "function, rank 0: 1 other ranks have an error",
        "function, rank 1: 1 other ranks have an error",
        "range, rank 0: 1 other ranks have an error",
        "range, rank 2: expected a range below 2 with the 2 variables of its function, but block 255 has 0..3",
        "call, rank 1: coordinate 1 of the point is NaN",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert_eq!(text.matches("value 2299, gradient [4.0, 1530.0]").count(), 3, "{text}");
    println!("{text}");
}
