//! The example `newton` reaches the published minima, with right derivatives.
#![cfg(feature = "nalgebra")]

#[path = "../examples/newton/main.rs"]
#[expect(dead_code, reason = "main itself")]
mod newton;

use nalgebra::{DMatrix, DVector, dvector};
use newton::functions;
use newton::minimise::{Expansion, minimise};
use newton::problems::{self, Problem};
use newton::trust_region::Model;
use nilpotent::{Real, linalg};
use std::cell::Cell;
use std::path::PathBuf;

macro_rules! reaches_its_published_minimum {
    ($($problem:ident)*) => { $(
        #[test]
        fn $problem() {
            reaches_its_published_minimum(stringify!($problem));
        }
    )* };
}

reaches_its_published_minimum! {
    helical_valley biggs_exp6 gaussian powell_badly_scaled box_3d variably_dimensioned watson penalty_1 penalty_2
    brown_badly_scaled brown_and_dennis gulf trigonometric extended_rosenbrock extended_powell beale wood chebyquad
}

fn reaches_its_published_minimum(name: &str) {
    for problem in newton::select(&[name.into()]).unwrap() {
        let minimum = minimise(&problem.expand, &problem.start).expect("finite at the start");
        let n = problem.start.len();
        newton::verdict(&problem, &minimum).unwrap_or_else(|what| panic!("{name} {n}: {what}: {minimum:?}"));
    }
}

/// Starts that are up to 1 % off lead to the same minima, so success is not luck.
#[test]
fn starts_nearby_lead_to_the_same_minima() {
    let mut random = random();
    for problem in problems::all() {
        for _ in 0..2 {
            let start: Vec<_> = problem.start.iter().map(|x| x + 0.01 * random() * x.abs().max(1.0)).collect();
            let minimum = minimise(&problem.expand, &start).expect("finite at the start");
            let what = newton::verdict(&problem, &minimum);
            assert_eq!(what, Ok(()), "{} from {start:?}: {minimum:?}", problem.name);
        }
    }
}

/// A start is not accepted as a minimum, except for that of `chebyquad` 1; nor is a minimum whose value, gradient,
/// Hessian or place is wrong.
#[test]
fn what_is_no_minimum_is_refused() {
    for problem in problems::all() {
        let minimum = minimise(&problem.expand, &problem.start).unwrap();
        let mut start = minimum.clone();
        start.x.copy_from_slice(&problem.start);
        start.at = (problem.expand)(&start.x);
        assert_eq!(newton::verdict(&problem, &start).is_ok(), problem.start == [0.5], "{}", problem.name);

        let mut off = minimum.clone();
        off.at.value += 1e-5 * off.at.value + 1e-20;
        assert_eq!(newton::verdict(&problem, &off), Err("NOT A PUBLISHED MINIMUM"), "{}", problem.name);
        let mut steep = minimum.clone();
        steep.at.gradient[0] += 1e-11 * steep.slope_at_start + 1e-100;
        assert_eq!(newton::verdict(&problem, &steep), Err("GRADIENT NOT 0"), "{}", problem.name);
        let mut bent = minimum.clone();
        bent.at.hessian.neg_mut();
        assert_eq!(newton::verdict(&problem, &bent), Err("HESSIAN NOT POSITIVE"), "{}", problem.name);
        let mut elsewhere = minimum;
        elsewhere.x.add_scalar_mut(0.01);
        assert_eq!(newton::verdict(&problem, &elsewhere).is_ok(), problem.minimisers.is_empty(), "{}", problem.name);
    }
}

/// `(name, n, [f, ‖g‖, ‖H‖, gᵀHg])` at the points `x + (1, 2, …)/8`, where x is the start. They were computed by the
/// authors' own program (ACM Algorithm 566), and by a program with the Hessians written out: V. Z. Averbukh, S. A.
/// Figueroa, T. Schlick, *Remark on Algorithm 566*, ACM TOMS 20, 1994.
const BY_HAND: [(&str, usize, [f64; 4]); 18] = [
    ("helical_valley", 3, [1.74992328019313e3, 1.68479353259987e3, 2.417421254840454e3, 2.347695841467679e9]),
    ("biggs_exp6", 6, [5.251147365576301e-1, 3.054444613067268e0, 2.261016983375074e1, 2.070708659378853e2]),
    ("gaussian", 3, [9.172942711578203e-2, 8.150519509472153e-1, 6.507965276785162e0, 4.025505928653851e0]),
    ("powell_badly_scaled", 2, [2.438282278527784e6, 3.923220164968949e7, 3.247668667103069e8, 4.953176041185602e23]),
    ("box_3d", 3, [1.085301922799247e3, 1.483939522447981e2, 5.403254382753202e1, -2.741025529505754e5]),
    ("variably_dimensioned", 10, [8.67516665039062e3, 7.036169575240121e4, 4.287716875419802e5, 2.122749248035521e15]),
    ("watson", 9, [2.226340657989121e2, 4.622056951007498e2, 1.67127869160402e3, 2.280603056361077e8]),
    ("penalty_1", 10, [2.371842227292969e5, 4.30017150876633e4, 8.266343614649859e3, 1.08104630399487e13]),
    ("penalty_2", 10, [3.499642768751753e3, 4.307744400329825e3, 6.079757275378847e3, 7.848838694232086e10]),
    ("brown_badly_scaled", 2, [9.999977500031807e11, 1.999999234375339e6, 7.216585173231173e0, 2.049997673831929e13]),
    ("brown_and_dennis", 4, [8.361840933393655e6, 2.272741686692774e6, 5.993563900390296e5, 3.031845734829948e18]),
    ("gulf", 3, [1.024800525682518e1, 4.965625364741775e1, 2.998107538954829e2, 7.392400715585815e5]),
    ("trigonometric", 10, [3.350854508977531e2, 4.812212156560136e2, 6.590435928981101e2, 1.037599275849999e8]),
    ("extended_rosenbrock", 20, [4.086072265625e3, 2.083529151932635e3, 2.548850844007942e3, 8.904475789252931e8]),
    ("extended_powell", 20, [1.19342626953125e3, 7.312669085251337e2, 1.869469259576097e3, 2.55800010770874e8]),
    ("beale", 2, [2.515323257446289e1, 6.026466094331061e1, 1.764363765519053e2, 6.119638184877775e5]),
    ("wood", 4, [1.317785732421875e4, 1.272681883759531e4, 1.29270105878399e4, 1.537252392003241e12]),
    ("chebyquad", 9, [4.111328779318289e11, 4.229104613589874e12, 4.430580292854959e13, 7.72714921122555e38]),
];

#[test]
fn derivatives_are_those_by_hand() {
    let problems = problems::all();
    for (name, n, expected) in BY_HAND {
        let problem = problems.iter().find(|problem| problem.name == name && problem.start.len() == n).expect(name);
        let x = DVector::from_fn(n, |i, _| problem.start[i] + (i + 1) as f64 / 8.0);
        let Expansion { value, gradient: g, hessian: h } = (problem.expand)(&x);
        for (found, expected) in [value, g.norm(), h.norm(), g.dot(&(&h * &g))].into_iter().zip(expected) {
            assert!((found - expected).abs() <= 1e-13 * expected.abs(), "{name}: {found:e} for {expected:e}");
        }
    }
}

/// The values agree with those of floats bit for bit.
#[test]
fn values_are_those_of_floats() {
    fn check(name: &str, f: impl Fn(&[f64]) -> f64) {
        for Problem { start, expand, .. } in newton::select(&[name.into()]).unwrap() {
            assert_eq!((expand)(&DVector::from_column_slice(&start)).value, f(&start), "{name}");
        }
    }
    check("helical_valley", |x| functions::helical_valley([x[0], x[1], x[2]]));
    check("gulf", |x| functions::gulf([x[0], x[1], x[2]]));
    check("penalty_2", functions::penalty_2);
    check("trigonometric", functions::trigonometric);
    check("chebyquad", functions::chebyquad);
}

/// Tests the conditions of Moré and Sorensen for matrices with all kinds of eigenvalues, for g with and without a
/// component along the least eigenvector, and for radii from far too short to far too long.
#[test]
fn steps_are_the_best_in_the_ball() {
    let mut random = random();
    let spectra: [[f64; 4]; 6] = [
        [1.0, 2.0, 3.0, 4.0],
        [1e-9, 1e-3, 1.0, 1e3],
        [-1.0, 0.0, 1.0, 2.0],
        [-3.0, -3.0, -2.0, -1.0],
        [-1e-6, 1.0, 1.0, 1e6],
        [0.0, 0.0, 0.0, 0.0],
    ];
    for spectrum in spectra {
        let q = DMatrix::from_fn(4, 4, |_, _| random()).qr().q();
        let h = &q * DMatrix::from_diagonal(&spectrum.to_vec().into()) * q.transpose();
        let h = (&h + h.transpose()) / 2.0;
        for parts in [[1.0, 1.0, 1.0, 1.0], [0.0, 1.0, 1.0, 1.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0]] {
            let g = &q * DVector::from_fn(4, |i, _| parts[i] * random());
            let model = Model::new(&Expansion { value: 0.0, gradient: g.clone(), hessian: h.clone() });
            for radius in [1e-6, 1e-2, 1.0, 1e2, 1e6] {
                let (p, gain) = model.step(radius);
                let length = p.norm();
                let what = format!("{spectrum:?} {parts:?} {radius}: {length} {gain}");
                assert!(length <= radius * (1.0 + 1e-9), "{what}");
                let fall = -g.dot(&p) - p.dot(&(&h * &p)) / 2.0;
                let size = g.norm() * length + h.norm() * length * length;
                assert!((gain - fall).abs() <= 1e-13 * size, "{what}");
                // (H + μI)·p = -g determines μ.
                let force = -(&g + &h * &p);
                let mu = if length == 0.0 { 0.0 } else { force.dot(&p) / length.powi(2) };
                let slack = 1e-12 * (h.norm() + g.norm() / length.max(1e-300));
                assert!((&force - &p * mu).norm() <= slack * length, "{what}: {mu}");
                assert!(mu >= -slack && mu + spectrum[0] >= -slack, "{what}: {mu}");
                assert!(mu <= slack || length >= radius * (1.0 - 1e-9), "{what}: {mu}");
            }
        }
    }
}

/// The method leaves a saddle and a maximum, where the gradient is 0.
#[test]
fn saddles_are_left() {
    fn saddle<T: Real>(x: &[T]) -> T {
        (x[0] * x[0] - T::one()).powi(2) + x[1] * x[1]
    }
    fn top<T: Real>(x: &[T]) -> T {
        x[0].cos() + x[1].cos() + T::lit(0.1) * x[0] * x[1]
    }
    let expand = |(value, gradient, hessian)| Expansion { value, gradient, hessian };
    let minimum = minimise(|x| expand(linalg::hessian(|x| saddle(x.as_slice()), x)), &[0.0, 0.0]).unwrap();
    assert!(minimum.converged && (minimum.x.abs() - dvector![1.0, 0.0]).norm() < 1e-12, "{minimum:?}");
    let minimum = minimise(|x| expand(linalg::hessian(|x| top(x.as_slice()), x)), &[0.0, 0.0]).unwrap();
    assert!(minimum.converged && minimum.at.gradient.norm() < 1e-12, "{minimum:?}");
    assert!(minimum.at.hessian.cholesky().is_some());
}

/// `x - ln x`, which is defined for x > 0 only.
#[test]
fn points_where_nothing_is_defined_are_refused() {
    let tried = Cell::new(f64::INFINITY);
    let f = |x: &DVector<f64>| {
        tried.set(tried.get().min(x[0]));
        let (value, gradient, hessian) = linalg::hessian(|x| x[0] - x[0].ln(), x);
        Expansion { value, gradient, hessian }
    };
    let minimum = minimise(f, &[10.0]).unwrap();
    assert!(minimum.converged && (minimum.x[0] - 1.0).abs() < 1e-12, "{minimum:?}");
    assert!(tried.get() < 0.0);
    assert!(minimise(f, &[-1.0]).is_none());
}

#[test]
fn names_choose_problems() {
    let count = |names: &[&str]| {
        let names: Vec<_> = names.iter().map(|&name| name.to_string()).collect();
        newton::select(&names).map(|problems| problems.len())
    };
    assert_eq!(count(&[]), Ok(33));
    assert_eq!(count(&["wood"]), Ok(1));
    assert_eq!(count(&["chebyquad", "beale", "beale"]), Ok(11));
    let error = count(&["beale", "rosenbrock"]).unwrap_err();
    let start = "expected the name of a problem, found `rosenbrock`; known are helical_valley, biggs_exp6, gaussian, ";
    assert!(error.starts_with(start) && error.ends_with(", wood, chebyquad"), "{error}");
    assert!(!newton::run(&["rosenbrock".into()]));
    assert!(newton::run(&["gaussian".into(), "wood".into()]));
}

/// The path of the picture begins at the start, ends at the minimum, and on it the function only falls. Near the minimum of
/// Rosenbrock's function the method is quadratic: it doubles the digits of the gradient.
#[test]
fn paths_lead_down_to_the_minimum() {
    let names =
        ["helical_valley", "gaussian", "trigonometric", "extended_rosenbrock", "beale", "wood"].map(String::from);
    for problem in newton::select(&names).unwrap() {
        let minimum = minimise(&problem.expand, &problem.start).unwrap();
        assert_eq!(minimum.path.len(), minimum.steps + 1, "{}", problem.name);
        assert_eq!(minimum.path[0].as_slice(), problem.start, "{}", problem.name);
        assert_eq!(minimum.path.last(), Some(&minimum.x), "{}", problem.name);
        let values: Vec<_> = minimum.path.iter().map(|x| (problem.expand)(x).value).collect();
        // Values of sums in which almost all cancels out, as in `trigonometric`, have errors of 1e-12.
        let most = |before: f64| (1.0 + 1e-11) * before + 1e-15 * values[0].abs();
        assert!(values.windows(2).all(|two| two[1] <= most(two[0])), "{} {values:?}", problem.name);
    }
    let rosenbrock = &newton::select(&["extended_rosenbrock".into()]).unwrap()[0];
    let minimum = minimise(&rosenbrock.expand, &rosenbrock.start).unwrap();
    let off: Vec<_> = minimum.path.iter().map(|x| (x - dvector![1.0, 1.0]).norm()).collect();
    let close: Vec<_> = off.windows(2).filter(|two| two[0] < 0.1 && two[0] > 1e-8).collect();
    assert!(close.len() >= 2 && close.iter().all(|two| two[1] <= 15.0 * two[0] * two[0]), "{off:?}");
}

#[test]
fn arguments_and_pictures() {
    let parse = |words: &[&str]| newton::arguments(words.iter().map(Into::into));
    let chart = Some(PathBuf::from("a.svg"));
    assert_eq!(parse(&[]), Ok((vec![], None)));
    assert_eq!(parse(&["wood", "--chart", "a.svg", "beale"]), Ok((vec!["wood".into(), "beale".into()], chart)));
    assert_eq!(parse(&["wood", "--chart"]), Err("expected a path after --chart"));

    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("newton.svg");
    newton::chart::write(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("<svg ") && text.trim_end().ends_with("</svg>"));
    for part in ["valley of Rosenbrock", "extended_powell, n = 4", "chebyquad, n = 9", "relative to that at the start"]
    {
        assert!(text.contains(part), "{part}");
    }
    let error = newton::chart::write(&path.join("below")).unwrap_err().to_string();
    assert!(error.contains("newton.svg") && error.contains("expected a path to write to"), "{error}");
}

/// Random numbers between -1 and 1.
fn random() -> impl FnMut() -> f64 {
    let mut state = 1_u64;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}
