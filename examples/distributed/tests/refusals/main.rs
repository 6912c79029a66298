//! Prints the errors of each rank if something is wrong on the last one.

use distributed::blocks::BLOCKS;
use distributed::sum::{Error, Sum};
use mpi::traits::Communicator;
use nilpotent::Real;
use nilpotent::separable::{Element, Function, Kind};

struct Square;

impl Element<1> for Square {
    fn element<T: Real>(&self, [x]: [T; 1], []: [T; 0]) -> [T; 1] {
        [x * x]
    }
}

fn main() {
    let universe = mpi::initialize().unwrap();
    let world = universe.world();
    let rank = world.rank();
    // One item in each block: x₁² but in the last one, where there is no such variable, or the range has another length.
    let with = |variable: usize, range: usize| {
        Sum::new(&world, BLOCKS, 2, move |items| {
            if items.end < BLOCKS {
                return Ok((1..2, Function::new(1).with(Kind::new(Square, [[0]]).to_row(0))?));
            }
            Ok((0..range, Function::new(2).with(Kind::new(Square, [[variable]]).to_row(0))?))
        })
    };
    let print = |case: &str, error: Option<Error>| println!("{case}, rank {rank}: {}", error.unwrap());
    print("function", with(9, 2).err());
    print("range", with(1, 3).err());
    // A function whose value has an error: a variable that is NaN.
    let sum = with(0, 2).unwrap();
    let mut gradient = [0.0; 2];
    print("call", sum.gradient_into(&[1.0, f64::NAN], &mut gradient).err());
    // The sum still works: 255·x₁² + x₀².
    let value = sum.gradient_into(&[2.0, 3.0], &mut gradient).unwrap();
    println!("value {value}, gradient {gradient:?}");
}
