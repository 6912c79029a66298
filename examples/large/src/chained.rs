//! Sparse test problems of any size, from Lukšan & Vlček, *Sparse and partially separable test problems for unconstrained and
//! equality constrained optimization* (1999).

use crate::problem::Problem;
use nilpotent::separable::{Element, Function, Kind};
use nilpotent::{Error, Real};

/// A term of the chained function of Rosenbrock: 100·(x² - y)² + (x - 1)².
#[derive(Clone, Copy, Debug)]
pub struct Rosenbrock;

impl Element<2> for Rosenbrock {
    fn element<T: Real>(&self, [x, y]: [T; 2], []: [T; 0]) -> [T; 1] {
        [(x * x - y).powi(2) * T::lit(100.0) + (x - T::one()).powi(2)]
    }
}

/// A term of the chained function of Wood, in four variables of which two are in the next term as well.
#[derive(Clone, Copy, Debug)]
pub struct Wood;

impl Element<4> for Wood {
    fn element<T: Real>(&self, [w, x, y, z]: [T; 4], []: [T; 0]) -> [T; 1] {
        let [half] = Rosenbrock.element([w, x], []);
        let rest = (y * y - z).powi(2) * T::lit(90.0) + (y - T::one()).powi(2);
        [half + rest + (x + z - T::lit(2.0)).powi(2) * T::lit(10.0) + (x - z).powi(2) * T::lit(0.1)]
    }
}

/// A term of the chained singular function of Powell, whose Hessian is singular at the minimum.
#[derive(Clone, Copy, Debug)]
pub struct Powell;

impl Element<4> for Powell {
    fn element<T: Real>(&self, [w, x, y, z]: [T; 4], []: [T; 0]) -> [T; 1] {
        let [two, five, ten] = [2.0, 5.0, 10.0].map(T::lit);
        [(w + ten * x).powi(2) + five * (y - z).powi(2) + (x - two * y).powi(4) + ten * (w - ten * z).powi(4)]
    }
}

/// The trigonometric and exponential constraint of problem 5.1.
#[derive(Clone, Copy, Debug)]
pub struct Trigonometric;

impl Element<3> for Trigonometric {
    fn element<T: Real>(&self, [x, y, z]: [T; 3], []: [T; 0]) -> [T; 1] {
        let [two, three, four, eight] = [2.0, 3.0, 4.0, 8.0].map(T::lit);
        let waves = (y - z).sin() * (y + z).sin();
        [three * y.powi(3) + two * z + waves + four * y - x * (x - y).exp() - eight]
    }
}

/// A function without constraints, and where to start.
pub type Chain = (Function, Vec<f64>);

/// Problem 1: the chained function of Rosenbrock.
///
/// # Errors
/// None.
///
/// # Panics
/// If there are fewer than 2 variables.
pub fn rosenbrock(n: usize) -> Result<Chain, Error> {
    assert!(n >= 2, "{n} variables, of which there must be at least 2");
    let f = Function::new(n).with(Kind::new(Rosenbrock, (0..n - 1).map(|i| [i, i + 1])).to_row(0))?;
    Ok((f, (0..n).map(|i| if i % 2 == 0 { -1.2 } else { 1.0 }).collect()))
}

/// Blocks of four variables, each of which begins two variables after the one before.
fn blocks(n: usize) -> impl Iterator<Item = [usize; 4]> {
    assert!(n >= 4 && n.is_multiple_of(2), "{n} variables, which must be an even number of at least 4");
    (0..n - 2).step_by(2).map(|i| [i, i + 1, i + 2, i + 3])
}

/// Problem 2: the chained function of Wood.
///
/// # Errors
/// None.
///
/// # Panics
/// If the number of variables is odd or less than 4.
pub fn wood(n: usize) -> Result<Chain, Error> {
    let f = Function::new(n).with(Kind::new(Wood, blocks(n)).to_row(0))?;
    let start = |i| match (i < 4, i % 2) {
        (true, 0) => -3.0,
        (true, _) => -1.0,
        (false, 0) => -2.0,
        (false, _) => 0.0,
    };
    Ok((f, (0..n).map(start).collect()))
}

/// Problem 3: the chained singular function of Powell.
///
/// # Errors
/// None.
///
/// # Panics
/// If the number of variables is odd or less than 4.
pub fn powell(n: usize) -> Result<Chain, Error> {
    let f = Function::new(n).with(Kind::new(Powell, blocks(n)).to_row(0))?;
    Ok((f, [3.0, -1.0, 0.0, 1.0].into_iter().cycle().take(n).collect()))
}

/// Problem 5.1: the chained function of Rosenbrock with n - 2 trigonometric and exponential equations.
///
/// # Errors
/// None.
///
/// # Panics
/// If there are fewer than 3 variables.
pub fn constrained(n: usize) -> Result<Problem, Error> {
    assert!(n >= 3, "{n} variables, of which there must be at least 3");
    let (objective, start) = rosenbrock(n)?;
    Ok(Problem {
        objective,
        constraints: Function::new(n).with(Kind::new(Trigonometric, (0..n - 2).map(|i| [i, i + 1, i + 2])))?,
        rows: vec![[0.0; 2]; n - 2],
        bounds: vec![[f64::NEG_INFINITY, f64::INFINITY]; n],
        start,
    })
}
