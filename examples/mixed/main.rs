//! Mixed precision: gradients that are lost in narrow floats, and what brings them back.
//!
//! The first problem is the gradient of the mean of many losses, a logistic regression near its optimum. Each adjoint is divided by
//! the number of losses, and the parameters' adjoints are sums of all contributions. The second one is a chain of layers in which
//! adjoints shrink until `f16` does not hold them; it needs the feature `half`.
//!
//! ```sh
//! cargo run --release --features half --example mixed
//! ```

use nilpotent::{Real, Var, Wider, reverse, rules};
use std::time::Instant;

/// The number of parameters of the regression.
pub(crate) const PARAMETERS: usize = 8;

/// One line of a table.
pub(crate) struct Row {
    pub(crate) floats: String,
    /// The error of the gradient over its length.
    pub(crate) error: f64,
    /// The time over that of f64.
    pub(crate) time: f64,
    /// The bytes of a recording with its adjoints, over those of f64.
    pub(crate) bytes: f64,
}

/// The data of a logistic regression: features and labels ±1, as numbers that `f32` and `bf16` hold.
pub(crate) struct Data {
    pub(crate) features: Vec<[f64; PARAMETERS]>,
    pub(crate) labels: Vec<f64>,
    /// The parameters from which the labels were drawn.
    pub(crate) truth: [f64; PARAMETERS],
}

impl Data {
    /// Draws features in multiples of 1/64 from -1 to 1, and labels of the probability that the parameters give.
    pub(crate) fn new(n: usize) -> Self {
        let mut state = 1_u64;
        let mut uniform = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let truth = [1.0, -0.5, 0.25, 2.0, -1.0, 0.75, -1.5, 0.5];
        let (mut features, mut labels) = (Vec::with_capacity(n), Vec::with_capacity(n));
        for _ in 0..n {
            let x: [f64; PARAMETERS] = std::array::from_fn(|_| (uniform() * 128.0).floor() / 64.0 - 1.0);
            let score: f64 = x.iter().zip(&truth).map(|(x, w)| x * w).sum();
            labels.push(if uniform() < 1.0 / (1.0 + (-score).exp()) { 1.0 } else { -1.0 });
            features.push(x);
        }
        Self { features, labels, truth }
    }

    /// The gradient by its formula, `mean of -y·σ(-y·w·x)·x`, in f64.
    pub(crate) fn gradient(&self, w: &[f64]) -> Vec<f64> {
        let mut gradient = [0.0; PARAMETERS];
        for (x, y) in self.features.iter().zip(&self.labels) {
            let score: f64 = x.iter().zip(w).map(|(x, w)| x * w).sum();
            let slope = -y / (1.0 + (y * score).exp());
            gradient.iter_mut().zip(x).for_each(|(to, x)| *to += slope * x);
        }
        gradient.iter().map(|g| g / self.labels.len() as f64).collect()
    }

    /// The data in another float.
    pub(crate) fn narrowed<T: Real<Float = T>>(&self) -> (Vec<[T; PARAMETERS]>, Vec<T>) {
        (self.features.iter().map(|x| x.map(T::lit)).collect(), self.labels.iter().map(|&y| T::lit(y)).collect())
    }
}

/// The mean of the losses `ln(1 + exp(-y·w·x))`.
pub(crate) fn loss<T: Real>(w: &[T], (features, labels): &(Vec<[T::Float; PARAMETERS]>, Vec<T::Float>)) -> T {
    let terms = features.iter().zip(labels).map(|(x, &y)| {
        let score = rules::weighted_sum(x.iter().copied().zip(w.iter().copied()));
        (-score.times(y)).softplus()
    });
    terms.sum::<T>().times(<T::Float as Real>::lit(1.0 / labels.len() as f64))
}

/// The length of the difference of two vectors over the length of the second one.
pub(crate) fn error<A: Copy + Into<f64>>(x: &[A], y: &[f64]) -> f64 {
    let squares: f64 = x.iter().zip(y).map(|(&x, y)| (x.into() - y).powi(2)).sum();
    (squares / y.iter().map(|y| y * y).sum::<f64>()).sqrt()
}

/// The gradient of the mean loss over `T` with adjoints of the type `A`. Times and bytes are absolute.
pub(crate) fn regression<T: Real<Float = T>, A: Wider<T> + Into<f64>>(data: &Data, floats: &str) -> Row {
    let (narrow, w) = (data.narrowed::<T>(), data.truth.map(T::lit));
    let f = |w: &[Var<T>]| loss(w, &narrow);
    let mut gradient = vec![A::zero(); PARAMETERS];
    let mut time = f64::INFINITY;
    for _ in 0..3 {
        let start = Instant::now();
        reverse::wide_gradient_into(f, &w[..], &mut gradient);
        time = time.min(start.elapsed().as_secs_f64());
    }
    let (_, recording) = reverse::record(f, &w[..]);
    let bytes = recording.bytes() + (recording.records() + recording.inputs()) * size_of::<A>();
    Row { floats: floats.into(), error: error(&gradient, &data.gradient(&data.truth)), time, bytes: bytes as f64 }
}

/// All floats on `n` losses.
pub(crate) fn regressions(n: usize) -> Vec<Row> {
    let data = Data::new(n);
    let mut rows = vec![
        regression::<f64, f64>(&data, "f64"),
        regression::<f32, f32>(&data, "f32"),
        regression::<f32, f64>(&data, "f32, adjoints in f64"),
    ];
    #[cfg(feature = "half")]
    rows.extend([
        regression::<half::bf16, half::bf16>(&data, "bf16"),
        regression::<half::bf16, f32>(&data, "bf16, adjoints in f32"),
    ]);
    let (time, bytes) = (rows[0].time, rows[0].bytes);
    rows.iter_mut().for_each(|row| (row.time, row.bytes) = (row.time / time, row.bytes / bytes));
    rows
}

/// The number of layers of the chain.
#[cfg_attr(not(feature = "half"), allow(dead_code, reason = "for 16-bit floats"))]
pub(crate) const LAYERS: usize = 18;

/// A chain of layers `h ← w·h + b`, from `h = 1`, whose inputs are all w and all b. Each adjoint is 5/16 of the one
/// behind.
#[cfg_attr(not(feature = "half"), allow(dead_code, reason = "for 16-bit floats"))]
pub(crate) fn chain<T: Real>(x: &[T]) -> T {
    let (w, b) = x.split_at(LAYERS);
    w.iter().zip(b).fold(T::one(), |h, (&w, &b)| w * h + b)
}

/// Where the chain is differentiated: w = 5/16, b = 11/16, so that h stays 1.
#[cfg_attr(not(feature = "half"), allow(dead_code, reason = "for 16-bit floats"))]
pub(crate) fn chain_point() -> Vec<f64> {
    [[0.3125; LAYERS], [0.6875; LAYERS]].concat()
}

/// The gradient of the chain by its formula: 5/16 to the power of the number of layers behind.
#[cfg_attr(not(feature = "half"), allow(dead_code, reason = "for 16-bit floats"))]
pub(crate) fn chain_gradient() -> Vec<f64> {
    let layers: Vec<f64> = (0..LAYERS).map(|k| 0.3125_f64.powi((LAYERS - 1 - k) as i32)).collect();
    [layers.clone(), layers].concat()
}

/// The largest relative error of an entry, and how many entries are 0.
#[cfg_attr(not(feature = "half"), allow(dead_code, reason = "for 16-bit floats"))]
pub(crate) fn worst<A: Copy + Into<f64>>(x: &[A], y: &[f64]) -> (f64, usize) {
    let error = |(&x, y): (&A, &f64)| (x.into() / y - 1.0).abs();
    (x.iter().zip(y).map(error).fold(0.0, f64::max), x.iter().filter(|&&x| x.into() == 0.0).count())
}

/// The chain over f16, as it is, with scaled adjoints, and with adjoints in f32.
#[cfg(feature = "half")]
pub(crate) fn chains() -> Vec<(String, f64, usize)> {
    use half::f16;
    use nilpotent::reverse::LossScale;
    let (x, exact) = (chain_point().into_iter().map(f16::from_f64).collect::<Vec<_>>(), chain_gradient());
    let row = |name: String, (error, zeros)| (name, error, zeros);
    let (_, plain) = reverse::gradient(chain, &x);
    let (_, scaled, k): (f16, Vec<f32>, i32) = reverse::scaled_gradient(chain, &x, LossScale::Largest);
    let (_, wide): (f16, Vec<f32>) = reverse::wide_gradient(chain, &x);
    vec![
        row("f16".into(), worst(&plain, &exact)),
        row(format!("f16, adjoints times 2^{k}"), worst(&scaled, &exact)),
        row("f16, adjoints in f32".into(), worst(&wide, &exact)),
    ]
}

fn main() {
    let n = std::env::args().nth(1).map_or(1_000_000, |n| n.parse().expect("the number of losses"));
    println!("gradient of the mean of {n} losses");
    println!("{:<24} {:>9} {:>6} {:>6}", "values", "error", "time", "bytes");
    for Row { floats, error, time, bytes } in regressions(n) {
        println!("{floats:<24} {error:>9.1e} {time:>6.2} {bytes:>6.2}");
    }
    #[cfg(feature = "half")]
    {
        println!("\ngradient of a chain of {LAYERS} layers");
        println!("{:<24} {:>9} {:>6}", "values", "error", "zeros");
        for (floats, error, zeros) in chains() {
            println!("{floats:<24} {error:>9.1e} {zeros:>6}");
        }
    }
}
