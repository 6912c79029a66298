//! nalgebra with our numbers, row by row of docs/nalgebra.md, and `linalg` where a row says to call it instead.
//!
//! A row states how right nalgebra's first and second derivatives are, in forward and in reverse mode. The test
//! measures this again, so the table stays true. A check is one function for all modes (`modes.rs`). The oracle is a
//! truncated polynomial arithmetic of its own. In it the defining equations of a factorization (`A = Q·R`, `Qᵀ·Q = I`,
//! R upper triangular), or a closed formula, must hold in every part of the nested number.

#![cfg(feature = "nalgebra")]

mod common;
#[path = "nalgebra/oracle.rs"]
mod oracle;
#[path = "nalgebra/modes.rs"]
mod modes;
#[path = "nalgebra/linear.rs"]
mod linear;
#[path = "nalgebra/eigenvalues.rs"]
mod eigenvalues;
#[path = "nalgebra/rotations.rs"]
mod rotations;
#[path = "nalgebra/replacements.rs"]
mod replacements;

use common::{D1, D2};
use eigenvalues::{
    bidiagonal, complex_eigenvalues, eigen, eigen_by_nalgebra, eigenvalues_by_newton, exp_by_squaring, hessenberg,
    projector, projector_by_nalgebra, schur, small_svd_by_nalgebra, svd, svd_by_nalgebra,
};
use linear::{
    angle, cholesky, cholesky_by_nalgebra, determinants, inverse, inverse_by_nalgebra, ldl, lu, norms, products,
    pseudo_inverse, pseudo_inverse_by_nalgebra, qr, rank_one_update, solve_by_nalgebra,
};
use modes::Mode;
use nalgebra::{DMatrix, Quaternion, UnitQuaternion};
use nilpotent::Var;
use nilpotent::linalg::{self, quaternion, so3};
use oracle::{
    Check, Verdict, at_angle, diagonal, fixed, jets, numbers, path, same, scaled, series, single, some, verdict, zero,
};
use rotations::{
    angles, axes, axis_angle, between, by_axis_angle, euler, is_rotation, is_unit, logarithm, of_matrix,
    of_matrix_by_newton, our_axes, our_between, our_powers, our_scaled_axis, our_ways, plane, powers, quaternion_exp,
    quaternion_ln, scaled_axis, space, ways,
};
use std::any::type_name;
use std::f64::consts::PI;

/// An operation at points of one kind, and the function to call instead if nalgebra loses the derivatives there.
struct Row {
    operation: &'static str,
    point: &'static str,
    at: Vec<DMatrix<f64>>,
    nalgebra: Vec<Check>,
    instead: &'static str,
    linalg: Vec<Check>,
}

fn row<const N: usize>(operation: &'static str, point: &'static str, at: [DMatrix<f64>; N]) -> Row {
    Row { operation, point, at: at.into(), nalgebra: vec![], instead: "", linalg: vec![] }
}

impl Row {
    fn by<const N: usize>(mut self, nalgebra: [Check; N]) -> Self {
        self.nalgebra.extend(nalgebra);
        self
    }

    fn instead<const N: usize>(mut self, instead: &'static str, linalg: [Check; N]) -> Self {
        (self.instead, self.linalg) = (instead, linalg.into());
        self
    }
}

/// A matrix that is diagonal except for one 2×2 block.
fn block(n: usize, at: usize) -> DMatrix<f64> {
    let mut m = diagonal(&[-3.0, -2.0, 4.0, 1.0][..n]);
    (m[(at, at + 1)], m[(at + 1, at)]) = (0.5, 0.5);
    m
}

fn tall(d: &[f64]) -> DMatrix<f64> {
    diagonal(d).insert_rows(d.len(), 2, 0.0)
}

fn table<N: Mode>() -> Vec<Row> {
    let (any, eye) = (|| some(3, 3, 0), || DMatrix::identity(4, 4));
    let permutation = || DMatrix::from_fn(4, 4, |i, j| f64::from(u8::from((i + 2) % 4 == j)));
    let shift = DMatrix::from_fn(4, 4, |i, j| f64::from(u8::from(j == i + 1)) * 3.0);
    let triangular = some(4, 4, 3).upper_triangle() + diagonal(&[2.0, 4.0, 6.0, 8.0]);
    let tridiagonal = diagonal(&[1.0, 2.0, 3.0]) + block(3, 0) + block(3, 1);
    let no_diagonal = some(4, 4, 0) - DMatrix::from_diagonal(&some(4, 4, 0).diagonal());
    vec![
        row(
            "`*`, `dot`, `gemm`, `gemv`, `ger`, `syger`, `cross`, `kronecker`, `pow`, `norm_squared`",
            "any; factors of value 0",
            [some(4, 4, 0), no_diagonal, DMatrix::zeros(4, 4)],
        )
        .by([products::<N>]),
        row("`norm`, `normalize`, `lp_norm`, `apply_norm`, `amax`, `cap_magnitude`, `angle`", "off kinks", [any()])
            .by([norms::<N>]),
        row("`norm`", "0", [DMatrix::zeros(3, 1)])
            .by([|x| Ok(zero(&single(numbers::<N>(x).norm())))])
            .instead("`linalg::norm`", [|x| Ok(zero(&single(linalg::norm(&numbers::<N>(x)))))]),
        row("`angle`", "parallel; 10⁻⁴ from it", [scaled(1, 0.0), scaled(1, 1e-4)])
            .by([|x| angle::<N>(x, |a, b| a.angle(b))])
            .instead("`linalg::angle`", [|x| angle::<N>(x, linalg::angle)]),
        row("`determinant`, n ≤ 3", "any", [some(2, 2, 0), any(), DMatrix::zeros(2, 2), DMatrix::zeros(3, 3)])
            .by([|x| determinants::<N>(x, DMatrix::determinant)]),
        row("`determinant`, n ≥ 4", "regular", [some(4, 4, 0), some(6, 6, 0), permutation()])
            .by([|x| determinants::<N>(x, DMatrix::determinant)]),
        row(
            "`determinant`, n ≥ 4",
            "singular",
            [diagonal(&[0.0, 1.0, 2.0, 3.0]), diagonal(&[1.0, 0.0, 0.0, 2.0]), DMatrix::zeros(5, 5)],
        )
        .by([|x| determinants::<N>(x, DMatrix::determinant)])
        .instead("`linalg::determinant`", [|x| determinants::<N>(x, linalg::determinant)]),
        row(
            "`try_inverse`, `lu().solve`, `cholesky`, `udu`, `lblt`, `rank_one_update`",
            "regular, diagonal or not",
            [some(4, 4, 0), permutation(), eye()],
        )
        .by([
            inverse_by_nalgebra::<N>,
            solve_by_nalgebra::<N>,
            cholesky_by_nalgebra::<N>,
            ldl::<N>,
            rank_one_update::<N>,
        ]),
        row("`try_inverse`, `lu().solve`, `cholesky`: `None`", "singular", [diagonal(&[3.0, 2.0, 1.0, 0.0])])
            .by([inverse_by_nalgebra::<N>, solve_by_nalgebra::<N>, cholesky_by_nalgebra::<N>])
            .instead(
                "`linalg::inverse`, `solve`, `cholesky`",
                [
                    |x| inverse::<N>(x, |a| linalg::inverse(&a)),
                    |x| inverse::<N>(x, |a| linalg::solve(&a, &DMatrix::identity(4, 4))),
                    |x| cholesky::<N>(x, |a| linalg::cholesky(&a)),
                ],
            ),
        row(
            "`lu`, `full_piv_lu`, `qr`, `col_piv_qr`",
            "full rank, diagonal or not",
            [some(4, 4, 0), some(5, 3, 0), some(3, 5, 0), eye(), permutation(), tall(&[2.0, 1.0])],
        )
        .by([lu::<N>, qr::<N>]),
        row("`pseudo_inverse`", "full rank, no structure", [any(), some(5, 3, 0), some(3, 5, 0)])
            .by([pseudo_inverse_by_nalgebra::<N>]),
        row("`pseudo_inverse`", "orthogonal columns", [tall(&[3.0, 2.0, 1.0]), tall(&[1.0, 1.0])])
            .by([pseudo_inverse_by_nalgebra::<N>])
            .instead("`linalg::pseudo_inverse`", [|x| pseudo_inverse::<N>(x, |a| linalg::pseudo_inverse(&a).ok())]),
        row("`symmetric_eigen`", "no structure", [some(2, 2, 0), any(), some(6, 6, 0)]).by([eigen_by_nalgebra::<N>]),
        row(
            "`symmetric_eigen`",
            "diagonal, block-diagonal",
            [diagonal(&[1.0, 3.0]), diagonal(&[1.0, 3.0, -2.0]), block(3, 0), block(3, 1), block(4, 1)],
        )
        .by([eigen_by_nalgebra::<N>])
        .instead("`linalg::symmetric_eigen`", [|x| eigen::<N>(x, |a| linalg::symmetric_eigen(&a).ok())]),
        row(
            "`symmetric_eigen`: the plane of a pair",
            "repeated",
            [diagonal(&[1.0, 1.0, 2.0]), diagonal(&[2.0, 7.0, 2.0])],
        )
        .by([projector_by_nalgebra::<N>])
        .instead("`linalg::projector`", [|x| projector::<N>(x, |a| linalg::projector(&a, 0..2).ok())]),
        row("`svd`", "no structure", [some(2, 2, 0), any(), some(4, 4, 0), some(5, 3, 0), some(3, 5, 0)])
            .by([svd_by_nalgebra::<N>, small_svd_by_nalgebra::<N>]),
        row("`svd`", "orthogonal columns", [diagonal(&[3.0, 1.0]), diagonal(&[1.0, 3.0, -2.0]), tall(&[3.0, 1.0])])
            .by([svd_by_nalgebra::<N>])
            .instead("`linalg::svd`", [|x| svd::<N, _, _>(x, linalg::svd(&numbers::<N>(x), true, true).ok())]),
        row("`schur`", "no structure", [some(2, 2, 0), any(), some(4, 4, 0)]).by([schur::<N>]),
        row("`complex_eigenvalues`", "no structure", [some(2, 2, 0), any(), some(4, 4, 0)])
            .by([complex_eigenvalues::<N>]),
        row("`schur`, `complex_eigenvalues`", "triangular, diagonal", [triangular, diagonal(&[1.0, 2.0, 3.0])])
            .by([schur::<N>, complex_eigenvalues::<N>])
            .instead("Newton's method, by `linalg::solve`", [eigenvalues_by_newton::<N>]),
        row("`hessenberg`, `bidiagonalize`", "no structure; unreduced", [some(4, 4, 0), tridiagonal])
            .by([hessenberg::<N>, bidiagonal::<N>]),
        row(
            "`exp`",
            "any size; 0; symmetric",
            [any() * 1e-3, any() * 0.1, any(), any() * 8.0, DMatrix::zeros(3, 3), diagonal(&[1.0, 1.0])],
        )
        .by([|x| Ok(same(&jets(&numbers::<N>(x).exp()), &series(x)))]),
        row("`exp`", "nilpotent", [shift])
            .by([|x| Ok(same(&jets(&numbers::<N>(x).exp()), &series(x)))])
            .instead("`(a / 2ˢ).exp()`, squared s times", [exp_by_squaring::<N>]),
        row("`Rotation2`, `UnitComplex`, `Isometry2`, `Similarity2`", "any", [any(), scaled(0, 0.0)]).by([plane::<N>]),
        row(
            "`Isometry3`, `Similarity3`, `Perspective3`, `Orthographic3`",
            "any",
            [any(), scaled(0, 0.0), scaled(1, 0.0)],
        )
        .by([space::<N>]),
        row("`Rotation3`, `UnitQuaternion`, `Quaternion`", "no structure", [any()])
            .by(scaled_axis::<N>())
            .by(by_axis_angle::<N>())
            .by(axes::<N>())
            .by(powers::<N>())
            .by(ways::<N>())
            .by(between::<N>())
            .by([angles::<N>, quaternion_exp::<N>, quaternion_ln::<N>]),
        row("`from_euler_angles`, `euler_angles`", "any; 0", [any(), scaled(0, 0.0)]).by([euler::<N>]),
        row("`UnitQuaternion::from_axis_angle`", "any; 0", [any(), scaled(1, 0.0)]).by([|x| {
            let (axis, angle, v) = axis_angle::<N>(x);
            is_unit(&UnitQuaternion::from_axis_angle(&axis, angle), &v)
        }]),
        row("`from_scaled_axis`", "0", [at_angle(0.0)])
            .by(scaled_axis::<N>())
            .instead("`so3::exp`, `quaternion::from_scaled_axis`", our_scaled_axis::<N>()),
        row("`Rotation3::from_scaled_axis`", "angle 10⁻⁸", [at_angle(1e-8)])
            .by([scaled_axis::<N>()[0]])
            .instead("`so3::exp`", our_scaled_axis::<N>()),
        row("`Rotation3::from_axis_angle`", "angle 0", [scaled(1, 0.0)]).by(by_axis_angle::<N>()).instead(
            "`so3::exp(&(axis * angle))`",
            [|x| {
                let (axis, angle, v) = axis_angle::<N>(x);
                is_rotation(&so3::exp(&(axis.into_inner() * angle)), &v)
            }],
        ),
        row("`scaled_axis`, `ln`", "identity", [at_angle(0.0)])
            .by(axes::<N>())
            .instead("`so3::log`, `quaternion::scaled_axis`", our_axes::<N>()),
        row("`Rotation3::scaled_axis`", "angle 10⁻⁵, π - 10⁻⁵", [at_angle(1e-5), at_angle(PI - 1e-5)])
            .by([axes::<N>()[0]])
            .instead("`so3::log`", our_axes::<N>()),
        row("`powf`", "identity", [at_angle(0.0)]).by(powers::<N>()).instead("`quaternion::powf`", our_powers::<N>()),
        row("`slerp`, `lerp_slerp`", "equal; 10⁻⁵ apart", [scaled(1, 0.0), scaled(1, 1e-5)])
            .by(ways::<N>())
            .instead("`quaternion::slerp`", our_ways::<N>()),
        row("`rotation_between`", "parallel; 10⁻⁵ from it", [scaled(1, 0.0), scaled(1, 1e-5)])
            .by(between::<N>())
            .instead("`quaternion::rotation_between`", our_between::<N>()),
        row("`Quaternion::exp`", "real", [at_angle(0.0)]).by([quaternion_exp::<N>]).instead(
            "`quaternion::exp`",
            [|x| {
                let (w, v, _, exp) = logarithm::<N>(x);
                Ok(same(&jets(&quaternion::exp(&Quaternion::from_parts(w, v)).coords), &exp))
            }],
        ),
        row("`Quaternion::ln`", "real", [at_angle(0.0)]).by([quaternion_ln::<N>]).instead(
            "`quaternion::ln`",
            [|x| {
                let (_, _, ln, exp) = logarithm::<N>(x);
                Ok(same(&jets(&quaternion::ln(&Quaternion::from(fixed::<N, 4, 1>(&exp))).coords), &ln))
            }],
        ),
        row("`Rotation3::from_matrix`", "a rotation, the guess", [at_angle(0.0)])
            .by([of_matrix::<N>])
            .instead("`m·(3 - mᵀ·m)/2`, twice", [of_matrix_by_newton::<N>]),
    ]
}

/// Returns the worst verdict on nalgebra for each row, with this number. The functions to call instead must be right.
fn verdicts<N: Mode>() -> Vec<String> {
    let of = |row: Row| {
        let find = |f: Check| row.at.iter().map(move |a| verdict(&N::run(f, &path(N::ORDER, a))));
        let right = row.linalg.iter().flat_map(|&f| find(f)).all(|v| v == Verdict::Right);
        assert!(right, "{} at {}, in {}", row.instead, row.point, type_name::<N>());
        let verdicts: Vec<_> = row.nalgebra.iter().flat_map(|&f| find(f)).collect();
        let lost = N::ORDER == 2 && !row.instead.is_empty();
        let bad = verdicts.iter().all(|&v| v > Verdict::EightDigits);
        assert!(!lost || bad, "{} at {}: {verdicts:?}", row.operation, row.point);
        match verdicts.iter().max().unwrap() {
            Verdict::NoEnd if verdicts.contains(&Verdict::NaNValue) => "NaN value or no end".into(),
            worst => worst.word().to_owned(),
        }
    };
    table::<N>().into_iter().map(of).collect()
}

/// Returns the verdicts on first and on second derivatives, in the words of the document.
fn derivatives<First: Mode, Second: Mode>() -> Vec<String> {
    let both = |(first, second)| if first == second { first } else { format!("{first}, then {second}") };
    verdicts::<First>().into_iter().zip(verdicts::<Second>()).map(both).collect()
}

#[test]
fn the_table_is_true() {
    // Without optimization every inlined operation of nested numbers takes room on the stack: together more than the two
    // megabytes of a test's thread.
    std::thread::Builder::new().stack_size(16 << 20).spawn(compare_table).unwrap().join().unwrap();
}

fn compare_table() {
    let (floats, forward) = (verdicts::<f64>(), derivatives::<D1, D2>());
    let reverse = derivatives::<Var<f64>, Var<D1>>();
    let line = |(i, row): (usize, Row)| {
        let (floats, forward) = (&floats[i], &forward[i]);
        let too = match floats.as_str() {
            "right" => "",
            _ => " (floats too)",
        };
        assert!(too.is_empty() || floats == forward, "{} at {}: {floats} in floats", row.operation, row.point);
        let reverse = Some(reverse[i].as_str()).filter(|reverse| reverse != forward).unwrap_or_default();
        let line = format!("| {} | {} | {forward}{too} | {reverse} | {} |", row.operation, row.point, row.instead);
        line.replace("|  |", "| |").replace("|  |", "| |")
    };
    let lines: Vec<_> = table::<f64>().into_iter().enumerate().map(line).collect();
    let document = include_str!("../docs/nalgebra.md").lines().skip_while(|l| !l.starts_with("| operation")).skip(2);
    let told: Vec<_> = document.take_while(|l| l.starts_with('|')).collect();
    assert!(lines == told, "\n{}\n\nbut the document says\n\n{}", lines.join("\n"), told.join("\n"));
}
