//! Finds the attitude of a satellite from directions to stars by apex-solver: the problem of Wahba (1965).

use apex_solver::core::problem::Problem;
use apex_solver::prelude::{Factor, JacobianMode, LevenbergMarquardt, ManifoldType};
use faer::MatMut;
use nalgebra::{Quaternion, UnitQuaternion, Vector3, vector};
use nilpotent::linalg::{self, Number};

/// A direction to a star, as in the catalog and as it is seen.
struct Star {
    catalog: Vector3<f64>,
    seen: Vector3<f64>,
}

impl Star {
    /// The difference, where the attitude turns directions of the satellite into those of the catalog.
    fn residual<T: Number>(&self, attitude: UnitQuaternion<T>) -> Vector3<T> {
        attitude * self.seen.map(T::lit) - self.catalog.map(T::lit)
    }
}

impl Factor for Star {
    fn linearize(&self, parameters: &[&[f64]], residual: &mut [f64], jacobian: Option<MatMut<'_, f64>>) {
        let &[w, x, y, z] = parameters[0] else { unreachable!("a quaternion has four parameters") };
        let attitude = UnitQuaternion::new_unchecked(Quaternion::new(w, x, y, z));
        // The columns are derivatives in the angles of q·exp(θ), which is apex-solver's convention as well.
        let (value, j) = linalg::jacobian(|attitude| self.residual(attitude), &attitude);
        residual.copy_from_slice(value.as_slice());
        if let Some(mut to) = jacobian {
            for row in 0..3 {
                for column in 0..3 {
                    to[(row, column)] = j[(row, column)];
                }
            }
        }
    }

    fn residual_dim(&self) -> usize {
        3
    }

    fn jacobian_shape(&self) -> (usize, usize) {
        (3, 3)
    }
}

fn main() {
    let attitude = UnitQuaternion::from_euler_angles(0.4, -0.7, 2.5);
    let mut problem = Problem::new(JacobianMode::Sparse);
    let key = problem.add_variable(ManifoldType::SO3, vec![1.0, 0.0, 0.0, 0.0].into());
    for seen in [vector![1.0, 0.0, 0.0], vector![0.0, 0.6, 0.8], vector![-0.6, 0.64, 0.48]] {
        problem.add_residual_block(&[key], Box::new(Star { catalog: attitude * seen, seen }), None);
    }
    let result = LevenbergMarquardt::default().optimize(&mut problem).expect("a solution");
    let found = result.parameters[key].as_param_slice();
    println!("{found:.12?} after {} steps", result.iterations);
    let q = attitude.quaternion();
    let sign = (q.w * found[0]).signum();
    for (found, known) in found.iter().zip([q.w, q.i, q.j, q.k]) {
        assert!((sign * found - known).abs() < 1e-9);
    }
}
