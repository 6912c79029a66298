//! bytemuck: converts slices of numbers to bytes and back.

use crate::common::Row;
use bytemuck::{Pod, bytes_of, cast_slice, pod_read_unaligned};
use nilpotent::{Dual, Dual2, HyperDual, Real, Taylor};

pub const ROWS: &[Row] = &[Row {
    name: "bytemuck",
    version: "1",
    what: "`Pod`, `Zeroable`: numbers as bytes and floats, derivatives first; not with `trap-confusion`",
    asks: "",
    feature: "bytemuck",
    numbers: "all but `Var`",
}];

#[track_caller]
fn there_and_back<T: Real + Pod>(x: T, floats: &[f64]) {
    assert_eq!(cast_slice::<T, f64>(&[x]), floats);
    assert!(pod_read_unaligned::<T>(bytes_of(&x)).same(x));
    assert!(T::zeroed().same(T::zero()));
}

#[test]
fn every_number() {
    there_and_back(Dual::new(6.0, [3.0, 2.0]), &[3.0, 2.0, 6.0]);
    there_and_back(Dual2::new(5.0, [4.0], [[3.0]]), &[3.0, 4.0, 5.0]);
    there_and_back(HyperDual::new(1.0, [2.0], [3.0], [[4.0]]), &[4.0, 3.0, 2.0, 1.0]);
    there_and_back(Taylor::new(1.0, [2.0, 0.5]), &[2.0, 0.5, 1.0]);
    there_and_back(Dual::new(Dual::new(1.0, [2.0]), [Dual::new(3.0, [4.0])]), &[4.0, 3.0, 2.0, 1.0]);
    let x = Dual::<f32, 3>::new(6.0, [3.0, 2.0, 1.0]);
    assert_eq!(cast_slice::<_, f32>(&[x, x]), [3.0, 2.0, 1.0, 6.0, 3.0, 2.0, 1.0, 6.0]);
}
