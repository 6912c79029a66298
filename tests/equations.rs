//! Implicit functions, where solutions of equations are single nodes; and gradients of sums on all cores.

use nilpotent::{Dual, Real, Taylor, Var, gradient, hessian, reverse};
#[cfg(feature = "rayon")]
use nilpotent::{par_gradient, try_par_gradient};

fn near(a: &[f64], b: &[f64], relative: f64) {
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= relative * b.abs().max(1e-3), "{a:e}, expected {b:e}");
    }
}

#[cfg(feature = "nalgebra")]
mod equations {
    use super::*;
    use nalgebra::{DMatrix, DVector, matrix, vector};
    use nilpotent::linalg::{self, Equation, Number};
    use nilpotent::nth_derivative;

    /// The equations x² + y² = θ₀ and x·y = θ₁.
    struct Circle;

    impl Equation for Circle {
        fn of<T: Number>(&self, x: &[T], theta: &[T]) -> Vec<T> {
            vec![x[0] * x[0] + x[1] * x[1] - theta[0], x[0] * x[1] - theta[1]]
        }
    }

    /// The closed form follows from (x ± y)² = θ₀ ± 2θ₁.
    fn closed<T: Real>(theta: &[T]) -> T {
        let (sum, difference) = (theta[0] + theta[1] + theta[1], theta[0] - theta[1] - theta[1]);
        (sum.sqrt() + difference.sqrt()) * T::lit(0.5)
    }

    #[test]
    fn roots_in_all_modes() {
        fn root<T: Number>(theta: &[T]) -> T {
            linalg::root(&Circle, &[T::Float::lit(2.0), T::Float::lit(1.0)], theta).expect("regular")[0]
        }
        let theta = [5.0, 2.0];
        let (y, dy) = gradient(closed, &theta[..]);
        let found = [gradient(root, &theta[..]), reverse::gradient(root, &theta[..])];
        for (z, dz) in found {
            assert_eq!((y, z), (2.0, 2.0));
            near(&dz, &dy, 1e-14);
        }
        let h = hessian(closed, &theta[..]).2.concat();
        near(&hessian(root, &theta[..]).2.concat(), &h, 1e-13);
        near(&reverse::hessian(root, &theta[..]).2.concat(), &h, 1e-13);
        let line = |t: Taylor<f64, 5>| root(&[t + 5.0, t * -0.5 + 2.0]);
        let expected = nth_derivative::<5, _, _>(|t| closed(&[t + 5.0, t * -0.5 + 2.0]), 0.0_f64).1;
        near(&nth_derivative(line, 0.0).1, &expected, 1e-12);
        // A double root is not a differentiable function of the parameters.
        assert!(linalg::root(&Circle, &[1.0, 1.0], &[Dual::<f64>::variable(2.0, 0), Dual::constant(1.0)]).is_none());
    }

    #[test]
    fn products_and_solutions() {
        let a = DMatrix::from_fn(5, 5, |i, j| 1.0 / (1 + i + j) as f64 + f64::from(i == j));
        let f = |x: DVector<Var>| {
            let a: DMatrix<Var> = linalg::lift(&a);
            let y = linalg::gemv(&a, &x);
            linalg::dot(&y, &linalg::solve(&(a * x[0]), &y).expect("regular"))
        };
        // yᵀ(x₀A)⁻¹y with y = Ax is xᵀAx/x₀.
        let x = DVector::from_fn(5, |i, _| 1.0 + 0.25 * i as f64);
        let closed = |x: DVector<Dual<f64, 8>>| x.dot(&(linalg::lift::<_, Dual<f64, 8>>(&a) * &x)) / x[0];
        let ((y, dy), (z, dz)) = (reverse::gradient(f, &x), gradient(closed, &x));
        near(&[y], &[z], 1e-14);
        near(dy.as_slice(), dz.as_slice(), 1e-13);
        // Counts records: an entry of the residual has the operands of a row of A and one entry of b; an entry of a
        // triangular solve has the entries before it, or those after it.
        let n = 10;
        let entries: Vec<f64> =
            (0..n * n + n).map(|i| f64::from(i % 7) + if i % (n + 1) == 0 { 30.0 } else { 0.0 }).collect();
        let solve = |x: &[Var]| {
            let n = n as usize;
            let (a, b) = (DMatrix::from_column_slice(n, n, &x[..n * n]), DVector::from_column_slice(&x[n * n..]));
            linalg::solve(&a, &b).expect("regular")[0]
        };
        let residual = n * (n + 2) / 2;
        let triangle: i32 = (2..=n).map(|k| (k + 1) / 2).sum();
        assert_eq!(reverse::record(solve, &entries[..]).1.records(), (residual + 2 * triangle) as usize);
        let m = matrix![1.0, 2.0; 3.0, 4.0];
        assert_eq!(linalg::gemm(&m, &m), m * m);
        assert_eq!(linalg::gemv(&m, &vector![1.0, 1.0]), vector![3.0, 7.0]);
    }
}

#[cfg(feature = "rayon")]
#[test]
fn gradients_on_all_cores() {
    let data: Vec<f64> = (0..1000).map(|i| 0.01 * f64::from(i)).collect();
    let term = |&t: &f64, x: &[Var]| (x[0] * t).sin() * x[1] - x[1] * x[1] * t;
    let x = [0.7, 1.3];
    let (y, dy) = reverse::par_gradient(term, &data, &x[..]);
    let all = |x: &[Var]| data.iter().map(|t| term(t, x)).sum::<Var>();
    let (z, dz) = reverse::gradient(all, &x[..]);
    near(&[y], &[z], 1e-12);
    near(&dy, &dz, 1e-12);
    // Bit for bit the sums of chunks of 64 terms in their order, on one thread: so the number of threads does not matter.
    let chunk = |data: &[f64]| reverse::gradient(|x: &[Var]| data.iter().map(|t| term(t, x)).sum::<Var>(), &x[..]);
    let one = data.chunks(64).map(chunk).fold((0.0, [0.0; 2]), |(y, [a, b]), (z, d)| (y + z, [a + d[0], b + d[1]]));
    assert_eq!((y, &dy[..]), (one.0, &one.1[..]));

    // The same in forward mode, at arrays, and of functions that fail.
    let known =
        [data.iter().map(|t| 1.3 * t * (0.7 * t).cos()).sum(), data.iter().map(|t| (0.7 * t).sin() - 2.6 * t).sum()];
    near(&dy, &known, 1e-12);
    fn line<T: Real>(t: f64, [a, b]: [T; 2]) -> T {
        (a * T::lit(t)).sin() * b - b * b * T::lit(t)
    }
    let (z, dz) = par_gradient(|&t, x| line(t, x), &data, x);
    near(&[z], &[y], 1e-12);
    near(&dz, &known, 1e-12);
    near(&reverse::par_gradient(|&t, x| line(t, x), &data, x).1, &known, 1e-12);
    near(&par_gradient(|&t, x| line(t, [x[0], x[1]]), &data, &x[..]).1, &known, 1e-12);
    near(
        reverse::par_gradient(|&t, x| line(t, [x[0], x[1]]), &data, &nalgebra::vector![0.7, 1.3]).1.as_slice(),
        &known,
        1e-12,
    );
    let below = |most: f64| move |&t: &f64, [a]: [Dual; 1]| if t < most { Ok(a * t) } else { Err(t) };
    assert_eq!(try_par_gradient(below(5.0), &data, [2.0]), Err(5.0));
    assert_eq!(try_par_gradient(below(5.0), &[1.0, 4.5], [2.0]), Ok((11.0, [5.5])));
    assert_eq!(try_par_gradient(below(5.0), &[], [2.0]), Ok((0.0, [0.0])));
    let below = |&t: &f64, [a]: [Var; 1]| (t < 5.0).then_some(a * t);
    assert_eq!(reverse::try_par_gradient(below, &data, [2.0]), None);
    assert_eq!(reverse::try_par_gradient(below, &[1.0, 4.5], [2.0]), Some((11.0, [5.5])));
}
