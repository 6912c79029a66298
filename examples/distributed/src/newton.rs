//! Newton's method with conjugate gradients, which need only products of the Hessian with vectors: J. Nocedal and
//! S. Wright, *Numerical Optimization* (2006), algorithm 7.1.

/// A function with its derivatives.
pub trait Objective {
    type Error;

    /// Returns the value, and writes the gradient.
    fn gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> Result<f64, Self::Error>;

    /// Writes the product of the Hessian and a direction.
    fn product(&mut self, x: &[f64], direction: &[f64], product: &mut [f64]) -> Result<(), Self::Error>;
}

/// Where the method ended.
#[derive(Debug)]
pub struct Minimum {
    pub value: f64,
    pub gradient_norm: f64,
    pub iterations: usize,
    pub products: usize,
    /// Whether the norm of the gradient is at most the tolerance. If it is not, no step decreased the value, or there were
    /// too many.
    pub converged: bool,
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], factor: f64, direction: &[f64]) {
    to.iter_mut().zip(direction).for_each(|(x, d)| *x += factor * d);
}

/// Moves x to a minimum, where the norm of the gradient is at most the tolerance.
pub fn minimize<O: Objective>(objective: &mut O, x: &mut [f64], tolerance: f64) -> Result<Minimum, O::Error> {
    const ITERATIONS: usize = 100;
    let mut gradient = vec![0.0; x.len()];
    let mut value = objective.gradient(x, &mut gradient)?;
    let (mut products, mut iterations, mut stuck) = (0, 0, false);
    let (mut trial, mut trial_gradient) = (x.to_vec(), gradient.clone());
    while dot(&gradient, &gradient).sqrt() > tolerance && iterations < ITERATIONS && !stuck {
        let step = step(objective, x, &gradient, &mut products)?;
        let slope = dot(&gradient, &step);
        let mut length = 1.0;
        loop {
            trial.copy_from_slice(x);
            add(&mut trial, length, &step);
            let trial_value = objective.gradient(&trial, &mut trial_gradient)?;
            // Near the minimum the decrease is below the rounding error of the value.
            let rounding = 4.0 * f64::EPSILON * value.abs();
            if trial_value <= value + 1e-4 * length * slope + rounding {
                value = trial_value;
                break;
            }
            length *= 0.5;
            if length < 1e-10 {
                stuck = true;
                break;
            }
        }
        if !stuck {
            x.copy_from_slice(&trial);
            gradient.copy_from_slice(&trial_gradient);
            iterations += 1;
        }
    }
    let gradient_norm = dot(&gradient, &gradient).sqrt();
    Ok(Minimum { value, gradient_norm, iterations, products, converged: gradient_norm <= tolerance })
}

/// Solves H·p = -g by conjugate gradients, more exactly the smaller g is. A direction of negative curvature ends it.
fn step<O: Objective>(
    objective: &mut O,
    x: &[f64],
    gradient: &[f64],
    products: &mut usize,
) -> Result<Vec<f64>, O::Error> {
    let mut step = vec![0.0; x.len()];
    let mut residual = gradient.to_vec();
    let mut direction: Vec<f64> = gradient.iter().map(|g| -g).collect();
    let mut product = vec![0.0; x.len()];
    let mut square = dot(&residual, &residual);
    let norm = square.sqrt();
    let target = norm * norm.sqrt().min(0.5);
    for _ in 0..10 * x.len() {
        objective.product(x, &direction, &mut product)?;
        *products += 1;
        let curvature = dot(&direction, &product);
        if curvature <= 0.0 {
            if step.iter().all(|&s| s == 0.0) {
                return Ok(direction);
            }
            break;
        }
        let length = square / curvature;
        add(&mut step, length, &direction);
        add(&mut residual, length, &product);
        let next = dot(&residual, &residual);
        if next.sqrt() <= target {
            break;
        }
        direction.iter_mut().zip(&residual).for_each(|(d, r)| *d = *d * (next / square) - r);
        square = next;
    }
    Ok(step)
}
