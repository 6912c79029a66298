//! How many arguments a row has.

use nilpotent::rules::ROWS;

pub fn arity(name: &str) -> usize {
    match name {
        "mul_add" | "clamp" | "beta_inc" => 3,
        name if ROWS[2].contains(&name) => 2,
        "powf" | "hypot" | "atan2" | "log" | "copysign" | "min" | "max" | "abs_sub" | "rem" | "rem_euclid"
        | "div_euclid" | "gamma_p" | "gamma_q" => 2,
        _ => 1,
    }
}
