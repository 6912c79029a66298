//! Runs the programs of docs/guide/recipes.md. Each checks what it finds.

use std::process::Command;

macro_rules! recipes {
    ($($name:ident)+) => { $(
        #[test]
        fn $name() {
            let output = Command::new(env!(concat!("CARGO_BIN_EXE_", stringify!($name)))).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    )+ };
}

recipes! { apex_solver argmin differential_equations diffsol levenberg_marquardt ndarray nuts optimization_engine }
