//! Functions of nalgebra inside of recordings, of numbers and of derivatives: a replay nearby has the bits of the function, or
//! says that it is not the function.

use nalgebra::{Isometry3, Matrix3, Matrix4, Point3, Translation3, UnitQuaternion, Vector3, Vector4};
use nilpotent::linalg::{self, Number};
use nilpotent::program::{self, Kernel, Set};
use nilpotent::{Dual, Real, Traced, Var, forward, reverse};

/// A number between -1 and 1 without a pattern.
fn noise(i: usize) -> f64 {
    (i as f64 * 12.9898 + 78.233).sin() * 43_758.545_312_3 % 1.0
}

/// A function of nalgebra over 20 numbers.
trait Function {
    fn call<T: Number>(x: &[T]) -> Vec<T>;
}

macro_rules! functions {
    ($($Name:ident |$x:ident| $body:expr;)*) => { $(
        struct $Name;

        impl Function for $Name {
            fn call<T: Number>($x: &[T]) -> Vec<T> {
                $body
            }
        }
    )* };
}

fn matrix3<T: Number>(x: &[T]) -> Matrix3<T> {
    Matrix3::from_fn(|i, j| x[3 * i + j] + if i == j { T::lit(2.0) } else { T::zero() })
}

fn matrix4<T: Number>(x: &[T]) -> Matrix4<T> {
    Matrix4::from_fn(|i, j| x[4 * i + j] + if i == j { T::lit(2.5) } else { T::zero() })
}

fn vector3<T: Number>(x: &[T]) -> Vector3<T> {
    Vector3::new(x[16], x[17], x[18])
}

fn entries<'x, T: Number>(x: impl IntoIterator<Item = &'x T>) -> Vec<T> {
    x.into_iter().copied().collect()
}

functions! {
    LuSolve |x| matrix3(x).lu().solve(&vector3(x)).map_or(vec![], |y| entries(&y));
    LuSolve4 |x| matrix4(x).lu().solve(&Vector4::new(x[16], x[17], x[18], x[19])).map_or(vec![], |y| entries(&y));
    Cholesky3 |x| {
        let a = matrix3(x);
        (a * a.transpose()).cholesky().map_or(vec![], |c| entries(&(c.l() + Matrix3::from_diagonal(&c.solve(&vector3(x))))))
    };
    Qr |x| {
        let qr = matrix3(x).qr();
        [entries(&qr.q()), entries(&qr.r())].concat()
    };
    Inverse3 |x| matrix3(x).try_inverse().map_or(vec![], |a| entries(&a));
    Inverse4 |x| matrix4(x).try_inverse().map_or(vec![], |a| entries(&a));
    Determinants |x| vec![matrix3(x).determinant(), matrix4(x).determinant(), matrix4(x).lu().determinant()];
    Rotation |x| {
        let q = UnitQuaternion::from_scaled_axis(vector3(x));
        [entries(&(q * Vector3::new(x[0], x[1], x[2]))), vec![q.angle()], entries(&q.scaled_axis())].concat()
    };
    Isometries |x| {
        let at = |k: usize| Vector3::new(x[k], x[k + 1], x[k + 2]);
        let pose = |k: usize| Isometry3::from_parts(Translation3::from(at(k)), UnitQuaternion::from_scaled_axis(at(k + 3)));
        let between = pose(0).inverse() * pose(6);
        [entries(&between.transform_point(&Point3::from(at(12))).coords), entries(&between.rotation.scaled_axis())].concat()
    };
    Solve |x| linalg::solve(&matrix4(x), &Vector4::new(x[16], x[17], x[18], x[19])).map_or(vec![], |y| entries(&y));
    LinalgInverse |x| linalg::inverse(&matrix3(x)).map_or(vec![], |a| entries(&a));
    LinalgDeterminant |x| vec![linalg::determinant(&matrix3(x)), linalg::determinant(&matrix4(x))];
    LinalgCholesky |x| {
        let a = matrix3(x);
        linalg::cholesky(&(a * a.transpose())).map_or(vec![], |c| entries(&c.l()))
    };
    Norms |x| vec![vector3(x).norm(), vector3(x).normalize()[1], matrix3(x).norm(), vector3(x).dot(&vector3(&x[1..]))];
}

/// The Jacobian of a function in two inputs by forward mode, and the gradient of its sum of squares by reverse mode.
macro_rules! differentiated {
    ($T:ty, $forward:ident, $reverse:ident) => {
        fn $forward<F: Function>(x: &[$T]) -> Vec<$T> {
            let lifted = |u: [Dual<$T, 2>; 2]| {
                let mut all: Vec<Dual<$T, 2>> = x.iter().map(|&x| Dual::constant(x)).collect();
                (all[3], all[17]) = (u[0], u[1]);
                F::call(&all)
            };
            let (y, d) = forward::jacobian(lifted, [x[3], x[17]]);
            [y, d.concat()].concat()
        }

        fn $reverse<F: Function>(x: &[$T]) -> Vec<$T> {
            let squares = |x: &[Var<$T>]| F::call(x).into_iter().fold(Var::lit(0.0), |sum, y| sum + y * y);
            let (y, d) = reverse::gradient(squares, x);
            [vec![y], d].concat()
        }
    };
}
differentiated!(f64, forward_live, reverse_live);
differentiated!(Traced, forward_traced, reverse_traced);

/// Counts replays that agree and that diverge.
fn check(name: &str, traced: fn(&[Traced]) -> Vec<Traced>, live: fn(&[f64]) -> Vec<f64>) -> [usize; 2] {
    let (mut agree, mut diverge) = (0, 0);
    for record in 0..6 {
        let x: Vec<f64> = (0..20).map(|i| noise(20 * record + i)).collect();
        let program = match program::record(traced, &x[..]) {
            Ok(program) => program,
            Err(error) => panic!("{name}: {error}"),
        };
        let points: Vec<Vec<f64>> = (0..40)
            .map(|k: usize| {
                let size = [1e-6, 1e-3, 0.1, 1.0][k % 4];
                let near = |(i, x): (usize, &f64)| x + size * noise(1000 * record + 20 * k + i);
                let mut y: Vec<f64> = x.iter().enumerate().map(near).collect();
                // Some entries are 0, and some points are extreme.
                if k % 5 == 4 {
                    y[k / 2 % 20] = [0.0, 1e200, f64::NAN, 1e-310][k / 5 % 4];
                }
                y
            })
            .collect();
        let mut y = vec![0.0; program.results()];
        for x in &points {
            if program.run(x, &mut y).is_err() {
                diverge += 1;
                continue;
            }
            agree += 1;
            for (k, (a, b)) in y.iter().zip(live(x)).enumerate() {
                let same = a.to_bits() == b.to_bits() || *a == 0.0 && b == 0.0;
                assert!(same, "{name}: result {k} is {a:e} in the replay at {x:?} and {b:e} live");
            }
        }
        let same_length: Vec<&Vec<f64>> = points.iter().filter(|x| live(x).len() == program.results()).collect();
        for set in Set::all() {
            let kernel = Kernel::new(traced, live, &x[..]).unwrap().with_set(set);
            let results = kernel.map(&same_length).unwrap();
            let expected: Vec<f64> = same_length.iter().flat_map(|x| live(x)).collect();
            for (a, b) in results.iter().zip(expected) {
                assert!(a.to_bits() == b.to_bits() || a.same(b), "{name} with {set:?}: {a:e} in lanes and {b:e} live");
            }
        }
    }
    [agree, diverge]
}

#[test]
fn replays() {
    macro_rules! all {
        ($($Name:ident)*) => { $(
            let name = stringify!($Name);
            println!("{name} {:?}", check(name, $Name::call, $Name::call));
            println!("{name} forward {:?}", check(name, forward_traced::<$Name>, forward_live::<$Name>));
            println!("{name} reverse {:?}", check(name, reverse_traced::<$Name>, reverse_live::<$Name>));
        )* };
    }
    all!(LuSolve LuSolve4 Cholesky3 Qr Inverse3 Inverse4 Determinants Rotation Isometries);
    all!(Solve LinalgInverse LinalgDeterminant LinalgCholesky Norms);
}
