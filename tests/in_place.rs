//! Drivers that write into the caller's memory: against the drivers that return their results, bit for bit; allocations; wrong
//! sizes; functions that fail.

#[path = "common/flat.rs"]
mod flat;
#[path = "common/panics.rs"]
mod panics;

use flat::Flat;
use nalgebra::{
    DMatrix, DVector, DVectorView, Isometry3, Matrix3, Point3, Rotation3, SMatrix, SVector, SVectorView,
    UnitQuaternion, vector,
};
use nilpotent::{Buffers, Chunk, Dual, HyperDual, Real, Var, derivative, forward, linalg, reverse};
use panics::{ENDED, panics};

/// `Σ (i + 1)·xᵢ³ + Π xᵢ + sin Σ xᵢ`
fn f<T: Real>(x: &[T]) -> T {
    let weights = (1..).map(|i| T::lit(f64::from(i)));
    let cubes = x.iter().zip(weights).map(|(&x, w)| w * x * x * x).sum::<T>();
    cubes + x.iter().product::<T>() + x.iter().sum::<T>().sin()
}

const M: usize = 5;

/// Five outputs, one of which is a constant.
fn g<T: Real>(x: &[T]) -> [T; M] {
    let sum = x.iter().sum::<T>();
    [sum.exp(), f(x), T::lit(2.0), x.iter().map(|&x| x * x).sum::<T>() * sum, x.first().map_or(sum, |x| x.sin())]
}

#[track_caller]
fn same(found: &[f64], expected: &[f64]) {
    let bits = |x: &[f64]| x.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(found), bits(expected), "{found:?}, expected {expected:?}");
}

/// Calls every driver with its form in place. The functions are given as text, since each driver calls them with numbers of
/// another type, and so is the point, since each driver has buffers of another type.
#[allow(clippy::match_single_binding)]
macro_rules! all_drivers {
    ($n:expr, |$p:ident| $f:expr, |$q:ident| $g:expr, $x:expr, $v:expr) => {{
        let n: usize = $n;
        let (nan, many) = (vec![f64::NAN; n], vec![f64::NAN; n * n]);
        let (mut first, mut second, mut square) = (nan.clone(), nan, many);
        let (mut value, mut tangent, mut rows) = ([f64::NAN; M], [f64::NAN; M], vec![f64::NAN; M * n]);

        let (y, dy) = forward::gradient(|$p| $f, $x);
        same(&[forward::gradient_into(|$p| $f, $x, &mut first)], &[y]);
        same(&first, &dy.flat());
        assert_eq!(forward::try_gradient_into(|$p| Some($f), $x, &mut second), Some(y));
        same(&second, &dy.flat());
        let (y, j) = forward::jacobian(|$q| $g, $x);
        forward::jacobian_into(|$q| $g, $x, &mut value, &mut rows);
        same(&value, &y);
        same(&rows, &j.each_ref().map(Flat::flat).concat());
        let (y, dy) = forward::jvp(|$q| $g, $x, $v);
        forward::jvp_into(|$q| $g, $x, $v, &mut value, &mut tangent);
        same(&[value, tangent].concat(), &[y, dy].concat());
        let (y, dy, hv) = forward::hvp(|$p| $f, $x, $v);
        same(&[forward::hvp_into(|$p| $f, $x, $v, &mut first, &mut second)], &[y]);
        same(&first, &dy.flat());
        same(&second, &hv.flat());
        let (y, dy, h) = forward::hessian(|$p| $f, $x);
        same(&[forward::hessian_into(|$p| $f, $x, &mut first, &mut square)], &[y]);
        same(&first, &dy.flat());
        same(&square, &h.flat());

        let (y, dy) = reverse::gradient(|$p| $f, $x);
        first.fill(f64::NAN);
        same(&[reverse::gradient_into(|$p| $f, $x, &mut first)], &[y]);
        same(&first, &dy.flat());
        assert_eq!(reverse::try_gradient_into(|$p| Some($f), $x, &mut second), Some(y));
        same(&second, &dy.flat());
        let (y, j) = reverse::jacobian(|$q| $g, $x);
        rows.fill(f64::NAN);
        reverse::jacobian_into(|$q| $g, $x, &mut value, &mut rows);
        same(&value, &y);
        same(&rows, &j.each_ref().map(Flat::flat).concat());
        let w = [0.5, -1.0, 3.0, 0.0, 2.0];
        reverse::vjp_into(|$q| $g, $x, &w, &mut value, &mut first);
        // The point lives as long as its pullback.
        match reverse::vjp(|$q| $g, $x) {
            (y, pullback) => {
                same(&value, &y);
                same(&first, &pullback.call(w).flat());
                pullback.call_into(&w, &mut second);
                same(&second, &first);
            }
        }
        let (y, recording) = reverse::record(|$q| $g, $x);
        recording.adjoints_into(&[(y[0], w[0]), (y[3], w[3]), (y[1], w[1]), (y[4], w[4])], &mut second);
        same(&second, &first);
        match reverse::linearize(|$q| $g, $x) {
            (_, linear) => {
                linear.transposed_into(&w, &mut second);
                same(&second, &first);
                let along: Vec<_> = (0..n).map(|i| 0.5 - i as f64).collect();
                linear.call_into(&along, &mut tangent);
                same(&tangent, &linear.call(&along));
                match reverse::linearize_gradient(|$p| $f, $x) {
                    (_, _, hessian) => {
                        hessian.call_into(&along, &mut second);
                        same(&second, &hessian.call(&along).flat());
                    }
                }
            }
        }
        let (y, dy, hv) = reverse::hvp(|$p| $f, $x, $v);
        same(&[reverse::hvp_into(|$p| $f, $x, $v, &mut first, &mut second)], &[y]);
        same(&first, &dy.flat());
        same(&second, &hv.flat());
        let (y, dy, h) = reverse::hessian(|$p| $f, $x);
        square.fill(f64::NAN);
        same(&[reverse::hessian_into(|$p| $f, $x, &mut first, &mut square)], &[y]);
        same(&first, &dy.flat());
        same(&square, &h.flat());
    }};
}

/// A point of N variables, and a direction.
fn point<const N: usize>() -> [[f64; N]; 2] {
    let x = core::array::from_fn(|i| 0.3 + 0.1 * i as f64 - 0.02 * (i * i) as f64);
    [x, core::array::from_fn(|i| 1.0 - 0.25 * i as f64)]
}

/// At points whose number of variables is known to the compiler.
fn fixed<const N: usize>() {
    let [x, v] = point::<N>();
    all_drivers!(N, |x| f(&x), |x| g(&x), x, v);
    let (column, direction) = (SVector::from(x), SVector::from(v));
    all_drivers!(N, |x| f(x.as_slice()), |x| g(x.as_slice()), &column, &direction);
    let view = |x: &'static SVector<f64, N>| -> SVectorView<'static, f64, N> { x.as_view() };
    let [still, along] = [column, direction].map(|x| &*Box::leak(Box::new(x)));
    all_drivers!(N, |x| f(x.as_slice()), |x| g(x.as_slice()), view(still), view(along));
}

/// At points of any number of variables.
fn dynamic(n: usize) {
    let [x, v] = point::<17>().map(|x| x[..n].to_vec());
    all_drivers!(n, |x| f(x), |x| g(x), &x[..], &v[..]);
    all_drivers!(n, |x| f(x), |x| g(x), &x, &v);
    all_drivers!(n, |x| f(x), |x| g(x), Chunk::<3>(&x), Chunk::<3>(&v));
    all_drivers!(n, |x| f(x), |x| g(x), Buffers::default().point(&x), &v);
    let (column, direction) = (DVector::from_row_slice(&x), DVector::from_row_slice(&v));
    all_drivers!(n, |x| f(x.as_slice()), |x| g(x.as_slice()), &column, &direction);
    all_drivers!(n, |x| f(x.as_slice()), |x| g(x.as_slice()), column.rows(0, n), direction.rows(0, n));
    all_drivers!(n, |x| f(x.as_slice()), |x| g(x.as_slice()), Buffers::default().vector(&column), direction.rows(0, n));
}

#[test]
fn every_form_at_every_point() {
    fixed::<0>();
    fixed::<1>();
    fixed::<9>();
    [0, 1, 3, 8, 9, 17].into_iter().for_each(dynamic);
}

#[test]
fn every_form_at_rotations_and_motions() {
    let (p, w) = (vector![1.0, 2.0, 3.0], vector![-0.5, 0.25, 2.0]);
    let v = vector![1.0, -0.5, 0.25];
    let q = UnitQuaternion::from_euler_angles(0.1, 0.2, 0.3);
    let both = |p: &SVector<f64, 3>| p.iter().chain(&w).copied().collect::<Vec<_>>();
    assert_eq!(both(&p).len(), 6);
    all_drivers!(
        3,
        |q| (q * linalg::lift(&p)).dot(&linalg::lift(&w)),
        |q| g((q * linalg::lift(&p)).as_slice()),
        &q,
        &v
    );
    all_drivers!(
        3,
        |q| (q * linalg::lift(&p)).dot(&linalg::lift(&w)),
        |q| g((q * linalg::lift(&p)).as_slice()),
        &Rotation3::from_euler_angles(0.1, 0.2, 0.3),
        &v
    );
    let (motion, along) = (Isometry3::from_parts(p.into(), q), vector![1.0, -0.5, 0.25, 2.0, -1.0, 0.5]);
    all_drivers!(
        6,
        |m| (m * Point3::from(linalg::lift(&w))).coords.dot(&linalg::lift(&p)),
        |m| g((m * Point3::from(linalg::lift(&w))).coords.as_slice()),
        &motion,
        &along
    );
}

/// One output, which has a sweep of its own, and none.
#[test]
fn few_outputs() {
    let x = [0.5, 2.0, -1.0];
    let (y, j) = reverse::jacobian(|x| [f(x)], &x[..]);
    let (mut value, mut row) = ([0.0], [[0.0; 3]]);
    reverse::jacobian_into(f, &x[..], &mut value, &mut row);
    same(&value, &y);
    same(row.as_flattened(), &j.concat());
    forward::jacobian_into(|_| [] as [Dual<f64, 8>; 0], &x[..], &mut [0.0; 0], &mut DMatrix::zeros(0, 3));
    reverse::jacobian_into(|_| [] as [Var; 0], &x[..], &mut [0.0; 0], &mut [[0.0; 3]; 0]);
    let mut product = [f64::NAN; 3];
    reverse::vjp_into(|_| [] as [Var; 0], &x[..], &[], &mut [0.0; 0], &mut product);
    assert_eq!(product, [0.0; 3]);
}

/// All kinds of memory get the same entries, and what is around a view stays.
#[test]
fn destinations() {
    let [x, _] = point::<4>();
    let h = |x: [Dual<f64, 4>; 4]| [f(&x), x[0] * x[1], x[3]];
    let (y, j) = forward::jacobian(h, x);
    let mut value = vec![0.0; 3];
    let (mut slice, mut array, mut rows) = (vec![0.0; 12], [[0.0; 4]; 3], vec![[0.0; 4]; 3]);
    forward::jacobian_into(h, x, &mut value, &mut slice[..]);
    assert_eq!((&value[..], &slice[..]), (&y[..], j.as_flattened()));
    forward::jacobian_into(h, x, &mut value[..], &mut array);
    assert_eq!(array, j);
    forward::jacobian_into(h, x, &mut value, &mut rows);
    assert_eq!(rows, j);
    forward::jacobian_into(h, x, &mut value, &mut rows[..]);
    let (mut column, mut matrix) = (vector![0.0, 0.0, 0.0], SMatrix::<f64, 3, 4>::zeros());
    forward::jacobian_into(h, x, &mut column, &mut matrix);
    assert_eq!((column, matrix), (y.into(), SMatrix::from_fn(|i, k| j[i][k])));

    // Inside of larger matrices, with strides.
    let mut outer = DMatrix::from_element(7, 9, -1.0);
    forward::jacobian_into(h, x, &mut column, &mut outer.view_with_steps_mut((1, 2), (3, 4), (1, 0)));
    let inside = |i: usize, k: usize| [1, 3, 5].contains(&i) && (2..6).contains(&k);
    let expected = DMatrix::from_fn(7, 9, |i, k| if inside(i, k) { j[(i - 1) / 2][k - 2] } else { -1.0 });
    assert_eq!(outer, expected);

    // A gradient is a column or a row.
    let (_, dy) = forward::gradient(|x| f(&x), x);
    let mut outer = DMatrix::from_element(5, 6, -1.0);
    forward::gradient_into(|x| f(&x), x, &mut outer.view_mut((1, 3), (4, 1)));
    reverse::gradient_into(|x: [_; 4]| x[0] * 2.0, x, &mut outer.view_mut((0, 2), (1, 4)));
    forward::gradient_into(|x| f(&x), x, &mut array[1..2]);
    let row = [2.0, 0.0, 0.0, 0.0];
    let expected = DMatrix::from_fn(5, 6, |i, k| match (i, k) {
        (0, 2..6) => row[k - 2],
        (1..5, 3) => dy[i - 1],
        _ => -1.0,
    });
    assert_eq!((outer, array), (expected, [j[0], dy, j[2]]));
    let mut one = Matrix3::from_element(-1.0);
    forward::gradient_into(|[a]| a * a, [3.0], &mut one.view_mut((1, 1), (1, 1)));
    assert_eq!(one, nalgebra::matrix![-1.0, -1.0, -1.0; -1.0, 6.0, -1.0; -1.0, -1.0, -1.0]);
}

/// Functions of slices that write into slices, with the same buffers at points of different lengths, and in nested calls.
#[test]
fn buffers_at_other_lengths() {
    let (buffers, mut dy) = (Buffers::default(), [f64::NAN; 20]);
    for n in [20, 3, 9, 0, 17, 1] {
        let x: Vec<f64> = (0..n).map(|i| 0.1 * f64::from(i)).collect();
        let y = forward::gradient_into(f, buffers.point(&x), &mut dy[..x.len()]);
        let (expected, gradient) = forward::gradient(f, &x);
        same(&[y], &[expected]);
        same(&dy[..x.len()], &gradient);
    }
    // The inner driver finds the buffers in use, and takes new memory.
    let x = [3.0, 4.0];
    let nested = |x: &[Dual<f64, 8>]| {
        let mut inner = [0.0; 2];
        forward::gradient_into(|x| x[0] * x[1], buffers.point(&[5.0, 6.0]), &mut inner);
        x[0] * inner[0] + x[1] * inner[1]
    };
    let y = forward::gradient_into(nested, buffers.point(&x), &mut dy[..2]);
    assert_eq!((y, &dy[..2]), (38.0, &[6.0, 5.0][..]));
}

/// The drivers nest, and write numbers.
#[test]
fn nested_numbers() {
    // ∂(ab²)/∂b = 2ab at a = t, b = t², whose derivative is 6t².
    let inner = |t: Dual| {
        let mut dy = [Dual::constant(0.0); 2];
        forward::gradient_into(|[a, b]| a * b * b, [t, t * t], &mut dy);
        dy[1]
    };
    assert_eq!(derivative(inner, 3.0), (54.0, 54.0));
    let inner = |t: Dual| {
        let (mut value, mut j) = ([t; 2], DMatrix::from_element(2, 2, t));
        reverse::jacobian_into(|[a, b]| [a * b * b, a], [t, t * t], &mut value, &mut j);
        [value[0], j[(0, 1)], j[(1, 0)], j[(1, 1)]]
    };
    assert_eq!(derivative(inner, 3.0), ([243.0, 54.0, 1.0, 0.0], [405.0, 54.0, 0.0, 0.0]));
    let inner = |t: Var| {
        let (mut dy, mut h) = ([t; 2], [[t; 2]; 2]);
        forward::hessian_into(|[a, b]| a * b * b, [t, t * t], &mut dy, &mut h);
        h[1][0] + h[1][1]
    };
    assert_eq!(reverse::gradient(|[t]| inner(t), [3.0]), (24.0, [14.0]));
}

/// Of each form the second call, with another function, allocates nothing.
#[test]
fn nothing_is_allocated_after_the_first_call() {
    const N: usize = 17;
    let [x, v] = point::<N>();
    let (column, direction) = (DVector::from_row_slice(&x), DVector::from_row_slice(&v));
    let fixed = SVector::from(x);
    let free = |name: &str, run: &mut dyn FnMut()| {
        run();
        assert_eq!(allocation_counter::measure(run).count_total, 0, "{name}");
    };
    fn written<T: Real>(x: &[T], y: &mut [T]) {
        y.copy_from_slice(&g(x));
    }
    let (mut first, mut second, mut square) = ([0.0; N], [0.0; N], [0.0; N * N]);
    let (mut matrix, mut value, mut tangent) = (DMatrix::zeros(M, N), [0.0; M], DVector::zeros(M));
    let w = [0.5, -1.0, 3.0, 0.0, 2.0];
    macro_rules! all_free {
        ($kind:literal, |$p:ident| $f:expr, |$q:ident, $buffers:ident| $g:expr, $at:expr, $along:expr) => {{
            macro_rules! with {
                ($b:ident => $call:expr) => {{
                    let $b = Buffers::default();
                    free(concat!($kind, ": ", stringify!($call)), &mut || _ = $call);
                }};
            }
            macro_rules! at {
                ($b:ident) => {{
                    let $buffers = &$b;
                    let _ = $buffers;
                    $at($buffers)
                }};
            }
            with!(b => forward::gradient_into(|$p| $f, at!(b), &mut first));
            with!(b => forward::try_gradient_into(|$p| Ok::<_, String>($f), at!(b), &mut first));
            with!(b => forward::jacobian_into(|$q| { let $buffers = &b; $g }, at!(b), &mut value, &mut matrix));
            with!(b => forward::jvp_into(|$q| { let $buffers = &b; $g }, at!(b), $along, &mut value, &mut tangent));
            with!(b => forward::hvp_into(|$p| $f, at!(b), $along, &mut first, &mut second));
            with!(b => forward::hessian_into(|$p| $f, at!(b), &mut first, &mut square));
            with!(b => reverse::gradient_into(|$p| $f, at!(b), &mut first));
            with!(b => reverse::try_gradient_into(|$p| Ok::<_, String>($f), at!(b), &mut first));
            with!(b => reverse::jacobian_into(|$q| { let $buffers = &b; $g }, at!(b), &mut value, &mut matrix));
            with!(b => reverse::vjp_into(|$q| { let $buffers = &b; $g }, at!(b), &w, &mut value, &mut first));
            with!(b => reverse::hvp_into(|$p| $f, at!(b), $along, &mut first, &mut second));
            with!(b => reverse::hessian_into(|$p| $f, at!(b), &mut first, &mut square));
        }};
    }
    all_free!("buffers", |x| f(x), |x, b| b.outputs(M, |y| written(x, y)), |b| Buffers::point(b, &x), &v);
    all_free!(
        "vector",
        |x| f(x.as_slice()),
        |x, b| b.outputs(M, |y| written(x.as_slice(), y)),
        |b| Buffers::vector(b, &column),
        direction.as_view()
    );
    all_free!("array", |x| f(&x), |x, _b| g(&x), |_: &Buffers<f64>| x, v);
    let along = SVector::from(v);
    all_free!("fixed", |x| f(x.as_slice()), |x, _b| g(x.as_slice()), |_: &Buffers<f64>| &fixed, &along);

    let (_, pullback) = reverse::vjp(g, &x[..]);
    free("pullback", &mut || pullback.call_into(&w, &mut first));
    let (_, linear) = reverse::linearize(g, &x[..]);
    free("linear", &mut || linear.call_into(&v, &mut value));
    free("linear, transposed", &mut || linear.transposed_into(&w, &mut first));
    let (_, _, hessian) = reverse::linearize_gradient(f, &x[..]);
    free("linear gradient", &mut || hessian.call_into(&v, &mut first));
    let (y, recording) = reverse::record(f, &x[..]);
    free("recording", &mut || recording.adjoints_into(&[(y, 1.0)], &mut first));
}

/// What stays if a function fails in its second pass.
#[test]
fn functions_that_fail() {
    let x = [1.0; 20];
    let (mut first, mut square) = ([7.0; 20], [[7.0; 20]; 20]);
    let mut passes = 0;
    let y = forward::try_gradient_into(
        |x: &[Dual<f64, 8>]| {
            passes += 1;
            (passes < 2).then(|| x.iter().copied().sum())
        },
        &x[..],
        &mut first,
    );
    assert_eq!((y, passes), (None, 2));
    assert_eq!((&first[..8], &first[8..]), (&[1.0; 8][..], &[7.0; 12][..]));
    let (mut value, mut passes) = ([7.0; 1], 0);
    let y = forward::try_jacobian_into(
        |x: &[Dual<f64, 8>]| {
            passes += 1;
            if passes == 2 { Err("the second pass") } else { Ok(x.iter().copied().sum::<Dual<f64, 8>>()) }
        },
        &x[..],
        &mut value,
        &mut square[..1],
    );
    assert_eq!((y, value), (Err("the second pass"), [20.0]));
    assert_eq!((&square[0][..8], &square[0][8..], square[1]), (&[1.0; 8][..], &[7.0; 12][..], [7.0; 20]));

    let mut untouched = [7.0; 20];
    let (mut a, mut b, mut square) = ([7.0; 1], [7.0; 20], [[7.0; 20]; 20]);
    assert_eq!(forward::try_jvp_into(|_: &[Dual]| None::<Dual>, &x[..], &x[..], &mut a, &mut [7.0]), None);
    assert_eq!(forward::try_hvp_into(|_| Err(1), &x[..], &x[..], &mut untouched, &mut b), Err(1));
    assert_eq!(forward::try_hessian_into(|_| Err(1), &x[..], &mut untouched, &mut square), Err(1));
    assert_eq!(reverse::try_gradient_into(|_| None, &x[..], &mut untouched), None);
    assert_eq!(reverse::try_jacobian_into(|_| None::<Var>, &x[..], &mut a, &mut untouched), None);
    assert_eq!(reverse::try_vjp_into(|_| None::<Var>, &x[..], &[1.0], &mut a, &mut untouched), None);
    assert_eq!(reverse::try_hvp_into(|_| None, &x[..], &x[..], &mut untouched, &mut b), None);
    assert_eq!(reverse::try_hessian_into(|_| None, &x[..], &mut untouched, &mut square), None);
    assert_eq!((a, untouched, b, square), ([7.0; 1], [7.0; 20], [7.0; 20], [[7.0; 20]; 20]));
}

/// Before the function is called.
#[test]
fn memory_of_a_wrong_size() {
    let never = |_: [Dual<f64, 2>; 2]| -> Dual<f64, 2> { unreachable!() };
    let never_recorded = |_: [Var; 2]| -> Var { unreachable!() };
    let (x, mut two) = ([1.0, 2.0], [0.0; 2]);
    let three = "the gradient has 2 entries, and there is room for 3";
    panics(three, || _ = forward::gradient_into(never, x, &mut [0.0; 3]));
    panics(three, || _ = reverse::gradient_into(never_recorded, x, &mut vector![0.0, 0.0, 0.0]));
    let rows = "the gradient has 2 entries, and there is room for a matrix of 2×2";
    panics(rows, || _ = forward::gradient_into(never, x, &mut [[0.0; 2]; 2]));
    panics(rows, || _ = forward::gradient_into(never, x, &mut DMatrix::zeros(2, 2)));
    let wide = "the Jacobian has 2×2 entries, and there is room for 2×3";
    panics(wide, || forward::jacobian_into(never, x, &mut two, &mut [[0.0; 3]; 2]));
    panics(wide, || reverse::jacobian_into(never_recorded, x, &mut two, &mut DMatrix::zeros(2, 3)));
    let flat = "the Jacobian has 3×2 entries, and there is room for 4";
    panics(flat, || forward::jacobian_into(never, x, &mut [0.0; 3], &mut [0.0; 4]));
    let tall = "the value has 6 entries, and there is room for a matrix of 2×3";
    panics(tall, || forward::jacobian_into(never, x, &mut DMatrix::zeros(2, 3), &mut [0.0; 4]));
    let along = |_: [Dual; 2]| -> Dual { unreachable!() };
    let tangent = "the tangent has 2 entries, and there is room for 1";
    panics(tangent, || forward::jvp_into(along, x, x, &mut two, &mut [0.0]));
    let direction = "assertion `left == right` failed: the point has 2 coordinates and the direction has 3";
    let slices = |_: &[Dual]| -> Dual { unreachable!() };
    panics(direction, || forward::jvp_into(slices, &x[..], &[1.0; 3][..], &mut [0.0; 2], &mut [0.0; 2]));
    let twice = |_: [Dual<Dual, 2>; 2]| -> Dual<Dual, 2> { unreachable!() };
    let product = "the product has 2 entries, and there is room for 1";
    panics(product, || _ = forward::hvp_into(twice, x, x, &mut [0.0; 2], &mut [0.0]));
    let recorded = |_: [Var<Dual>; 2]| -> Var<Dual> { unreachable!() };
    panics(product, || _ = reverse::hvp_into(recorded, x, x, &mut [0.0; 2], &mut [0.0]));
    panics(product, || reverse::vjp_into(never_recorded, x, &[1.0], &mut [0.0], &mut [0.0]));
    let value = "the value has 3 entries, and there is room for 2";
    panics(value, || reverse::vjp_into(never_recorded, x, &[1.0; 3], &mut [0.0; 2], &mut [0.0; 2]));
    let hessian = "the Hessian has 2×2 entries, and there is room for 3";
    let blocks = |_: &[HyperDual<f64, 4, 4>]| -> HyperDual<f64, 4, 4> { unreachable!() };
    panics(hessian, || _ = forward::hessian_into(blocks, &x[..], &mut [0.0; 2], &mut [0.0; 3]));
    let chunks = |_: [Var<Dual<f64, 2>>; 2]| -> Var<Dual<f64, 2>> { unreachable!() };
    panics(hessian, || _ = reverse::hessian_into(chunks, x, &mut [0.0; 2], &mut [0.0; 3]));
    let (_, pullback) = reverse::vjp(|[a, b]| a * b, x);
    panics("the product has 2 entries, and there is room for 3", || pullback.call_into(&[1.0], &mut [0.0; 3]));
    panics("assertion `left == right` failed: 2 weights for 1 outputs of the function", || {
        pullback.call_into(&[1.0; 2], &mut [0.0; 2]);
    });
    let (_, linear) = reverse::linearize(|[a, b]| a * b, x);
    panics("the tangent has 1 entries, and there is room for 2", || linear.call_into(&x, &mut [0.0; 2]));
    panics("assertion `left == right` failed: the point has 2 coordinates and the direction has 1", || {
        linear.call_into(&[1.0], &mut [0.0]);
    });
    let (_, _, map) = reverse::linearize_gradient(|[a, b]| a * b, x);
    panics(product, || map.call_into(&x, &mut [0.0]));
    let (y, recording) = reverse::record(|[a, b]| a * b, x);
    panics(three, || recording.adjoints_into(&[(y, 1.0)], &mut [0.0; 3]));
}

/// After it.
#[test]
fn another_number_of_outputs() {
    let few = "the function returned 2 values, and there is room for 3";
    panics(few, || forward::jacobian_into(|x: [_; 2]| x, [1.0, 2.0], &mut [0.0; 3], &mut [0.0; 6]));
    panics(few, || forward::jvp_into(|x: [_; 2]| x, [1.0; 2], [2.0; 2], &mut [0.0; 3], &mut [0.0; 3]));
    panics(few, || reverse::jacobian_into(|x: [_; 2]| x, [1.0, 2.0], &mut [0.0; 3], &mut [0.0; 6]));
    let many = "the function returned 2 values, and there is room for 1";
    panics(many, || forward::jacobian_into(|x: [_; 2]| x, [1.0, 2.0], &mut [0.0], &mut [0.0; 2]));
    panics(many, || reverse::jacobian_into(|x: [_; 2]| x, [1.0, 2.0], &mut [0.0], &mut [0.0; 2]));
    let weights = "assertion `left == right` failed: 1 weights for 2 outputs of the function";
    panics(weights, || reverse::vjp_into(|x: [_; 2]| x, [1.0, 2.0], &[1.0], &mut [0.0], &mut [0.0; 2]));
    let (other, _) = reverse::record(|[a]| a, [1.0]);
    let foreign = |_: [Var; 1]| other;
    panics(ENDED, || reverse::vjp_into(foreign, [1.0], &[1.0], &mut [0.0], &mut [0.0]));
}

/// The callback of a sampler, as a method of a model: slices, and errors.
#[test]
fn a_solvers_callback() {
    struct Model {
        data: Vec<f64>,
        buffers: Buffers<Var>,
    }
    impl Model {
        fn density<T: Real>(&self, x: &[T]) -> Result<T, &'static str> {
            let [mean, deviation] = x else { return Err("two parameters") };
            if *deviation <= T::zero() {
                return Err("the deviation is not positive");
            }
            let square = |&y: &f64| ((T::lit(y) - *mean) / *deviation).powi(2);
            Ok(self.data.iter().map(square).sum::<T>() * T::lit(-0.5) - deviation.ln() * T::lit(self.data.len() as f64))
        }

        fn logp(&mut self, x: &[f64], grad: &mut [f64]) -> Result<f64, &'static str> {
            reverse::try_gradient_into(|x| self.density(x), self.buffers.point(x), grad)
        }
    }
    let mut model = Model { data: vec![1.0, 2.0, 6.0], buffers: Buffers::default() };
    let mut grad = [0.0; 2];
    // At mean 3 and deviation 2: Σ(y - m)/s², and Σ(y - m)²/s³ - n/s.
    assert_eq!(model.logp(&[3.0, 2.0], &mut grad), Ok(-14.0 / 8.0 - 3.0 * 2.0_f64.ln()));
    assert_eq!(grad, [0.0, 14.0 / 8.0 - 1.5]);
    let counted = allocation_counter::measure(|| _ = model.logp(&[2.0, 4.0], &mut grad));
    assert_eq!((counted.count_total, grad), (0, [3.0 / 16.0, 17.0 / 64.0 - 0.75]));
    assert_eq!(model.logp(&[2.0, -1.0], &mut grad), Err("the deviation is not positive"));
}

/// A view as an argument of a function, as callbacks get it.
#[test]
fn views_are_points() {
    fn callback(x: DVectorView<'_, f64>, mut j: nalgebra::DMatrixViewMut<'_, f64>) {
        let mut value = [0.0; 2];
        forward::jacobian_into(|x: DVector<_>| [x[0] * x[1], x[1]], x, &mut value, &mut j);
        assert_eq!(value, [6.0, 3.0]);
    }
    let x = nalgebra::dmatrix![0.0, 2.0; 0.0, 3.0];
    let mut j = DMatrix::zeros(2, 2);
    callback(x.column(1), j.as_view_mut());
    assert_eq!(j, nalgebra::dmatrix![3.0, 2.0; 0.0, 1.0]);
    let (_, as_matrix) = linalg::jacobian(|x| vector![x[0] * x[1], x[1]], x.column(1));
    assert_eq!(DMatrix::from_fn(2, 2, |i, k| as_matrix[(i, k)]), j);
    let (y, dy) = linalg::jvp(|x| vector![x[0] * x[1]], x.column(1).fixed_rows::<2>(0), x.column(0).fixed_rows::<2>(0));
    assert_eq!((y[0], dy[0]), (6.0, 0.0));
}

#[test]
#[should_panic(expected = "a second call of `Buffers::outputs` has overwritten the outputs of the first one")]
fn outputs_are_not_written_twice() {
    let buffers = Buffers::default();
    let (mut value, mut j) = ([0.0; 2], [0.0; 2]);
    let f = |[x]: [Dual; 1]| (buffers.outputs(1, |y| y[0] = x), buffers.outputs(1, |y| y[0] = x * x));
    forward::jacobian_into(f, [3.0], &mut value, &mut j);
}

/// A driver that needs the outputs' shape says so, and does not return zeros.
#[test]
fn outputs_in_buffers_have_no_shape() {
    let message = "outputs in `Buffers` have no shape, which this driver needs";
    let (partials, blocks, recorded) = (Buffers::default(), Buffers::default(), Buffers::default());
    let x = &[3.0, 4.0][..];
    let f = |x: &[Dual<f64, 8>]| partials.outputs(2, |y| y.copy_from_slice(x));
    panics(message, || _ = forward::jacobian(f, x));
    panics(message, || _ = forward::gauss_newton_product(f, x, x));
    let f = |x: &[HyperDual<f64, 4, 4>]| blocks.outputs(2, |y| y.copy_from_slice(x));
    panics(message, || _ = forward::weighted_hessian(f, x, ()));
    let (_, linear) = reverse::linearize(|x: &[Var]| recorded.outputs(2, |y| y.copy_from_slice(x)), x);
    panics(message, || linear.gauss_newton(x));
    panics(message, || linear.transposed(()));
    let mut product = [0.0; 2];
    linear.transposed_into(&[5.0, 6.0], &mut product);
    assert_eq!(product, [5.0, 6.0]);
}
