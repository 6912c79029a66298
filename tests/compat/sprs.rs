//! sprs: sparse matrices with varying entries: products, and solutions of triangular systems.

use crate::common::Row;
use crate::hold;
use nilpotent::{Dual, Dual2, HyperDual, Real, Taylor, Var};
use sprs::linalg::trisolve::{lsolve_csc_dense_rhs, lsolve_csr_dense_rhs, usolve_csr_dense_rhs};
use sprs::{CsMat, CsVec, TriMat};

pub const ROWS: &[Row] = &[Row {
    name: "sprs",
    version: "0.11",
    what: "products of matrices and vectors, sums, triangular solves",
    asks: "`Num`, operators by reference",
    feature: "",
    numbers: "all",
}];

/// [[t, 2, 0], [0, t², 1], [0, 0, 3]]
fn upper<T: Real>(t: T) -> CsMat<T> {
    let mut a = TriMat::new((3, 3));
    a.add_triplet(0, 0, t);
    a.add_triplet(0, 1, T::lit(2.0));
    a.add_triplet(1, 1, t * t);
    a.add_triplet(1, 2, T::one());
    a.add_triplet(2, 2, T::lit(3.0));
    a.to_csr()
}

/// The same matrix with both indices reversed, which is lower triangular.
fn lower<T: Real>(t: T) -> TriMat<T> {
    let mut a = TriMat::new((3, 3));
    for (&y, (i, j)) in upper(t).iter() {
        a.add_triplet(2 - i, 2 - j, y);
    }
    a
}

fn ones<T: Real>() -> Vec<T> {
    vec![T::one(); 3]
}

fn entry<T: Real>(a: &CsMat<T>, i: usize, j: usize) -> T {
    a.get(i, j).copied().unwrap_or(T::zero())
}

/// The operations, defined for each number by name. As generic functions over `for<'a> &'a T: Mul<&'a T>` they would
/// send the compiler into an endless recursion, through another crate's `&Vec2<T>: Mul`.
trait Sparse: Real {
    fn cube(t: Self) -> CsMat<Self>;
    fn sum(t: Self) -> CsMat<Self>;
    fn row_sums(t: Self) -> Vec<Self>;
    fn squared(t: Self) -> Self;
    fn solved(t: Self, how: usize) -> Vec<Self>;
}

macro_rules! sparse {
    ($($Number:ty),+) => { $(
        impl Sparse for $Number {
            fn cube(t: Self) -> CsMat<Self> {
                let a = upper(t);
                &(&a * &a) * &a
            }

            fn sum(t: Self) -> CsMat<Self> {
                &upper(t) + &upper(t)
            }

            fn row_sums(t: Self) -> Vec<Self> {
                (&upper(t) * &CsVec::new(3, vec![0, 1, 2], ones())).data().to_vec()
            }

            fn squared(t: Self) -> Self {
                let x = CsVec::new(3, vec![0, 2], vec![t, Self::lit(2.0)]);
                x.dot(&x)
            }

            fn solved(t: Self, how: usize) -> Vec<Self> {
                let mut x = ones();
                match how {
                    0 => usolve_csr_dense_rhs::<Self, _, _, _>(upper(t).view(), &mut x[..]).unwrap(),
                    1 => lsolve_csr_dense_rhs::<Self, _, _, _>(lower(t).to_csr::<usize>().view(), &mut x[..]).unwrap(),
                    _ => lsolve_csc_dense_rhs::<Self, _, _, _>(lower(t).to_csc::<usize>().view(), &mut x[..]).unwrap(),
                }
                if how > 0 {
                    x.reverse();
                }
                x
            }
        }
    )+ };
}

sparse!(Dual, Dual<Dual>, Dual2, HyperDual, Taylor<f64, 2>, Var, Var<Dual>);

#[test]
fn products() {
    for t in [1.3, 0.0] {
        // (A³)₀₀ = t³, (A³)₀₁ = 2t² + 2t³ + 2t⁴
        hold!(|t| entry(&Sparse::cube(t), 0, 0), t, [t * t * t, 3.0 * t * t, 6.0 * t], 1e-15; all);
        let y = 2.0 * t * t * (1.0 + t + t * t);
        let expected = [y, 4.0 * t + 6.0 * t * t + 8.0 * t * t * t, 4.0 + 12.0 * t + 24.0 * t * t];
        hold!(|t| entry(&Sparse::cube(t), 0, 1), t, expected, 1e-15; all);
        hold!(|t| entry(&Sparse::sum(t), 1, 1), t, [2.0 * t * t, 4.0 * t, 4.0], 1e-15; all);
        hold!(|t| Sparse::row_sums(t)[1], t, [t * t + 1.0, 2.0 * t, 2.0], 1e-15; all);
        hold!(Sparse::squared, t, [t * t + 4.0, 2.0 * t, 2.0], 1e-15; all);
    }
}

/// A·x = 1: x = ((1 - 4/(3t²))/t, 2/(3t²), ⅓).
#[test]
fn triangular_systems() {
    let t: f64 = 1.3;
    let first =
        [1.0 / t - 4.0 / (3.0 * t.powi(3)), -1.0 / (t * t) + 4.0 / t.powi(4), 2.0 / t.powi(3) - 16.0 / t.powi(5)];
    let second = [2.0 / (3.0 * t * t), -4.0 / (3.0 * t.powi(3)), 4.0 / t.powi(4)];
    for how in 0..3 {
        hold!(|t| Sparse::solved(t, how)[0], t, first, 1e-14; all);
        hold!(|t| Sparse::solved(t, how)[1], t, second, 1e-14; all);
    }
}
