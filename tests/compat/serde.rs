//! serde: writes numbers and reads them back, part by part.

use crate::common::Row;
use nilpotent::{Dual, Dual2, HyperDual, Real, Taylor};
use serde::{Serialize, de::DeserializeOwned};

pub const ROWS: &[Row] = &[Row {
    name: "serde",
    version: "1",
    what: "`Serialize`, `Deserialize`, as the structs that they are",
    asks: "",
    feature: "serde",
    numbers: "all but `Var`",
}];

#[track_caller]
fn there_and_back<T: Real + Serialize + DeserializeOwned>(x: T, text: &str) {
    assert_eq!(serde_json::to_string(&x).unwrap(), text);
    assert!(serde_json::from_str::<T>(text).unwrap().same(x));
    // Through a map whose keys are owned strings.
    let fields: serde_json::Value = serde_json::from_str(text).unwrap();
    assert!(serde_json::from_value::<T>(fields).unwrap().same(x));
}

#[test]
fn every_number() {
    there_and_back(Dual::new(6.0, [3.0, 2.0]), r#"{"re":6.0,"eps":[3.0,2.0]}"#);
    there_and_back(Dual::<f32, 0>::constant(1.5), r#"{"re":1.5,"eps":[]}"#);
    let square = Dual2::new(18.0, [9.0, 12.0], [[0.0, 6.0], [6.0, 4.0]]);
    there_and_back(square, r#"{"re":18.0,"grad":[9.0,12.0],"hess":[[0.0,6.0],[6.0,4.0]]}"#);
    let hyper = HyperDual::new(1.0, [2.0], [3.0, 4.0], [[5.0, 6.0]]);
    there_and_back(hyper, r#"{"re":1.0,"eps1":[2.0],"eps2":[3.0,4.0],"eps1eps2":[[5.0,6.0]]}"#);
    there_and_back(Taylor::new(1.0, [2.0, 0.5]), r#"{"re":1.0,"coeffs":[2.0,0.5]}"#);
    let nest = Dual::new(Dual::new(1.0, [2.0]), [Dual::new(3.0, [4.0])]);
    there_and_back(nest, r#"{"re":{"re":1.0,"eps":[2.0]},"eps":[{"re":3.0,"eps":[4.0]}]}"#);
    // Arrays longer than those that serde supports.
    there_and_back_long();
    let hess = serde_json::to_string(&square.hess).unwrap();
    assert_eq!(hess, "[[0.0,6.0],[6.0,4.0]]");
}

fn there_and_back_long() {
    let x = Dual::<f64, 40>::variable(1.0, 39);
    let text = serde_json::to_string(&x).unwrap();
    assert!(serde_json::from_str::<Dual<f64, 40>>(&text).unwrap().same(x));
}

#[test]
fn fields() {
    let read = |text: &str| serde_json::from_str::<Dual<f64, 2>>(text);
    // Fields in any order, with unknown ones between them; and as a sequence.
    assert!(read(r#"{"eps":[3.0,2.0],"unit":"m","re":6.0}"#).unwrap().same(Dual::new(6.0, [3.0, 2.0])));
    assert!(read("[6.0,[3.0,2.0]]").unwrap().same(Dual::new(6.0, [3.0, 2.0])));
    for (text, error) in [
        (r#"{"re":6.0}"#, "missing field `eps`"),
        (r#"{"eps":[1.0,2.0]}"#, "missing field `re`"),
        (r#"{"re":6.0,"re":6.0,"eps":[1.0,2.0]}"#, "duplicate field `re`"),
        (r#"{"re":6.0,"eps":[1.0]}"#, "invalid length 1, expected an array of length 2"),
        (r#"{"re":6.0,"eps":[1.0,2.0,3.0]}"#, "trailing characters"),
        ("[6.0]", "invalid length 1, expected struct Dual"),
        ("6.0", "invalid type: floating point `6.0`, expected struct Dual"),
    ] {
        let found = read(text).unwrap_err().to_string();
        assert!(found.contains(error), "{text}: {found}");
    }
}
