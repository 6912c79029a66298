//! nalgebra on the numbers, row by row of docs/nalgebra.md, and `linalg` where a row says to call it instead.
//!
//! A row says what nalgebra makes of first and of second derivatives; the test finds that out anew, so the table stays
//! true. The oracle is a truncated polynomial arithmetic of its own: in it the defining equations of a factorisation
//! (`A = Q·R`, `Qᵀ·Q = I`, R upper triangular), or a closed formula, must hold in every part of the nested number.

#![cfg(feature = "nalgebra")]

mod common;
#[path = "nalgebra/oracle.rs"]
mod oracle;
#[path = "nalgebra/linear.rs"]
mod linear;
#[path = "nalgebra/eigenvalues.rs"]
mod eigenvalues;
#[path = "nalgebra/rotations.rs"]
mod rotations;
#[path = "nalgebra/replacements.rs"]
mod replacements;

use eigenvalues::{
    bidiagonal, eigen, eigen_by_nalgebra, eigenvalues_by_newton, exp_by_squaring, hessenberg, projector,
    projector_by_nalgebra, schur, small_svd_by_nalgebra, svd, svd_by_nalgebra,
};
use linear::{
    angle, cholesky, cholesky_by_nalgebra, determinants, inverse, inverse_by_nalgebra, ldl, lu, norms, products,
    pseudo_inverse, pseudo_inverse_by_nalgebra, qr, rank_one_update, solve_by_nalgebra,
};
use nalgebra::{DMatrix, Quaternion, UnitQuaternion};
use nilpotent::linalg::{self, quaternion, so3};
use oracle::{
    Check, WORDS, at_angle, diagonal, fixed, jets, numbers, path, same, scaled, series, single, some, verdict, zero,
};
use rotations::{
    AXES, AXIS_ANGLE, BETWEEN, OUR_AXES, OUR_BETWEEN, OUR_POWERS, OUR_SCALED_AXIS, OUR_WAYS, POWERS, SCALED_AXIS, WAYS,
    angles, axis_angle, euler, is_rotation, is_unit, logarithm, of_matrix, of_matrix_by_newton, plane, quaternion_exp,
    quaternion_ln, space,
};
use std::f64::consts::PI;

/// An operation at points of one kind, and what to call instead, if nalgebra loses the derivatives there.
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

    /// What nalgebra makes of first and of second derivatives, as the document puts it.
    fn found(&self) -> String {
        let [first, second] = [1, 2].map(|order| {
            let at = self.at.iter().map(|a| path(order, a));
            let verdicts: Vec<_> = at.flat_map(|x| self.nalgebra.iter().map(move |f| verdict(&f(&x)))).collect();
            let lost = order == 2 && !self.instead.is_empty();
            assert!(!lost || verdicts.iter().all(|&v| v > 1), "{} at {}: {verdicts:?}", self.operation, self.point);
            WORDS[verdicts.into_iter().max().unwrap()]
        });
        if first == second { first.into() } else { format!("{first}, then {second}") }
    }
}

/// Diagonal but for one pair.
fn block(n: usize, at: usize) -> DMatrix<f64> {
    let mut m = diagonal(&[-3.0, -2.0, 4.0, 1.0][..n]);
    (m[(at, at + 1)], m[(at + 1, at)]) = (0.5, 0.5);
    m
}

fn tall(d: &[f64]) -> DMatrix<f64> {
    diagonal(d).insert_rows(d.len(), 2, 0.0)
}

fn table() -> Vec<Row> {
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
        .by([products]),
        row("`norm`, `normalize`, `lp_norm`, `apply_norm`, `amax`, `cap_magnitude`, `angle`", "off kinks", [any()])
            .by([norms]),
        row("`norm`", "0", [DMatrix::zeros(3, 1)])
            .by([|x| Ok(zero(&single(numbers(x).norm())))])
            .instead("`linalg::norm`", [|x| Ok(zero(&single(linalg::norm(&numbers(x)))))]),
        row("`angle`", "parallel; 10⁻⁴ from it", [scaled(1, 0.0), scaled(1, 1e-4)])
            .by([|x| angle(x, |a, b| a.angle(b))])
            .instead("`linalg::angle`", [|x| angle(x, linalg::angle)]),
        row("`determinant`, n ≤ 3", "any", [some(2, 2, 0), any(), DMatrix::zeros(2, 2), DMatrix::zeros(3, 3)])
            .by([|x| determinants(x, DMatrix::determinant)]),
        row("`determinant`, n ≥ 4", "regular", [some(4, 4, 0), some(6, 6, 0), permutation()])
            .by([|x| determinants(x, DMatrix::determinant)]),
        row(
            "`determinant`, n ≥ 4",
            "singular",
            [diagonal(&[0.0, 1.0, 2.0, 3.0]), diagonal(&[1.0, 0.0, 0.0, 2.0]), DMatrix::zeros(5, 5)],
        )
        .by([|x| determinants(x, DMatrix::determinant)])
        .instead("`linalg::determinant`", [|x| determinants(x, linalg::determinant)]),
        row(
            "`try_inverse`, `lu().solve`, `cholesky`, `udu`, `lblt`, `rank_one_update`",
            "regular, diagonal or not",
            [some(4, 4, 0), permutation(), eye()],
        )
        .by([inverse_by_nalgebra, solve_by_nalgebra, cholesky_by_nalgebra, ldl, rank_one_update]),
        row("`try_inverse`, `lu().solve`, `cholesky`: `None`", "singular", [diagonal(&[3.0, 2.0, 1.0, 0.0])])
            .by([inverse_by_nalgebra, solve_by_nalgebra, cholesky_by_nalgebra])
            .instead(
                "`linalg::inverse`, `solve`, `cholesky`",
                [
                    |x| inverse(x, |a| linalg::inverse(&a)),
                    |x| inverse(x, |a| linalg::solve(&a, &DMatrix::identity(4, 4))),
                    |x| cholesky(x, |a| linalg::cholesky(&a)),
                ],
            ),
        row(
            "`lu`, `full_piv_lu`, `qr`, `col_piv_qr`",
            "full rank, diagonal or not",
            [some(4, 4, 0), some(5, 3, 0), some(3, 5, 0), eye(), permutation(), tall(&[2.0, 1.0])],
        )
        .by([lu, qr]),
        row("`pseudo_inverse`", "full rank, no structure", [any(), some(5, 3, 0), some(3, 5, 0)])
            .by([pseudo_inverse_by_nalgebra]),
        row("`pseudo_inverse`", "orthogonal columns", [tall(&[3.0, 2.0, 1.0]), tall(&[1.0, 1.0])])
            .by([pseudo_inverse_by_nalgebra])
            .instead("`linalg::pseudo_inverse`", [|x| pseudo_inverse(x, |a| linalg::pseudo_inverse(&a).ok())]),
        row("`symmetric_eigen`", "no structure", [some(2, 2, 0), any(), some(6, 6, 0)]).by([eigen_by_nalgebra]),
        row(
            "`symmetric_eigen`",
            "diagonal, block-diagonal",
            [diagonal(&[1.0, 3.0]), diagonal(&[1.0, 3.0, -2.0]), block(3, 0), block(3, 1), block(4, 1)],
        )
        .by([eigen_by_nalgebra])
        .instead("`linalg::symmetric_eigen`", [|x| eigen(x, |a| linalg::symmetric_eigen(&a).ok())]),
        row(
            "`symmetric_eigen`: the plane of a pair",
            "repeated",
            [diagonal(&[1.0, 1.0, 2.0]), diagonal(&[2.0, 7.0, 2.0])],
        )
        .by([projector_by_nalgebra])
        .instead("`linalg::projector`", [|x| projector(x, |a| linalg::projector(&a, 0..2).ok())]),
        row("`svd`", "no structure", [some(2, 2, 0), any(), some(4, 4, 0), some(5, 3, 0), some(3, 5, 0)])
            .by([svd_by_nalgebra, small_svd_by_nalgebra]),
        row("`svd`", "orthogonal columns", [diagonal(&[3.0, 1.0]), diagonal(&[1.0, 3.0, -2.0]), tall(&[3.0, 1.0])])
            .by([svd_by_nalgebra])
            .instead("`linalg::svd`", [|x| svd(x, linalg::svd(&numbers(x), true, true).ok())]),
        row("`schur`, `complex_eigenvalues`", "no structure", [some(2, 2, 0), any(), some(4, 4, 0)]).by([schur]),
        row("`schur`, `complex_eigenvalues`", "triangular, diagonal", [triangular, diagonal(&[1.0, 2.0, 3.0])])
            .by([schur])
            .instead("Newton's method, by `linalg::solve`", [eigenvalues_by_newton]),
        row("`hessenberg`, `bidiagonalize`", "no structure; unreduced", [some(4, 4, 0), tridiagonal])
            .by([hessenberg, bidiagonal]),
        row(
            "`exp`",
            "any size; 0; symmetric",
            [any() * 1e-3, any() * 0.1, any(), any() * 8.0, DMatrix::zeros(3, 3), diagonal(&[1.0, 1.0])],
        )
        .by([|x| Ok(same(&jets(&numbers(x).exp()), &series(x)))]),
        row("`exp`", "nilpotent", [shift])
            .by([|x| Ok(same(&jets(&numbers(x).exp()), &series(x)))])
            .instead("`(a / 2ˢ).exp()`, squared s times", [exp_by_squaring]),
        row("`Rotation2`, `UnitComplex`, `Isometry2`, `Similarity2`", "any", [any(), scaled(0, 0.0)]).by([plane]),
        row(
            "`Isometry3`, `Similarity3`, `Perspective3`, `Orthographic3`",
            "any",
            [any(), scaled(0, 0.0), scaled(1, 0.0)],
        )
        .by([space]),
        row("`Rotation3`, `UnitQuaternion`, `Quaternion`", "no structure", [any()])
            .by(SCALED_AXIS)
            .by(AXIS_ANGLE)
            .by(AXES)
            .by(POWERS)
            .by(WAYS)
            .by(BETWEEN)
            .by([angles, quaternion_exp, quaternion_ln]),
        row("`from_euler_angles`, `euler_angles`", "any; 0", [any(), scaled(0, 0.0)]).by([euler]),
        row("`UnitQuaternion::from_axis_angle`", "any; 0", [any(), scaled(1, 0.0)]).by([|x| {
            let (axis, angle, v) = axis_angle(x);
            is_unit(&UnitQuaternion::from_axis_angle(&axis, angle), &v)
        }]),
        row("`from_scaled_axis`", "0", [at_angle(0.0)])
            .by(SCALED_AXIS)
            .instead("`so3::exp`, `quaternion::from_scaled_axis`", OUR_SCALED_AXIS),
        row("`Rotation3::from_scaled_axis`", "angle 10⁻⁸", [at_angle(1e-8)])
            .by([SCALED_AXIS[0]])
            .instead("`so3::exp`", OUR_SCALED_AXIS),
        row("`Rotation3::from_axis_angle`", "angle 0", [scaled(1, 0.0)]).by(AXIS_ANGLE).instead(
            "`so3::exp(&(axis * angle))`",
            [|x| {
                let (axis, angle, v) = axis_angle(x);
                is_rotation(&so3::exp(&(axis.into_inner() * angle)), &v)
            }],
        ),
        row("`scaled_axis`, `ln`", "identity", [at_angle(0.0)])
            .by(AXES)
            .instead("`so3::log`, `quaternion::scaled_axis`", OUR_AXES),
        row("`Rotation3::scaled_axis`", "angle 10⁻⁵, π - 10⁻⁵", [at_angle(1e-5), at_angle(PI - 1e-5)])
            .by([AXES[0]])
            .instead("`so3::log`", OUR_AXES),
        row("`powf`", "identity", [at_angle(0.0)]).by(POWERS).instead("`quaternion::powf`", OUR_POWERS),
        row("`slerp`, `lerp_slerp`", "equal; 10⁻⁵ apart", [scaled(1, 0.0), scaled(1, 1e-5)])
            .by(WAYS)
            .instead("`quaternion::slerp`", OUR_WAYS),
        row("`rotation_between`", "parallel; 10⁻⁵ from it", [scaled(1, 0.0), scaled(1, 1e-5)])
            .by(BETWEEN)
            .instead("`quaternion::rotation_between`", OUR_BETWEEN),
        row("`Quaternion::exp`", "real", [at_angle(0.0)]).by([quaternion_exp]).instead(
            "`quaternion::exp`",
            [|x| {
                let (w, v, _, exp) = logarithm(x);
                Ok(same(&jets(&quaternion::exp(&Quaternion::from_parts(w, v)).coords), &exp))
            }],
        ),
        row("`Quaternion::ln`", "real", [at_angle(0.0)]).by([quaternion_ln]).instead(
            "`quaternion::ln`",
            [|x| {
                let (_, _, ln, exp) = logarithm(x);
                Ok(same(&jets(&quaternion::ln(&Quaternion::from(fixed::<4, 1>(&exp))).coords), &ln))
            }],
        ),
        row("`Rotation3::from_matrix`", "a rotation, the guess", [at_angle(0.0)])
            .by([of_matrix])
            .instead("`m·(3 - mᵀ·m)/2`, twice", [of_matrix_by_newton]),
    ]
}

#[test]
fn the_table_is_true() {
    let mut lines = vec![];
    for row in table() {
        for (a, order) in row.at.iter().flat_map(|a| [(a, 1), (a, 2)]) {
            for f in &row.linalg {
                let v = verdict(&f(&path(order, a)));
                assert_eq!(v, 0, "{} at {}, order {order}: {}{a}", row.instead, row.point, WORDS[v]);
            }
        }
        let line = format!("| {} | {} | {} | {} |", row.operation, row.point, row.found(), row.instead);
        lines.push(line.replace("|  |", "| |"));
    }
    let document = include_str!("../docs/nalgebra.md").lines().skip_while(|l| !l.starts_with("| operation")).skip(2);
    let told: Vec<_> = document.take_while(|l| l.starts_with('|')).collect();
    assert!(lines == told, "\n{}\n\nbut the document says\n\n{}", lines.join("\n"), told.join("\n"));
}
