//! The 18 functions, as Moré, Garbow and Hillstrom state them. All of them are sums of squares.

use nilpotent::Real;

/// `Σ rᵢ²`
fn squares<T: Real>(residuals: impl IntoIterator<Item = T>) -> T {
    residuals.into_iter().map(|r| r * r).sum()
}

/// `first, first + 1, …, last`
fn count<T: Real>(first: i32, last: i32) -> impl Iterator<Item = T> {
    (first..=last).map(|i| T::lit(f64::from(i)))
}

/// Pairs the numbers 1, 2, … with the variables.
fn counted<T: Real>(x: &[T]) -> impl Iterator<Item = (T, T)> {
    (1..).map(|i| T::lit(f64::from(i))).zip(x.iter().copied())
}

pub(crate) fn helical_valley<T: Real>([x1, x2, x3]: [T; 3]) -> T {
    let half = if x1 < T::zero() { 0.5 } else { 0.0 };
    let turns = (x2 / x1).atan() / T::TAU() + T::lit(half);
    let ten = T::lit(10.0);
    squares([ten * (x3 - ten * turns), ten * (x1.hypot(x2) - T::one()), x3])
}

pub(crate) fn biggs_exp6<T: Real>([x1, x2, x3, x4, x5, x6]: [T; 6]) -> T {
    squares(count(1, 13).map(|i: T| {
        let t = i * T::lit(0.1);
        let y = (-t).exp() - T::lit(5.0) * (-i).exp() + T::lit(3.0) * (T::lit(-4.0) * t).exp();
        x3 * (-t * x1).exp() - x4 * (-t * x2).exp() + x6 * (-t * x5).exp() - y
    }))
}

pub(crate) fn gaussian<T: Real>([x1, x2, x3]: [T; 3]) -> T {
    // The paper's data: the density of the normal distribution at 0, ½, …, 3½, to four decimal places.
    const Y: [f64; 8] = [0.3989, 0.3521, 0.2420, 0.1295, 0.0540, 0.0175, 0.0044, 0.0009];
    squares((-7_i8..=7).map(|i| {
        let t = T::lit(f64::from(-i) / 2.0);
        x1 * (T::lit(-0.5) * x2 * (t - x3).powi(2)).exp() - T::lit(Y[usize::from(i.unsigned_abs())])
    }))
}

pub(crate) fn powell_badly_scaled<T: Real>([x1, x2]: [T; 2]) -> T {
    squares([T::lit(1e4) * x1 * x2 - T::one(), (-x1).exp() + (-x2).exp() - T::lit(1.0001)])
}

pub(crate) fn box_3d<T: Real>([x1, x2, x3]: [T; 3]) -> T {
    squares(count(1, 10).map(|i: T| {
        let t = i * T::lit(0.1);
        (-t * x1).exp() - (-t * x2).exp() - x3 * ((-t).exp() - (-i).exp())
    }))
}

pub(crate) fn variably_dimensioned<T: Real>(x: &[T]) -> T {
    let weighted: T = counted(x).map(|(i, x)| i * (x - T::one())).sum();
    squares(x.iter().map(|&x| x - T::one()).chain([weighted, weighted * weighted]))
}

/// The sum of squares measures how well the series `Σ xⱼtʲ⁻¹` solves `y' = 1 + y²`, y(0) = 0.
pub(crate) fn watson<T: Real>(x: &[T]) -> T {
    let inside = count(1, 29).map(|i: T| {
        let t = i / T::lit(29.0);
        let y = x.iter().rev().fold(T::zero(), |y, &x| y * t + x);
        let terms = x.iter().enumerate().skip(1).rev();
        let slope = terms.fold(T::zero(), |slope, (j, &x)| slope * t + T::lit(j as f64) * x);
        slope - y * y - T::one()
    });
    squares(inside.chain([x[0], x[1] - x[0] * x[0] - T::one()]))
}

pub(crate) fn penalty_1<T: Real>(x: &[T]) -> T {
    let sphere = squares(x.iter().copied()) - T::lit(0.25);
    T::lit(1e-5) * squares(x.iter().map(|&x| x - T::one())) + sphere * sphere
}

pub(crate) fn penalty_2<T: Real>(x: &[T]) -> T {
    let tenth = |x: T| (x * T::lit(0.1)).exp();
    let pairs = (2..).map(|i| T::lit(f64::from(i))).zip(x.windows(2));
    let sums = pairs.map(|(i, pair)| tenth(pair[1]) + tenth(pair[0]) - tenth(i) - tenth(i - T::one()));
    let single = x[1..].iter().map(|&x| tenth(x) - tenth(-T::one()));
    let n = T::lit(x.len() as f64);
    let sphere: T = counted(x).map(|(i, x)| (n - i + T::one()) * x * x).sum();
    T::lit(1e-5) * squares(sums.chain(single)) + squares([x[0] - T::lit(0.2), sphere - T::one()])
}

pub(crate) fn brown_badly_scaled<T: Real>([x1, x2]: [T; 2]) -> T {
    squares([x1 - T::lit(1e6), x2 - T::lit(2e-6), x1 * x2 - T::lit(2.0)])
}

pub(crate) fn brown_and_dennis<T: Real>([x1, x2, x3, x4]: [T; 4]) -> T {
    squares(count(1, 20).map(|i: T| {
        let t = i * T::lit(0.2);
        squares([x1 + t * x2 - t.exp(), x3 + x4 * t.sin() - t.cos()])
    }))
}

/// In the paper the formula of the residuals has a misprint, "yᵢmi" for a difference. This is the formula of its
/// program.
pub(crate) fn gulf<T: Real>([x1, x2, x3]: [T; 3]) -> T {
    squares(count(1, 99).map(|i: T| {
        let t = i * T::lit(0.01);
        let y = T::lit(25.0) + (T::lit(-50.0) * t.ln()).powf(T::lit(2.0 / 3.0));
        (-(y - x2).abs().powf(x3) / x1).exp() - t
    }))
}

pub(crate) fn trigonometric<T: Real>(x: &[T]) -> T {
    let n = T::lit(x.len() as f64);
    let cosines: T = x.iter().map(|x| x.cos()).sum();
    squares(counted(x).map(|(i, x)| n - cosines + i * (T::one() - x.cos()) - x.sin()))
}

pub(crate) fn extended_rosenbrock<T: Real>(x: &[T]) -> T {
    x.chunks(2).map(|x| squares([T::lit(10.0) * (x[1] - x[0] * x[0]), T::one() - x[0]])).sum()
}

pub(crate) fn extended_powell<T: Real>(x: &[T]) -> T {
    let four = |x: &[T]| {
        let bent = |x: T| x * x;
        squares([
            x[0] + T::lit(10.0) * x[1],
            T::lit(5_f64.sqrt()) * (x[2] - x[3]),
            bent(x[1] - T::lit(2.0) * x[2]),
            T::lit(10_f64.sqrt()) * bent(x[0] - x[3]),
        ])
    };
    x.chunks(4).map(four).sum()
}

pub(crate) fn beale<T: Real>([x1, x2]: [T; 2]) -> T {
    squares([(1, 1.5), (2, 2.25), (3, 2.625)].map(|(i, y)| T::lit(y) - x1 * (T::one() - x2.powi(i))))
}

pub(crate) fn wood<T: Real>([x1, x2, x3, x4]: [T; 4]) -> T {
    let one = T::one();
    let valley = |weight: f64, x: T, y: T| T::lit(weight) * (y - x * x).powi(2) + (one - x).powi(2);
    let sum = T::lit(10.0) * (x2 + x4 - T::lit(2.0)).powi(2) + T::lit(0.1) * (x2 - x4).powi(2);
    valley(100.0, x1, x2) + valley(90.0, x3, x4) + sum
}

/// The residuals compare the means of the Chebyshev polynomials `Tᵢ(2x - 1)` at the points with their integrals from 0
/// to 1.
pub(crate) fn chebyquad<T: Real>(x: &[T]) -> T {
    let (one, n) = (T::one(), T::lit(x.len() as f64));
    let argument: Vec<T> = x.iter().map(|&x| x + x - one).collect();
    let (mut before, mut now) = (vec![one; x.len()], argument.clone());
    squares((1..=x.len()).map(|i| {
        let integral = if i % 2 == 0 { -1.0 / ((i * i) as f64 - 1.0) } else { 0.0 };
        let residual = now.iter().sum::<T>() / n - T::lit(integral);
        for ((before, now), &argument) in before.iter_mut().zip(&mut now).zip(&argument) {
            (*before, *now) = (*now, (argument + argument) * *now - *before);
        }
        residual
    }))
}
