//! Power series in two variables at plain floats, for the derivatives of incomplete Γ and B in their parameters.

/// The highest order in each variable.
pub(crate) const ORDERS: usize = 8;

/// A truncated power series in two variables. All series of a computation have the same orders.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jet {
    pub(crate) c: [[f64; ORDERS + 1]; ORDERS + 1],
    orders: [usize; 2],
}

impl Jet {
    pub(crate) fn constant(value: f64, orders: [usize; 2]) -> Self {
        let mut c = [[0.0; ORDERS + 1]; ORDERS + 1];
        c[0][0] = value;
        Self { c, orders }
    }

    /// `value + s·first + t·second`, where s and t are the variables.
    pub(crate) fn linear(value: f64, [first, second]: [f64; 2], orders: [usize; 2]) -> Self {
        let mut jet = Self::constant(value, orders);
        if orders[0] > 0 {
            jet.c[1][0] = first;
        }
        if orders[1] > 0 {
            jet.c[0][1] = second;
        }
        jet
    }

    /// The series whose coefficients are these.
    pub(crate) fn build(orders: [usize; 2], mut f: impl FnMut(usize, usize, &Self) -> f64) -> Self {
        let mut jet = Self::constant(0.0, orders);
        for i in 0..=orders[0] {
            for j in 0..=orders[1] {
                jet.c[i][j] = f(i, j, &jet);
            }
        }
        jet
    }

    pub(crate) fn plus(&self, y: &Self) -> Self {
        Self::build(self.orders, |i, j, _| self.c[i][j] + y.c[i][j])
    }

    pub(crate) fn scaled(&self, factor: f64) -> Self {
        Self::build(self.orders, |i, j, _| self.c[i][j] * factor)
    }

    pub(crate) fn times(&self, y: &Self) -> Self {
        Self::build(self.orders, |i, j, _| convolution(self, y, i, j, 0, |_, _| 1.0))
    }

    pub(crate) fn over(&self, y: &Self) -> Self {
        Self::build(self.orders, |i, j, z| {
            // Σ y z without the term of y's value.
            let rest = convolution(y, z, i, j, 1, |_, _| 1.0);
            (self.c[i][j] - rest) / y.c[0][0]
        })
    }

    /// `exp(self)` with the given value.
    pub(crate) fn exp(&self, value: f64) -> Self {
        Self::build(self.orders, |i, j, z| match (i, j) {
            (0, 0) => value,
            (0, _) => convolution(self, z, i, j, 1, |_, q| q as f64) / j as f64,
            _ => convolution(self, z, i, j, 1, |p, _| p as f64) / i as f64,
        })
    }

    /// The derivative of the highest orders.
    pub(crate) fn last(&self) -> f64 {
        let [i, j] = self.orders;
        let factorial = |n: usize| (1..=n).map(|k| k as f64).product::<f64>();
        self.c[i][j] * (factorial(i) * factorial(j))
    }

    /// Whether adding `term` changes no coefficient.
    pub(crate) fn absorbs(&self, term: &Self) -> bool {
        let [m, n] = self.orders;
        (0..=m).all(|i| (0..=n).all(|j| term.c[i][j].abs() <= 1e-18 * self.c[i][j].abs()))
    }
}

/// `Σ w(p, q) a[p][q] b[i-p][j-q]`, from the term `skip` of the first factor on.
fn convolution(a: &Jet, b: &Jet, i: usize, j: usize, skip: usize, weight: impl Fn(usize, usize) -> f64) -> f64 {
    let mut sum = 0.0;
    for p in 0..=i {
        for q in 0..=j {
            if p + q >= skip {
                sum += weight(p, q) * a.c[p][q] * b.c[i - p][j - q];
            }
        }
    }
    sum
}
