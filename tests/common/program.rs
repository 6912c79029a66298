//! Random programs over all rows and operators, and the sizes of the terms that their derivatives are sums of.

#![allow(dead_code)]

use crate::rows::{Mixed, OTHER, UNARY, other, other_by, unary, with_constant};
use nilpotent::{Dual, Dual2, Real};

/// An operation, and the indices of the values that it takes.
#[derive(Clone, Copy)]
pub struct Operation {
    pub which: usize,
    pub operands: [usize; 3],
    pub k: f64,
    pub n: i32,
}

impl Operation {
    pub fn name(&self) -> &'static str {
        UNARY.iter().chain(OTHER).nth(self.which).unwrap()
    }

    pub fn named(name: &str, operand: usize, k: f64) -> Self {
        let which = UNARY.iter().chain(OTHER).position(|&n| n == name).unwrap();
        Self { which, operands: [operand; 3], k, n: 0 }
    }

    pub fn call<T: Mixed>(&self, operands: [T; 3]) -> T {
        match self.which.checked_sub(UNARY.len()) {
            None => unary(self.which, operands[0]),
            Some(which) => other(which, operands, self.k, self.n),
        }
    }

    /// The same for any number: plain floats become constants first.
    pub fn call_generic<T: Real>(&self, operands: [T; 3]) -> T {
        match self.which.checked_sub(UNARY.len()) {
            None => unary(self.which, operands[0]),
            Some(which) => other_by(which, operands, self.k, self.n, with_constant),
        }
    }
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{:?} k {:?} n {}", self.name(), self.operands, self.k, self.n)
    }
}

/// A value, and for its derivatives of orders 1, 2 and 3 the sum of the magnitudes of their terms, over all paths.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub re: f64,
    pub orders: [f64; 3],
}

#[derive(Debug)]
pub struct Program {
    pub x: [f64; 3],
    pub operations: Vec<Operation>,
}

impl Program {
    pub fn run<T: Mixed>(&self, x: &[T]) -> T {
        let mut values = x.to_vec();
        for operation in &self.operations {
            let value = operation.call(operation.operands.map(|i| values[i]));
            values.push(value);
        }
        values[values.len() - 1]
    }

    /// Keeps an operation if its result is finite and moderate. If it is not, tries the operation again after moving
    /// its operands into the domain.
    pub fn new(x: [f64; 3], raw: &[(usize, [u16; 3], f64, i32)]) -> (Self, Size) {
        let mut sizes: Vec<Size> = x.iter().map(|&re| Size { re, orders: [1.0, 0.0, 0.0] }).collect();
        let mut operations = Vec::new();
        for &(which, places, k, n) in raw {
            let operands = places.map(|r| {
                let back = if r % 4 == 0 { r / 4 } else { r / 4 % 6 };
                sizes.len() - 1 - usize::from(back) % sizes.len()
            });
            for center in [0.0, 0.55, 1.6] {
                let (mut more, mut ahead) = (Vec::new(), sizes.clone());
                let mut add = |operation: Operation| {
                    let size = sized(&operation, &ahead)?;
                    more.push(operation);
                    ahead.push(size);
                    Some(ahead.len() - 1)
                };
                let mut fitted = |i| match center {
                    0.0 => Some(i),
                    _ => {
                        let sine = add(Operation::named("sin", i, 0.0))?;
                        add(Operation::named("affine", sine, center))
                    }
                };
                let [Some(a), Some(b), Some(c)] = operands.map(&mut fitted) else { continue };
                if add(Operation { which, operands: [a, b, c], k, n }).is_some() {
                    operations.extend(more);
                    sizes = ahead;
                    break;
                }
            }
        }
        // The result depends on the last few values.
        for places in [[1, 2, 3], [1, 5, 6], [1, 8, 9]] {
            let operands = places.map(|back| sizes.len().saturating_sub(back));
            let sum = Operation { operands, ..Operation::named("sum", 0, 0.0) };
            if let Some(size) = sized(&sum, &sizes) {
                operations.push(sum);
                sizes.push(size);
            }
        }
        (Self { x, operations }, sizes[sizes.len() - 1])
    }
}

/// Returns the value and the sizes of an operation's result, if they are moderate.
pub fn sized(operation: &Operation, sizes: &[Size]) -> Option<Size> {
    let operands = operation.operands.map(|i| sizes[i]);
    let [x, y, z] = operands.map(|s| s.re);
    let inner: [Dual<f64, 3>; 3] = Dual::variables([x, y, z]);
    let local = operation.call(Dual2::<_, 3>::variables(inner));
    let [mut first, mut second, mut third] = [0.0; 3];
    for (i, u) in operands.iter().enumerate() {
        let fi = local.grad[i].re.abs();
        first += fi * u.orders[0];
        second += fi * u.orders[1];
        third += fi * u.orders[2];
        for (j, v) in operands.iter().enumerate() {
            let fij = local.hess[(i, j)].re.abs();
            second += fij * u.orders[0] * v.orders[0];
            third += 3.0 * fij * u.orders[0] * v.orders[1];
            for (k, w) in operands.iter().enumerate() {
                third += local.hess[(i, j)].eps[k].abs() * u.orders[0] * v.orders[0] * w.orders[0];
            }
        }
    }
    let size = Size { re: local.re.re, orders: [first, second, third] };
    let moderate = size.re.abs() <= 1e6 && size.orders.iter().all(|&s| s <= 1e8);
    moderate.then_some(size)
}
